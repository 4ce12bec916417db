import { deepFreeze } from '@allostat/kernel';
import { SAMPLE_MANDATE, SAMPLE_UNIVERSE } from '../mandate/sample-mandate';
import type { AllocationProposed, AllocationStatusReported } from '../optimization/events';
import { contentHash } from './content-hash';
import { decideGovernance, type GovernanceInput } from './decide';
import { sampleProposal } from './sample-proposal.fixture';
import { initialGovernanceState, type GovernanceState } from './state';

const { cashInstrument: _cash, ...mandate } = SAMPLE_MANDATE;
const universe = { ...SAMPLE_UNIVERSE, instruments: SAMPLE_UNIVERSE.instruments.slice(0, 2) };
const proposal = (proposalId: string) =>
  sampleProposal({
    proposalId,
    weights: [
      { instrument: 'EQ', previousWeight: 0.6, targetWeight: 0.5, riskContribution: 0.7, cost: 0.0001 },
      { instrument: 'BOND', previousWeight: 0.4, targetWeight: 0.5, riskContribution: 0.3, cost: 0.00002 },
    ],
    turnover: 0.1,
    expectedCost: 0.00012,
  });

const opened = '2024-01-31T21:00:00Z';

/** Runs the inputs one after another from a frozen start; the last one's events are what tests look at. */
function given(...inputs: GovernanceInput[]) {
  let state: GovernanceState = deepFreeze(initialGovernanceState());
  let now = opened;
  const api = {
    at(time: string) {
      now = time;
      return api;
    },
    when(input: GovernanceInput) {
      const decision = decideGovernance(deepFreeze(input), state, { now });
      state = deepFreeze(decision.state);
      return decision;
    },
    state: () => state,
  };
  for (const input of inputs) api.when(input);
  return api;
}

const decision = (
  actor: string,
  change: Partial<Extract<GovernanceInput, { type: 'DecideReview' }>> = {},
): GovernanceInput => ({
  type: 'DecideReview',
  mandateId: 'balanced',
  proposalId: 'p-1',
  actor,
  function: 'portfolio-manager',
  decision: 'approve',
  reason: 'within budget',
  contentHash: contentHash(proposal('p-1')),
  ...change,
});
const ready: GovernanceInput[] = [{ type: 'MandateVersioned', mandate }, proposal('p-1')];
const types = (events: readonly { type: string; action?: string }[]) =>
  events.map((event) => event.action ?? event.type);

describe('a proposal', () => {
  it('waits: one approval releases nothing', () => {
    const { events } = given(...ready).when(decision('pat'));
    expect(types(events)).toEqual(['review.approve']);
  });

  it('cannot be decided on by whoever released or corrected data behind it', () => {
    const onData = { ...proposal('p-1'), dataOverriders: ['riley'] };
    const review = given({ type: 'MandateVersioned', mandate }, onData);
    const contentHashOfIt = contentHash(onData);
    expect(review.state().review?.parties).toContainEqual({ person: 'riley', part: 'data-overrider' });
    expect(() => review.when(decision('riley', { contentHash: contentHashOfIt }))).toThrow(/overrode data/);
    expect(review.when(decision('pat', { contentHash: contentHashOfIt })).events).toHaveLength(1);
    expect(contentHashOfIt).not.toBe(contentHash(proposal('p-1')));
  });

  it('is released when two different people have approved it, with both decisions in the instruction', () => {
    const review = given(...ready, decision('pat'));
    const { events } = review.when(decision('riley'));
    expect(types(events)).toEqual([
      'review.approve',
      'ProposalApproved',
      'release.checked',
      'instruction.released',
      'AllocationReleased',
    ]);
    expect(events[4]).toMatchObject({
      sequence: 1,
      targets: [
        { instrument: 'EQ', weight: 0.5, referencePrice: 100 },
        { instrument: 'BOND', weight: 0.5, referencePrice: 50 },
      ],
      approvals: [{ actor: 'pat' }, { actor: 'riley' }],
    });
    expect(review.state().review?.status).toBe('released');
  });

  it('is superseded by the next one for the mandate, and cannot be decided on any more', () => {
    const review = given(...ready, decision('pat'));
    expect(types(review.when(proposal('p-2')).events)).toEqual([
      'ProposalSuperseded',
      'proposal.superseded',
      'ReviewOpened',
      'review.opened',
    ]);
    expect(() => review.when(decision('riley'))).toThrow(/is not the current one/);
  });

  it('expires with the first event after its validity', () => {
    const review = given(...ready).at('2024-02-05T21:00:00.000Z');
    const { events } = review.when({ type: 'ExpireReviews', mandateId: 'balanced' });
    expect(types(events)).toEqual(['ProposalExpired', 'proposal.expired']);
    expect(review.state().review?.status).toBe('expired');
  });
});

