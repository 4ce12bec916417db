import { createRng, type Rng } from '@allostat/kernel';
import {
  contentHash,
  decideGovernance,
  delegate,
  initialGovernanceState,
  OPEN_RELEASE_CONTEXT,
  type AllocationProposed,
  type Delegation,
  type GovernanceInput,
  type GovernanceOutput,
  type GovernanceState,
  type Mandate,
  type Universe,
} from '@allostat/pipeline';
import { PeopleDirectory } from '@allostat/platform';

/** People of the histories; each has a name he had before a renaming. */
const PEOPLE = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay'];
const DIRECTORY = new PeopleDirectory(
  PEOPLE.map((id, i) => ({
    id,
    formerIds: [`${id}-before`],
    roles: ['portfolio-manager'],
    groups: [i % 2 ? 'desk' : 'board'],
  })),
  { desk: ['risk'], board: ['committee'] },
);
const ROLES = ['portfolio-manager', 'risk', 'committee'];
const ACTORS = [...PEOPLE, ...PEOPLE.map((id) => `${id}-before`), 'service:optimization', 'group:desk'];

export const UNIVERSE: Universe = {
  id: 'demo',
  version: 1,
  currency: 'USD',
  instruments: [
    { id: 'EQ', assetClass: 'equity' },
    { id: 'BOND', assetClass: 'government-bond' },
  ],
};

const mandate = (stage: Mandate['stage'], required: number): Mandate => ({
  id: 'balanced',
  version: 1,
  name: 'Balanced',
  universeId: 'demo',
  currency: 'USD',
  notional: 1e8,
  anchorWeights: { EQ: 0.5, BOND: 0.5 },
  rebalance: { every: 'week', onRegimeChange: true },
  risk: {
    volatilityTarget: 0.08,
    regimeScale: { expansion: 1, tightening: 0.9, crisis: 0.5, recovery: 0.8 },
    drawdownBudget: 0.1,
  },
  limits: { default: { min: 0, max: 1 }, noTradeBand: 0 },
  defaultCostBps: 1,
  approvals: { required, validityDays: 5 },
  stage,
});

export function proposal(proposalId: string, asOf: string, from: number, to: number): AllocationProposed {
  return {
    type: 'AllocationProposed',
    proposalId,
    mandateId: 'balanced',
    mandateVersion: 1,
    asOf,
    trigger: 'schedule',
    regime: 'expansion',
    weights: [
      { instrument: 'EQ', previousWeight: from, targetWeight: to, cost: 0 },
      { instrument: 'BOND', previousWeight: 1 - from, targetWeight: 1 - to, cost: 0 },
    ],
    expectedVolatility: 0.08,
    volatilityTarget: 0.08,
    turnover: Math.abs(to - from),
    expectedCost: 0,
    certificate: { method: 'hrp', status: 'feasible', primalResidual: 0, iterations: 1 },
    rationale: [],
    inputs: { riskModel: 'a', budget: 'b', holdings: 'c', mandate: 'd' },
    prices: [
      { id: 'EQ', close: 100 },
      { id: 'BOND', close: 50 },
    ],
  };
}

export interface Step {
  readonly input: GovernanceInput;
  readonly refused?: string;
  readonly events: readonly GovernanceOutput[];
  readonly state: GovernanceState;
}

export interface History {
  readonly steps: readonly Step[];
  readonly delegations: readonly Delegation[];
}

const START = Date.parse('2024-01-01T00:00:00Z');

