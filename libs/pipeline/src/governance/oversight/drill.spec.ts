import { deepFreeze } from '@allostat/kernel';
import { SAMPLE_MANDATE } from '../../mandate/sample-mandate';
import { decideGovernance } from '../decide';
import { sampleProposal } from '../sample-proposal.fixture';
import { initialGovernanceState, type GovernanceState } from '../state';
import { actOnDrill, endDrill, isRunning, plantDrill, type Drill, type DrillCommand } from './drill';

const now = '2024-02-01T09:00:00.000Z';
const proposal = sampleProposal({
  weights: [
    { instrument: 'EQ', previousWeight: 0.6, targetWeight: 0.58, cost: 0.0001 },
    { instrument: 'BOND', previousWeight: 0.4, targetWeight: 0.42, cost: 0.0001 },
  ],
  turnover: 0.02,
  expectedCost: 0.0002,
  rationale: ['EQ falls'],
});

/** A mandate whose one proposal has been taken back: a drill can copy it. */
function quiet(): GovernanceState {
  const at = { now: '2024-01-31T21:00:00.000Z' };
  let { state } = decideGovernance({ type: 'MandateVersioned', mandate: SAMPLE_MANDATE }, initialGovernanceState(), at);
  ({ state } = decideGovernance(proposal, state, at));
  const withdraw = { mandateId: 'balanced', proposalId: 'p-1', actor: 'pat', reason: 'not wanted' };
  ({ state } = decideGovernance({ type: 'WithdrawReview', ...withdraw }, state, at));
  return deepFreeze(state);
}

const wish = { fault: 'stale-prices', plantedBy: 'casey', reason: 'the drill of the month' } as const;
const planted = (): Drill => deepFreeze(plantDrill(wish, quiet(), now).drill);
const on = (drill: Drill, actor: string) => ({
  mandateId: 'balanced',
  proposalId: drill.review.proposal.proposalId,
  actor,
});
const decide = (drill: Drill, actor: string, decision: 'approve' | 'reject' = 'approve'): DrillCommand => ({
  type: 'DecideReview',
  ...on(drill, actor),
  function: 'risk',
  decision,
  reason: 'read and judged',
  contentHash: drill.review.contentHash,
});

it('asks for what the real proposal would ask for, and looks like it', () => {
  const { drill, records } = plantDrill(wish, quiet(), now);
  expect(drill.review).toMatchObject({ status: 'submitted', maker: 'service:optimization' });
  expect(drill.review.requirement).toMatchObject({ tier: 'routine', approvals: 2 });
  expect(records).toMatchObject([
    { action: 'drill.planted', actor: 'casey', body: { drill: true, fault: 'stale-prices', baseId: 'p-1' } },
  ]);
});

it('is missed when it is approved, and then nothing is left that could be released', () => {
  let { drill } = actOnDrill(decide(planted(), 'pat'), planted(), now);
  expect(isRunning(drill)).toBe(true);
  const last = actOnDrill(decide(drill, 'riley'), drill, now);
  drill = last.drill;
  expect(drill).toMatchObject({ outcome: 'missed', endedAt: now, review: { status: 'superseded' } });
  expect(last.records.map(({ action }) => action)).toEqual(['drill.missed']);
  // no step of a drill is an event: nothing goes on the bus
  expect(last.records.every(({ type }) => type === 'AuditRecord')).toBe(true);
});

it.each([
  ['a rejection', (drill: Drill) => decide(drill, 'pat', 'reject'), 'rejected'],
  [
    'a challenge',
    (drill: Drill): DrillCommand => ({
      type: 'ChallengeReview',
      ...on(drill, 'pat'),
      topic: 'data',
      text: 'old prices?',
    }),
    'withdrawn',
  ],
  [
    'an override',
    (drill: Drill): DrillCommand => ({
      type: 'OverrideProposal',
      ...on(drill, 'pat'),
      reason: 'better so',
      weights: {},
    }),
    'voided',
  ],
  [
    'a withdrawal',
    (drill: Drill): DrillCommand => ({ type: 'WithdrawReview', ...on(drill, 'pat'), reason: 'stale prices' }),
    'withdrawn',
  ],
])('is caught by %s, also after somebody approved', (_name, command, status) => {
  const { drill } = actOnDrill(decide(planted(), 'riley'), planted(), now);
  expect(actOnDrill(command(drill), drill, now)).toMatchObject({
    drill: { outcome: 'caught', review: { status } },
    records: [{ action: 'drill.caught', actor: 'pat' }],
  });
});

it('keeps the rules of sign-off: who planted it cannot sign it, nobody signs twice, none too late', () => {
  const drill = planted();
  expect(() => actOnDrill(decide(drill, 'casey'), drill, now)).toThrow(/cannot decide on it/);
  const once = actOnDrill(decide(drill, 'pat'), drill, now).drill;
  expect(() => actOnDrill(decide(once, 'pat'), once, now)).toThrow(/already decided/);
  expect(() => actOnDrill(decide(drill, 'pat'), drill, drill.review.expiresAt)).toThrow(/expired/);
  expect(() =>
    actOnDrill({ type: 'AnswerChallenge', ...on(drill, 'pat'), challengeId: 'x', text: 'so it is' }, drill, now),
  ).toThrow(/does not take "answer"/);
});

it('ends undecided when a real proposal comes or its time is over, and takes nothing afterwards', () => {
  expect(endDrill(planted(), 'supersede', now)).toMatchObject({
    drill: { outcome: 'not-decided', review: { status: 'superseded' } },
  });
  const { drill } = endDrill(planted(), 'expire', now);
  expect(() => actOnDrill(decide(drill, 'pat'), drill, now)).toThrow(/does not take/);
});

it('is refused beside an open review, without a proposal to copy, by a machine and without a reason', () => {
  const at = { now };
  const { state } = decideGovernance({ ...proposal, proposalId: 'p-2' }, quiet(), at);
  expect(() => plantDrill(wish, state, now)).toThrow(/would give the drill away/);
  expect(() => plantDrill(wish, initialGovernanceState(), now)).toThrow(/no proposal yet/);
  expect(() => plantDrill({ ...wish, plantedBy: 'service:governance' }, quiet(), now)).toThrow(/not a person/);
  expect(() => plantDrill({ ...wish, reason: ' ' }, quiet(), now)).toThrow(/reason/);
});
