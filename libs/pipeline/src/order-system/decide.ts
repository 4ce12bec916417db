import { assertNever, invariant } from '@allostat/kernel';
import type { AllocationReleased } from '../governance/events';
import type { AllocationStatusReported } from '../optimization/events';
import type { SignalSnapshotPublished } from '../signal-ingestion/events';
import type { Decision } from '../stage';

/** What a simulated order system remembers: what it holds for each mandate and what it is still to trade. */
export interface OrderSystemState {
  readonly books: Readonly<Record<string, OrderBook>>;
}

interface OrderBook {
  readonly lastSequence: number;
  /** Weights and prices of the last trade; absent before the first: what a mandate held until then is not known here. */
  readonly held?: Readonly<Record<string, { readonly weight: number; readonly price: number }>>;
  readonly working?: AllocationReleased;
}

export type OrderSystemInput = AllocationReleased | SignalSnapshotPublished;

export function initialOrderSystemState(): OrderSystemState {
  return { books: {} };
}

export interface OrderSystemOptions {
  /** One-way cost of trading, as a fraction of traded value. */
  readonly costRate: number;
}

/**
 * An order system that trades at the first close after it has an instruction, never at the close the decision was made
 * on. Answers received, accepted and working at once; done, with holdings, prices and realised cost, at that close. The first
 * time it trades for a mandate it does not know what was held, and reports no cost.
 */
export function decideOrderSystem(
  event: OrderSystemInput,
  state: OrderSystemState,
  { costRate }: OrderSystemOptions,
): Decision<OrderSystemState, AllocationStatusReported> {
  switch (event.type) {
    case 'AllocationReleased':
      return take(event, state);
    case 'SignalSnapshotPublished':
      return trade(event, state, costRate);
    default:
      return assertNever(event);
  }
}

function take(
  instruction: AllocationReleased,
  state: OrderSystemState,
): Decision<OrderSystemState, AllocationStatusReported> {
  const { mandateId, instructionId, sequence, asOf } = instruction;
  const book = state.books[mandateId] ?? { lastSequence: 0 };
  const answer = { type: 'AllocationStatusReported', mandateId, instructionId, sequence, asOf } as const;
  if (sequence !== book.lastSequence + 1) {
    const text = `expected sequence ${book.lastSequence + 1}, got ${sequence}`;
    return { state, events: [{ ...answer, status: 'rejected', reasonCode: 'SEQUENCE_GAP', text }] };
  }
  const events: AllocationStatusReported[] = [];
  if (book.working) {
    const { instructionId: old, sequence: oldSequence } = book.working;
    const text = `replaced by ${instructionId}`;
    events.push({
      ...answer,
      instructionId: old,
      sequence: oldSequence,
      status: 'cancelled',
      reasonCode: 'REPLACED',
      text,
    });
  }
  for (const status of ['received', 'accepted', 'working'] as const) events.push({ ...answer, status });
  return {
    state: { books: { ...state.books, [mandateId]: { ...book, lastSequence: sequence, working: instruction } } },
    events,
  };
}

function trade(
  snapshot: SignalSnapshotPublished,
  state: OrderSystemState,
  costRate: number,
): Decision<OrderSystemState, AllocationStatusReported> {
  const closes = new Map(snapshot.instruments.map(({ id, close }) => [id, close]));
  const books: Record<string, OrderBook> = { ...state.books };
  const events: AllocationStatusReported[] = [];
  for (const mandateId of Object.keys(books).sort()) {
    const { working, ...book } = books[mandateId];
    if (
      !working ||
      working.asOf >= snapshot.asOf ||
      !working.targets.every(({ instrument }) => closes.has(instrument))
    ) {
      continue;
    }
    const holdings = working.targets.map(({ instrument, weight, referencePrice }) => {
      const price = closes.get(instrument) ?? referencePrice; // without a close there is only the reference
      invariant(price > 0, () => `price of ${instrument} must be above 0, got ${price}`);
      return { instrument, weight, price };
    });
    const traded = book.held && tradedShare(book.held, holdings);
    const held = Object.fromEntries(holdings.map(({ instrument, weight, price }) => [instrument, { weight, price }]));
    books[mandateId] = { ...book, held };
    events.push({
      type: 'AllocationStatusReported',
      mandateId,
      instructionId: working.instructionId,
      sequence: working.sequence,
      status: 'done',
      asOf: snapshot.asOf,
      holdings,
      ...(traded !== undefined && { realisedCost: traded * costRate }),
    });
  }
  return { state: { books }, events };
}

/** What is bought and sold together, as a share of value: from the last weights as prices have moved them since. */
function tradedShare(
  held: NonNullable<OrderBook['held']>,
  holdings: readonly { readonly instrument: string; readonly weight: number; readonly price: number }[],
): number {
  const drifted = holdings.map(({ instrument, price }) => {
    const before = held[instrument];
    return before === undefined ? 0 : (before.weight * price) / before.price; // not held before
  });
  const total = drifted.reduce((sum, value) => sum + value, 0);
  return holdings.reduce((sum, { weight }, i) => sum + Math.abs(weight - drifted[i] / total), 0);
}