/** One random life of a mandate: proposals, edits, challenges, decisions, delegations, renamings, time. */
export function history(seed: number): History {
  const rng = createRng(seed);
  let state = initialGovernanceState();
  let now = START;
  const delegations: Delegation[] = [];
  const steps: Step[] = [];
  const take = (input: GovernanceInput): void => {
    try {
      const decision = decideGovernance(input, state, {
        now: new Date(now).toISOString(),
        release: { ...OPEN_RELEASE_CONTEXT, universe: UNIVERSE },
      });
      state = decision.state;
      steps.push({ input, events: decision.events, state });
    } catch (error) {
      const { code, name } = error as { code?: string; name: string };
      if (name !== 'GovernanceRefusal' || code === undefined) throw error;
      steps.push({ input, refused: code, events: [], state });
    }
  };
  const stage = pick(rng, ['pilot', 'production'] as const);
  take({ type: 'MandateVersioned', mandate: mandate(stage, 1 + rng.integer(2)) });
  take(proposal('p-0', '2024-01-01', 0.5, rng.uniform()));
  const length = 8 + rng.integer(8);
  for (let i = 1; i <= length; i++) {
    now += rng.integer(20) * 3_600_000;
    if (rng.uniform() < 0.15) addDelegation(rng, delegations, now);
    take(randomInput(rng, i, state, delegations, now));
  }
  return { steps, delegations };
}

function addDelegation(rng: Rng, delegations: Delegation[], now: number): void {
  const from = pick(rng, PEOPLE);
  const to = pick(rng, PEOPLE);
  if (from === to) return;
  delegations.push(
    delegate(
      {
        from,
        to,
        function: pick(rng, ROLES),
        mandateId: rng.uniform() < 0.5 ? '*' : 'balanced',
        validFrom: new Date(now + 1).toISOString(), // from the next moment on: what was signed before stays as it was
        validUntil: new Date(now + (1 + rng.integer(10)) * 86_400_000).toISOString(),
        reason: 'holidays',
      },
      new Date(now).toISOString(),
    ),
  );
}

function randomInput(
  rng: Rng,
  i: number,
  { review }: GovernanceState,
  delegations: readonly Delegation[],
  now: number,
): GovernanceInput {
  const mandateId = 'balanced';
  const proposalId = review?.proposal.proposalId ?? 'none';
  // what a person types in is a name; governance knows him by his one identity
  const name = pick(rng, ACTORS);
  const actor = DIRECTORY.resolve(name) ?? name;
  const base = { mandateId, proposalId, actor };
  const kind = rng.uniform();
  if (kind < 0.08) return proposal(`p-${i}`, new Date(now).toISOString().slice(0, 10), rng.uniform(), rng.uniform());
  if (kind < 0.2) {
    const weight = Math.round(rng.uniform() * 100) / 100;
    const weights = { EQ: weight, BOND: 1 - weight };
    return { type: 'OverrideProposal', ...base, reason: 'another view', weights, universe: UNIVERSE };
  }
  if (kind < 0.27) return { type: 'ChallengeReview', ...base, topic: 'risk', text: 'is this tested?' };
  if (kind < 0.37) {
    const open = review?.challenges.find(({ answer }) => !answer);
    return { type: 'AnswerChallenge', ...base, challengeId: open?.id ?? 'none', text: 'yes, it is' };
  }
  if (kind < 0.39) return { type: 'WithdrawReview', ...base, reason: 'no longer wanted' };
  if (kind < 0.42) return { type: 'ExpireReviews', mandateId };
  if (kind < 0.44) return { type: 'AttemptRelease', mandateId };
  const standsIn = rng.uniform() < 0.3 ? delegations.find(({ to }) => to === actor) : undefined;
  const hash = rng.uniform() < 0.05 || !review ? 'f'.repeat(64) : contentHash(review.proposal);
  return {
    type: 'DecideReview',
    ...base,
    function: standsIn?.function ?? pick(rng, ROLES),
    ...(standsIn && { onBehalfOf: standsIn.from }),
    decision: rng.uniform() < 0.93 ? 'approve' : 'reject',
    reason: rng.uniform() < 0.02 ? 'ok' : 'checked by me',
    contentHash: hash,
    answers: { 'limits-read': true, 'rationale-read': true, 'alternatives-considered': rng.uniform() < 0.9 },
    delegations,
  };
}

function pick<T>(rng: Rng, from: readonly T[]): T {
  return from[rng.integer(from.length)];
}
