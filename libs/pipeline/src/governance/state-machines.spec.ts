import { deepFreeze } from '@allostat/kernel';
import { SAMPLE_MANDATE, SAMPLE_UNIVERSE } from '../mandate/sample-mandate';
import type { AllocationStatusReported } from '../optimization/events';
import { contentHash } from './content-hash';
import { decideGovernance, type GovernanceContext, type GovernanceInput } from './decide';
import { GovernanceRefusal } from './refusal';
import { OPEN_RELEASE_CONTEXT } from './release-context';
import type { ReviewStatus } from './review/review-status';
import { sampleProposal } from './sample-proposal.fixture';
import { initialGovernanceState, type GovernanceState } from './state';

const { cashInstrument: _cash, ...mandate } = SAMPLE_MANDATE;
const universe = { ...SAMPLE_UNIVERSE, instruments: SAMPLE_UNIVERSE.instruments.slice(0, 2) };
const proposal = sampleProposal({
  facts: { models: [{ name: 'regime:demo', version: 'v1' }], drawdownBudgetUsed: 0, cvar95: 0 },
});
const now = '2024-01-31T21:00:00.000Z';
const models = [{ name: 'regime:demo', version: 'v1', trainedTo: '2024-01-01', developers: ['dev'] }];
const context: GovernanceContext = { now, models };
const stopped: GovernanceContext = { ...context, release: { ...OPEN_RELEASE_CONTEXT, killed: ['all'], models } };

const on = (actor: string) => ({ mandateId: 'balanced', proposalId: 'p-1', actor });
const COMMANDS = {
  approve: (actor: string): GovernanceInput => signature(actor, 'approve'),
  reject: (actor: string): GovernanceInput => signature(actor, 'reject'),
  override: (actor: string): GovernanceInput => ({
    type: 'OverrideProposal',
    ...on(actor),
    reason: 'another view',
    weights: { EQ: 0.5, BOND: 0.5 },
    universe,
  }),
  challenge: (actor: string): GovernanceInput => ({
    type: 'ChallengeReview',
    ...on(actor),
    topic: 'risk',
    text: 'is it so?',
  }),
  answer: (actor: string, challengeId = 'none'): GovernanceInput => ({
    type: 'AnswerChallenge',
    ...on(actor),
    challengeId,
    text: 'it is so',
  }),
  withdraw: (actor: string): GovernanceInput => ({ type: 'WithdrawReview', ...on(actor), reason: 'not wanted' }),
};
type Command = keyof typeof COMMANDS;

function signature(actor: string, decision: 'approve' | 'reject'): GovernanceInput {
  const reason = 'read and judged';
  return { type: 'DecideReview', ...on(actor), function: 'risk', decision, reason, contentHash: contentHash(proposal) };
}
const told = (status: AllocationStatusReported['status'], instructionId: string): AllocationStatusReported => ({
  type: 'AllocationStatusReported',
  mandateId: 'balanced',
  instructionId,
  sequence: 1,
  status,
  asOf: '2024-02-01',
});

function run(state: GovernanceState, input: GovernanceInput, at: GovernanceContext = context): GovernanceState {
  return deepFreeze(decideGovernance(input, state, at).state);
}
const instructionOf = ({ review }: GovernanceState): string =>
  review && 'instructionId' in review ? review.instructionId : 'none';
const challengeOf = ({ review }: GovernanceState): string | undefined => review?.challenges.at(-1)?.id;

/** Every state that a review can be brought to, by the commands that bring it there. pat has signed where anybody has. */
function states(): Partial<Record<ReviewStatus, GovernanceState>> {
  const known = run(run(deepFreeze(initialGovernanceState()), { type: 'MandateVersioned', mandate }), proposal);
  const submitted = run(known, COMMANDS.approve('pat'));
  const challenged = run(submitted, COMMANDS.challenge('casey'));
  const released = run(submitted, COMMANDS.approve('kim'));
  const id = instructionOf(released);
  return {
    submitted,
    challenged,
    responded: run(challenged, COMMANDS.answer('pat', challengeOf(challenged))),
    approved: run(submitted, COMMANDS.approve('kim'), stopped),
    released,
    acknowledged: run(released, told('received', id)),
    completed: run(released, told('done', id)),
    'refused-by-order-system': run(released, told('rejected', id)),
    rejected: run(submitted, COMMANDS.reject('kim')),
    withdrawn: run(submitted, COMMANDS.withdraw('kim')),
    expired: run(submitted, { type: 'ExpireReviews', mandateId: 'balanced' }, { now: '2024-02-05T21:00:00.000Z' }),
    superseded: run(submitted, { ...proposal, proposalId: 'p-2' }),
    voided: run(submitted, COMMANDS.override('kim')),
  };
}

