import { deepFreeze } from '@allostat/kernel';
import { SAMPLE_MANDATE } from '../mandate/sample-mandate';
import type { Mandate } from '../mandate/mandate';
import type { AllocationProposed } from '../optimization/events';
import { contentHash } from './content-hash';
import { decideGovernance, type GovernanceInput } from './decide';
import type { AllocationReleased, ReleaseHeld } from './events';
import { auditLeafHash } from './audit-record';
import { DEFAULT_POLICY_SET } from './policies/policy-set';
import { releaseRecord } from './release';
import { OPEN_RELEASE_CONTEXT, type ReleaseContext } from './release-context';
import { initialGovernanceState, type GovernanceState } from './state';

const { cashInstrument: _cash, ...mandate } = SAMPLE_MANDATE;

function proposalOn(asOf: string, from: number, to: number): AllocationProposed {
  return {
    type: 'AllocationProposed',
    proposalId: `p-${asOf}`,
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

/** A mandate's life in the hands of a test. */
function life(context: Partial<ReleaseContext> = {}, terms: Partial<Mandate> = {}) {
  let state: GovernanceState = initialGovernanceState();
  const take = (input: GovernanceInput, now: string) => {
    const release = { ...OPEN_RELEASE_CONTEXT, ...context };
    const decision = decideGovernance(deepFreeze(input), deepFreeze(state), { now, release });
    state = decision.state;
    return decision.events;
  };
  take({ type: 'MandateVersioned', mandate: { ...mandate, stage: 'pilot', ...terms } }, '2024-01-01T00:00:00Z');
  const sign = (actor: string, day: string) => {
    const proposal = state.review?.proposal as AllocationProposed;
    const base = { type: 'DecideReview', mandateId: 'balanced', proposalId: proposal.proposalId, actor } as const;
    const role = actor === 'pat' ? 'portfolio-manager' : 'risk';
    const answers = { 'limits-read': true, 'rationale-read': true };
    const rest = {
      function: role,
      decision: 'approve',
      reason: 'checked',
      contentHash: contentHash(proposal),
      answers,
    } as const;
    return take({ ...base, ...rest }, `${day}T22:00:00Z`);
  };
  const approve = (day: string) => [...sign('pat', day), ...sign('riley', day)];
  const propose = (day: string, from: number, to: number) => take(proposalOn(day, from, to), `${day}T21:00:00Z`);
  const done = (day: string, equity: number) => {
    const { instructionId = 'none' } = state.review as { instructionId?: string };
    const holdings = [
      { instrument: 'EQ', weight: equity, price: 100 },
      { instrument: 'BOND', weight: 1 - equity, price: 50 },
    ];
    const answer = { mandateId: 'balanced', instructionId, sequence: 1, status: 'done', asOf: day, holdings } as const;
    return take({ type: 'AllocationStatusReported', ...answer }, `${day}T21:00:00Z`);
  };
  return { take, sign, approve, propose, done, state: () => state };
}

const released = (events: readonly { type: string }[]) =>
  events.find(({ type }) => type === 'AllocationReleased') as AllocationReleased | undefined;
const held = (events: readonly { type: string }[]) =>
  (events.find(({ type }) => type === 'ReleaseHeld') as ReleaseHeld | undefined)?.reasons.map(({ rule }) => rule);

describe('an instruction', () => {
  it('counts from the next open day of the mandate and names its days off', () => {
    const calendar = {
      id: 'desk',
      from: '2024-01-01',
      to: '2024-12-31',
      weekend: ['saturday', 'sunday'],
      closed: ['2024-01-08', '2024-01-10'],
      halfDays: [{ date: '2024-01-11', closes: '13:00' }],
    } as const;
    const mandateLife = life({}, { calendar });
    mandateLife.propose('2024-01-08', 0.6, 0.55);
    expect(released(mandateLife.approve('2024-01-08'))?.terms).toMatchObject({
      effectiveFrom: '2024-01-09T00:00:00.000Z',
      daysOff: { closed: ['2024-01-08', '2024-01-10', '2024-01-13'], halfDays: [{ date: '2024-01-11' }] },
    });
  });

  it('carries holdings, whole-lot orders with sales first, cash, provenance and a hash that its reader can recompute', () => {
    const mandateLife = life();
    mandateLife.propose('2024-01-08', 0.6, 0.55);
    const instruction = released(mandateLife.approve('2024-01-08')) as AllocationReleased;
    expect(instruction.terms).toMatchObject({
      action: 'new',
      notional: 1e8,
      holdings: { asOf: '2024-01-08', weights: [{ instrument: 'EQ', weight: 0.6 }, {}] },
      orders: [
        { instrument: 'EQ', side: 'sell', quantity: 50_000, lotSize: 1, referencePrice: 100 },
        { instrument: 'BOND', side: 'buy', quantity: 100_000, lotSize: 1, referencePrice: 50 },
      ],
      provenance: { mode: 'pilot', policySet: 'default@1', mandateVersion: 1 },
    });
    const { auditHash, type: _type, ...content } = instruction;
    expect(auditLeafHash(releaseRecord(content))).toBe(auditHash);
    expect(auditLeafHash(releaseRecord({ ...content, sequence: 2 }))).not.toBe(auditHash);
  });

  it('trades in the lots of its mandate, one unit where none is named, and not at all below half a lot', () => {
    // 5 % of a hundred million: 50,000 EQ at 100 and 100,000 BOND at 50
    const ordersWith = (lots: Record<string, number>) => {
      const mandateLife = life({}, { trading: { lots } });
      mandateLife.propose('2024-01-08', 0.6, 0.55);
      return released(mandateLife.approve('2024-01-08'))?.terms?.orders.map(
        ({ instrument, quantity, lotSize }) => [instrument, quantity, lotSize] as const,
      );
    };
    expect(ordersWith({ EQ: 30_000, BOND: 70_000 })).toEqual([
      ['EQ', 60_000, 30_000],
      ['BOND', 70_000, 70_000],
    ]);
    expect(ordersWith({ EQ: 120_000 })).toEqual([['BOND', 100_000, 1]]);
  });

  it('that comes before the last is finished replaces it by name; after that it does not', () => {
    const mandateLife = life();
    mandateLife.propose('2024-01-08', 0.6, 0.55);
    const first = released(mandateLife.approve('2024-01-08'));
    mandateLife.propose('2024-01-09', 0.6, 0.52);
    const second = released(mandateLife.approve('2024-01-09'));
    expect(second?.terms).toMatchObject({ action: 'replace', supersedes: first?.instructionId });
    mandateLife.done('2024-01-10', 0.52);
    mandateLife.propose('2024-01-11', 0.52, 0.5);
    expect(released(mandateLife.approve('2024-01-11'))).toMatchObject({ sequence: 3, terms: { action: 'new' } });
  });
});

describe('nothing leaves', () => {
  it.each<[string, Partial<ReleaseContext>]>([
    ['kill-switch', { killed: ['all'] }],
    ['cap:equity-desk', { caps: [{ id: 'equity-desk', limit: 1e7, used: 5e6 }] }],
    ['restricted-list', { policySet: { ...DEFAULT_POLICY_SET, limits: { restricted: ['BOND'] } } }],
    ['version-homogeneity', { builds: ['old', 'new'] }],
    ['stale-data', { policySet: { ...DEFAULT_POLICY_SET, limits: { dataAgeDaysMax: 0.5 } } }],
  ])('while %s stands against it; it stays approved, with its reason', (rule, context) => {
    const mandateLife = life(context);
    mandateLife.propose('2024-01-08', 0.6, 0.55);
    const events = mandateLife.approve('2024-01-08');
    expect(released(events)).toBeUndefined();
    expect(held(events)).toEqual([rule]);
    expect(mandateLife.state().review?.status).toBe('approved');
    expect(held(mandateLife.take({ type: 'AttemptRelease', mandateId: 'balanced' }, '2024-01-09T00:00:00Z'))).toEqual([
      rule,
    ]);
  });

  it('of a mandate in shadow', () => {
    const mandateLife = life({}, { stage: 'shadow' });
    mandateLife.propose('2024-01-08', 0.6, 0.55);
    expect(held(mandateLife.approve('2024-01-08'))).toEqual(['pilot-cap']);
  });

  it('when an approval has expired before what held it was over', () => {
    const mandateLife = life({ killed: ['all'] });
    mandateLife.propose('2024-01-08', 0.6, 0.55);
    mandateLife.approve('2024-01-08');
    const events = mandateLife.take({ type: 'AttemptRelease', mandateId: 'balanced' }, '2024-01-20T00:00:00Z');
    expect(events.map(({ type }) => type)).toEqual(['ProposalExpired', 'AuditRecord']);
    expect(mandateLife.state().review?.status).toBe('expired');
  });

  it('of a proposal that was edited after an approval: the approval is void and its giver must look again', () => {
    const mandateLife = life();
    mandateLife.propose('2024-01-08', 0.6, 0.55);
    mandateLife.sign('pat', '2024-01-08');
    const universe = {
      id: 'demo',
      version: 1,
      currency: 'USD',
      instruments: [
        { id: 'EQ', assetClass: 'equity' as const },
        { id: 'BOND', assetClass: 'government-bond' as const },
      ],
    };
    const { proposalId } = mandateLife.state().review?.proposal as AllocationProposed;
    const edit = {
      type: 'OverrideProposal',
      mandateId: 'balanced',
      proposalId,
      actor: 'olga',
      reason: 'less of it',
      weights: { EQ: 0.58, BOND: 0.42 },
      universe,
    } as const;
    const events = mandateLife.take(edit, '2024-01-08T22:00:00Z');
    expect(events).toContainEqual(
      expect.objectContaining({
        action: 'proposal.voided',
        body: expect.objectContaining({ voidedApprovals: ['pat'] }) as object,
      }),
    );
    expect(released(mandateLife.sign('riley', '2024-01-08'))).toBeUndefined();
    expect(released(mandateLife.sign('pat', '2024-01-08'))).toBeDefined();
  });
});

describe('holdings that moved', () => {
  it('between proposal and approval send it back to the reviewers with the difference', () => {
    const mandateLife = life();
    mandateLife.propose('2024-01-08', 0.6, 0.55);
    mandateLife.approve('2024-01-08');
    mandateLife.done('2024-01-09', 0.55);
    mandateLife.propose('2024-01-10', 0.6, 0.5); // its maker does not know of the trade
    const events = mandateLife.approve('2024-01-10');
    expect(released(events)).toBeUndefined();
    expect(events).toContainEqual(
      expect.objectContaining({
        action: 'review.returned',
        body: expect.objectContaining({
          code: 'STALE_HOLDINGS',
          difference: [{ instrument: 'EQ', seen: 0.6, held: 0.55 }, expect.anything()],
        }) as object,
      }),
    );
    expect(mandateLife.state().review).toMatchObject({ status: 'submitted', decisions: [] });
    const instruction = released(mandateLife.approve('2024-01-10'));
    expect(instruction?.terms?.holdings.weights[0].weight).toBeCloseTo(0.55, 12);
  });

  it('as the order system says with its refusal send it back, too', () => {
    const mandateLife = life();
    mandateLife.propose('2024-01-08', 0.6, 0.55);
    const instruction = released(mandateLife.approve('2024-01-08')) as AllocationReleased;
    const events = mandateLife.take(
      {
        type: 'AllocationStatusReported',
        mandateId: 'balanced',
        instructionId: instruction.instructionId,
        sequence: 1,
        status: 'rejected',
        reasonCode: 'STALE_HOLDINGS',
        asOf: '2024-01-08',
        holdings: [
          { instrument: 'EQ', weight: 0.5, price: 100 },
          { instrument: 'BOND', weight: 0.5, price: 50 },
        ],
      },
      '2024-01-08T23:00:00Z',
    );
    expect(events.map((event) => ('action' in event ? event.action : event.type))).toEqual([
      'order-system.rejected',
      'review.returned',
      'ReviewOpened',
      'review.opened',
    ]);
    expect(mandateLife.state().review?.proposal.weights[0].previousWeight).toBe(0.5);
  });
});

it('ten small steps ask for what one big step asks for', () => {
  const mandateLife = life();
  const tiers: (string | undefined)[] = [];
  for (let i = 0; i < 11; i++) {
    const day = new Date(Date.parse('2024-01-01') + 2 * i * 86_400_000).toISOString().slice(0, 10);
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    const [from, to] = i % 2 === 0 ? [0.6, 0.55] : [0.55, 0.6];
    mandateLife.propose(day, from, to);
    tiers.push(mandateLife.state().review?.requirement.tier);
    expect(released(mandateLife.approve(day))).toBeDefined();
    mandateLife.done(next, to);
  }
  expect(tiers.slice(0, 2)).toEqual(['routine', 'standard']);
  expect(tiers.at(-1)).toBe('high');
});
