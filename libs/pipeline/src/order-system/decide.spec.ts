import { deepFreeze } from '@allostat/kernel';
import { auditLeafHash } from '../governance/audit-record';
import type { AllocationReleased, InstructionTerms } from '../governance/events';
import { releaseRecord } from '../governance/release';
import type { SignalSnapshotPublished } from '../signal-ingestion/events';
import { decideOrderSystem, type OrderSystemInput } from './decide';
import { initialOrderSystemState } from './order-book';

const released = (sequence: number, weight: number, asOf = '2024-01-08'): AllocationReleased => {
  const content = {
    instructionId: `i-${sequence}`,
    sequence,
    mandateId: 'balanced',
    proposalId: 'p',
    contentHash: 'c',
    asOf,
    releasedAt: '2024-01-08T21:00:00.000Z',
    validUntil: '2024-01-13T21:00:00.000Z',
    targets: [
      { instrument: 'EQ', weight, referencePrice: 100 },
      { instrument: 'BOND', weight: 1 - weight, referencePrice: 50 },
    ],
    approvals: [
      { actor: 'pat', decision: 'approve', reason: 'checked', contentHash: 'c', at: '2024-01-08T21:00:00.000Z' },
    ] as const,
  };
  return { type: 'AllocationReleased', ...content, auditHash: auditLeafHash(releaseRecord(content)) };
};
const snapshot = (asOf: string): SignalSnapshotPublished => ({
  type: 'SignalSnapshotPublished',
  universeId: 'demo',
  universeVersion: 1,
  asOf,
  knownTime: `${asOf}T21:00:00Z`,
  bar: 1,
  instruments: [
    { id: 'EQ', close: 101, staleBars: 0 },
    { id: 'BOND', close: 51, staleBars: 0 },
  ],
  signals: [],
  coverage: 1,
});

const SAMPLE_TERMS: InstructionTerms = {
  action: 'new',
  currency: 'USD',
  notional: 1e6,
  weightScale: 15,
  effectiveFrom: '2024-01-08T21:00:00.000Z',
  holdings: {
    asOf: '2024-01-08',
    hash: 'a'.repeat(64),
    weights: [
      { instrument: 'EQ', weight: 0.5 },
      { instrument: 'BOND', weight: 0.5 },
    ],
  },
  orders: [],
  cash: { targetWeight: 0, funding: 'sell-first' },
  provenance: {
    mode: 'pilot',
    regime: 'expansion',
    mandateVersion: 1,
    riskModel: 'a'.repeat(64),
    budget: 'b'.repeat(64),
    policySet: 'p',
  },
};

function orderSystem() {
  let state = initialOrderSystemState();
  return (input: OrderSystemInput) => {
    const now = '2024-01-08T21:00:00.000Z';
    const decision = decideOrderSystem(deepFreeze(input), deepFreeze(state), { costRate: 0.001, now });
    state = decision.state;
    return decision.events;
  };
}
const answers = (events: ReturnType<ReturnType<typeof orderSystem>>) =>
  events.map((event) =>
    event.type === 'AllocationStatusReported' ? `${event.status} ${event.instructionId}` : event.type,
  );

it('accepts at once and trades at the first close after the decision, never at its own', () => {
  const take = orderSystem();
  expect(answers(take(released(1, 0.6)))).toEqual(['received i-1', 'accepted i-1', 'working i-1']);
  expect(take(snapshot('2024-01-08'))).toEqual([]);
  expect(take(snapshot('2024-01-09'))).toMatchObject([
    {
      status: 'done',
      asOf: '2024-01-09',
      holdings: [
        { instrument: 'EQ', weight: 0.6, price: 101 },
        { instrument: 'BOND', weight: 0.4, price: 51 },
      ],
    },
  ]);
  expect(take(snapshot('2024-01-10'))).toEqual([]);
});

it('charges a trade from what was held as prices have moved it, once it knows what was held', () => {
  const take = orderSystem();
  take(released(1, 0.6));
  expect(take(snapshot('2024-01-09'))[0]).not.toHaveProperty('realisedCost');
  take(released(2, 0.5, '2024-01-09'));
  const later = snapshot('2024-01-10');
  const [answer] = take({ ...later, instruments: [{ id: 'EQ', close: 202, staleBars: 0 }, later.instruments[1]] });
  // equities doubled: 1.2 of 1.6 is held, half of it is wanted, and both sides are traded
  expect((answer as { realisedCost: number }).realisedCost).toBeCloseTo(0.001 * 2 * (1.2 / 1.6 - 0.5), 15);
});

it('holds what comes before its turn, then takes it in order, and cancels what is replaced', () => {
  const take = orderSystem();
  take(released(1, 0.6));
  expect(take(released(3, 0.5))).toMatchObject([{ status: 'received', reasonCode: 'SEQUENCE_GAP' }]);
  expect(answers(take(released(2, 0.55)))).toEqual([
    'cancelled i-1',
    'received i-2',
    'accepted i-2',
    'working i-2',
    'cancelled i-2',
    'received i-3',
    'accepted i-3',
    'working i-3',
  ]);
});

it('refuses a message that is not the one that was approved', () => {
  const take = orderSystem();
  expect(take({ ...released(1, 0.6), validUntil: '2034-01-13T21:00:00.000Z' })).toMatchObject([
    { status: 'rejected', reasonCode: 'APPROVAL_INVALID' },
  ]);
});

it('does not trade on a day off of the mandate', () => {
  const take = orderSystem();
  const plain = released(1, 0.6);
  const { type: _type, auditHash: _hash, ...content } = plain;
  const withTerms = { ...content, terms: { ...SAMPLE_TERMS, daysOff: { closed: ['2024-01-09'], halfDays: [] } } };
  take({ type: 'AllocationReleased', ...withTerms, auditHash: auditLeafHash(releaseRecord(withTerms)) });
  expect(answers(take(snapshot('2024-01-09')))).toEqual([]);
  expect(answers(take(snapshot('2024-01-10')))).toEqual(['done i-1']);
});