describe('a decision is refused, and changes nothing,', () => {
  const refused = (input: GovernanceInput, ...before: GovernanceInput[]) => {
    const review = given(...ready, ...before);
    const untouched = review.state();
    expect(() => review.when(input)).toThrow(expect.objectContaining({ name: 'GovernanceRefusal' }));
    expect(review.state()).toBe(untouched);
    try {
      review.when(input);
    } catch (error) {
      return (error as { code: string }).code;
    }
    return undefined;
  };

  it('from the same person twice', () => {
    expect(refused(decision('pat'), decision('pat'))).toBe('GOVERNANCE.ALREADY_DECIDED');
  });
  it('on content the person did not see', () => {
    expect(refused(decision('pat', { contentHash: 'f'.repeat(64) }))).toBe('GOVERNANCE.CONTENT_CHANGED');
  });
  it('without a reason', () => {
    expect(refused(decision('pat', { reason: '  ok ' }))).toBe('GOVERNANCE.REASON_MISSING');
  });
  it('after a rejection', () => {
    expect(refused(decision('riley'), decision('pat', { decision: 'reject' }))).toBe('GOVERNANCE.REVIEW_CLOSED');
  });
  it('after the validity', () => {
    const review = given(...ready).at('2024-02-09T21:00:00Z');
    expect(() => review.when(decision('pat'))).toThrow(/expired at 2024-02-05T21:00:00.000Z/);
  });
  it('with a rationale that the figures do not bear out, whoever wrote it; it can still be rejected', () => {
    const text = 'The trades turn over 30.0 % one way and are expected to cost 1.2 basis points.';
    const untrue: AllocationProposed = {
      ...proposal('p-2'),
      rationale: [text],
      claims: [{ kind: 'trading', subject: 'balanced', values: [0.3, 0.00012], text }],
    };
    const seen = { proposalId: 'p-2', contentHash: contentHash(untrue) };
    expect(refused(decision('pat', seen), untrue)).toBe('GOVERNANCE.CLAIM_BROKEN');
    const rejected = given(...ready, untrue).when(decision('pat', { ...seen, decision: 'reject' }));
    expect(types(rejected.events)).toContain('ProposalRejected');
  });
  it('from the machine that made the proposal', () => {
    expect(refused(decision('service:optimization'))).toBe('GOVERNANCE.MAKER_CANNOT_DECIDE');
  });
});

