import { deepFreeze } from '@allostat/kernel';
import type { AllocationReleased } from '../governance/events';
import type { SignalSnapshotPublished } from '../signal-ingestion/events';
import { decideOrderSystem, initialOrderSystemState, type OrderSystemInput } from './decide';

const released = (sequence: number, weight: number): AllocationReleased => ({
  type: 'AllocationReleased',
  instructionId: `i-${sequence}`,
  sequence,
  mandateId: 'balanced',
  proposalId: 'p',
  contentHash: 'c',
  asOf: '2024-01-08',
  releasedAt: '2024-01-08T21:00:00.000Z',
  validUntil: '2024-01-13T21:00:00.000Z',
  targets: [
    { instrument: 'EQ', weight, referencePrice: 100 },
    { instrument: 'BOND', weight: 1 - weight, referencePrice: 50 },
  ],
  approvals: [],
  auditHash: 'a',
});
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

function orderSystem() {
  let state = initialOrderSystemState();
  return (input: OrderSystemInput) => {
    const decision = decideOrderSystem(deepFreeze(input), deepFreeze(state), { costRate: 0.001 });
    state = decision.state;
    return decision.events.map(({ status, instructionId, ...rest }) => ({ status, instructionId, ...rest }));
  };
}

it('accepts at once and trades at the first close after the decision, never at its own', () => {
  const take = orderSystem();
  expect(take(released(1, 0.6)).map(({ status }) => status)).toEqual(['received', 'accepted', 'working']);
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
  take({ ...released(2, 0.5), asOf: '2024-01-09' });
  const later = snapshot('2024-01-10');
  const [answer] = take({ ...later, instruments: [{ id: 'EQ', close: 202, staleBars: 0 }, later.instruments[1]] });
  // equities doubled: 1.2 of 1.6 is held, half of it is wanted, and both sides are traded
  expect(answer.realisedCost).toBeCloseTo(0.001 * 2 * (1.2 / 1.6 - 0.5), 15);
});

it('rejects a gap in the sequence and cancels what a newer instruction replaces', () => {
  const take = orderSystem();
  take(released(1, 0.6));
  expect(take(released(3, 0.5))).toMatchObject([{ status: 'rejected', reasonCode: 'SEQUENCE_GAP' }]);
  expect(take(released(2, 0.5)).map(({ status, instructionId }) => `${status} ${instructionId}`)).toEqual([
    'cancelled i-1',
    'received i-2',
    'accepted i-2',
    'working i-2',
  ]);
});