const OPEN: readonly string[] = ['submitted', 'challenged', 'responded'];
const MACHINES = ['service:optimization', 'group:desk'];
/** casey has asked, pat has signed, kim has where two were needed, dev made the model. */
const ACTORS = ['riley', 'pat', 'casey', 'dev', ...MACHINES];

/** The rules in other words than the code's: which command of whom a review takes. */
function allowed(status: ReviewStatus, command: Command, actor: string): boolean {
  if (MACHINES.includes(actor)) return false;
  const live = OPEN.includes(status) || status === 'approved';
  switch (command) {
    case 'approve':
      return (status === 'submitted' || status === 'responded') && actor !== 'pat' && actor !== 'dev';
    case 'reject':
      return live && actor !== 'pat' && actor !== 'dev';
    case 'challenge':
      return OPEN.includes(status) && actor !== 'dev';
    case 'answer':
      return status === 'challenged' && actor !== 'casey';
    case 'override':
    case 'withdraw':
      return live;
  }
}

const reached = states();
const cells = (Object.keys(reached) as ReviewStatus[]).flatMap((status) =>
  (Object.keys(COMMANDS) as Command[]).flatMap((command) => ACTORS.map((actor) => [status, command, actor] as const)),
);

it('every state but a draft is reached, and is what it is called', () => {
  for (const [status, { review }] of Object.entries(reached)) {
    // what replaced them is the review that stands now
    expect([status, review?.status]).toEqual([
      status,
      ['superseded', 'voided'].includes(status) ? 'submitted' : status,
    ]);
  }
  expect(Object.keys(reached)).toHaveLength(13);
});

it.each(cells)(
  'a review that is %s: %s by %s is taken or refused with a typed error, and a refusal changes nothing',
  (status, command, actor) => {
    const state = reached[status] as GovernanceState;
    const input = command === 'answer' ? COMMANDS.answer(actor, challengeOf(state)) : COMMANDS[command](actor);
    const before = JSON.stringify(state);
    const act = () => decideGovernance(input, state, status === 'approved' ? stopped : context);
    if (allowed(status, command, actor)) {
      expect(act().events.length).toBeGreaterThan(0);
    } else {
      expect(act).toThrow(GovernanceRefusal);
      expect(act).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^GOVERNANCE\.[A-Z_]+$/), status: expect.any(Number) }),
      );
    }
    expect(JSON.stringify(state)).toBe(before);
  },
);

describe('the instruction machine', () => {
  const NEXT: Readonly<Record<AllocationStatusReported['status'], ReviewStatus>> = {
    received: 'acknowledged',
    accepted: 'acknowledged',
    'accepted-with-rounding': 'acknowledged',
    working: 'acknowledged',
    'partially-done': 'acknowledged',
    'replace-pending': 'acknowledged',
    'cancel-pending': 'acknowledged',
    done: 'completed',
    rejected: 'refused-by-order-system',
    cancelled: 'refused-by-order-system',
  };
  const answers = Object.keys(NEXT) as AllocationStatusReported['status'][];
  const froms = ['released', 'acknowledged', 'completed', 'refused-by-order-system'] as const;

  it.each(froms.flatMap((from) => answers.map((answer) => [from, answer] as const)))(
    '%s, the order system says %s: goes on, or stays as it ended',
    (from, answer) => {
      const state = reached[from] as GovernanceState;
      const over = from === 'completed' || from === 'refused-by-order-system';
      const { review } = run(state, told(answer, instructionOf(state)));
      expect(review?.status).toBe(over ? from : NEXT[answer]);
    },
  );

  it.each(cellsOfStrangers())(
    'a review that is %s does not move when the order system says %s of another instruction',
    (status, answer) => {
      const state = reached[status] as GovernanceState;
      const { state: after, events } = decideGovernance(told(answer, 'another'), state, context);
      expect(after.review).toEqual(state.review);
      expect(events).toMatchObject([{ action: 'order-system.unmatched' }]);
    },
  );

  function cellsOfStrangers() {
    return (Object.keys(reached) as ReviewStatus[]).flatMap((status) =>
      answers.map((answer) => [status, answer] as const),
    );
  }
});