describe('an override', () => {
  const override = (weights: Record<string, number>, actor = 'pat'): GovernanceInput => ({
    type: 'OverrideProposal',
    mandateId: 'balanced',
    proposalId: 'p-1',
    actor,
    reason: 'client asked for less equity',
    weights,
    universe,
  });

  it('replaces the weights, keeps the difference, and its maker cannot approve it', () => {
    const review = given(...ready);
    const { events } = review.when(override({ EQ: 0.4, BOND: 0.6 }));
    expect(types(events).slice(0, 2)).toEqual(['proposal.overridden', 'ProposalSuperseded']);
    expect(events[0]).toMatchObject({ body: { differences: [{ instrument: 'EQ', proposed: 0.5, own: 0.4 }, {}] } });
    const own = review.state().review!;
    expect(own.proposal.expectedCost).toBeCloseTo(0.2 * 10e-4 + 0.2 * 2e-4, 15);
    const approval = decision('pat', { proposalId: own.proposal.proposalId, contentHash: own.contentHash });
    expect(() => review.when(approval)).toThrow(/made this proposal and cannot decide/);
  });

  it('leaves the machine’s claims behind, which say nothing of its weights: others can sign it', () => {
    const text = 'The trades turn over 10.0 % one way and are expected to cost 1.2 basis points.';
    const claimed: AllocationProposed = {
      ...proposal('p-1'),
      rationale: [text],
      claims: [{ kind: 'trading', subject: 'balanced', values: [0.1, 0.00012], text }],
    };
    const review = given({ type: 'MandateVersioned', mandate }, claimed);
    review.when(override({ EQ: 0.4, BOND: 0.6 }));
    const own = review.state().review!;
    expect(own.proposal.claims).toBeUndefined();
    const approval = decision('riley', { proposalId: own.proposal.proposalId, contentHash: own.contentHash });
    expect(types(review.when(approval).events)).toContain('review.approve');
  });

  it.each([
    [{ EQ: 0.9, BOND: 0.1 }, /maximum weight of EQ: 0.9 is above 0.7/],
    [{ EQ: 0.5, BOND: 0.4 }, /sum to 0.9/],
    [{ EQ: 0.5, GOLD: 0.5 }, /GOLD is not in the universe/],
  ])('%p is refused with the reason', (weights, message) => {
    expect(() => given(...ready).when(override(weights as Record<string, number>))).toThrow(message);
  });
});

describe('answers of the order system', () => {
  const answer = (status: AllocationStatusReported['status'], instructionId: string): AllocationStatusReported => ({
    type: 'AllocationStatusReported',
    mandateId: 'balanced',
    instructionId,
    sequence: 1,
    status,
    asOf: '2024-02-01',
  });

  it('move the review to completed, and a late answer does not move it back', () => {
    const review = given(...ready, decision('pat'), decision('riley'));
    const { instructionId } = review.state().review as { instructionId: string };
    const seen = (['accepted', 'working', 'done', 'accepted'] as const).map((status) => {
      review.when(answer(status, instructionId));
      return review.state().review?.status;
    });
    expect(seen).toEqual(['acknowledged', 'acknowledged', 'completed', 'completed']);
  });

  it('to an unknown instruction are recorded and change nothing', () => {
    const review = given(...ready);
    const { events } = review.when(answer('done', 'nobody-knows'));
    expect(types(events)).toEqual(['order-system.unmatched']);
    expect(review.state().review?.status).toBe('submitted');
  });
});

describe('a review that waits', () => {
  const look = { type: 'ExpireReviews', mandateId: 'balanced' } as const;
  const after = (hours: number) => new Date(Date.parse(opened) + hours * 3_600_000).toISOString();

  it('is escalated once, when it has waited longer than its tier allows', () => {
    const review = given(...ready); // standard: 24 hours
    expect(types(review.at(after(23.9)).when(look).events)).toEqual([]);
    const { events } = review.at(after(24)).when(look);
    expect(types(events)).toEqual(['escalate', 'review.escalate']);
    expect(events[0]).toMatchObject({
      actor: 'service:governance',
      text: 'tier standard has waited 24 hours, 24 are allowed',
    });
    expect(types(review.at(after(30)).when(look).events)).toEqual([]);
  });

  it('is not escalated once it is decided', () => {
    const review = given(...ready, decision('pat', { decision: 'reject' }));
    expect(types(review.at(after(48)).when(look).events)).toEqual([]);
  });

  it('expires at the end of its validity, approved or not', () => {
    const review = given(...ready, decision('pat'));
    expect(types(review.at(after(5 * 24)).when(look).events)).toContain('ProposalExpired');
    expect(review.state().review?.status).toBe('expired');
  });
});
