import { assertNever, invariant, type Instant } from '@allostat/kernel';
import type {
  AllocationReleased,
  BookReported,
  BookRequested,
  KillAcknowledged,
  KillSwitchEngaged,
} from '../governance/events';
import { scopeNames, scopesOfInstruction } from '../governance/release-scopes';
import type { AllocationStatusReported } from '../optimization/events';
import type { SignalSnapshotPublished } from '../signal-ingestion/events';
import type { Decision } from '../stage';
import { isFinal, type OrderBook, type OrderSystemState, type WorkingInstruction } from './order-book';
import { BookAtWork } from './take-instruction';

/** An instruction of which some value could not be understood: it is refused, never guessed at. */
export interface InstructionUnreadable {
  readonly type: 'InstructionUnreadable';
  readonly mandateId: string;
  readonly instructionId: string;
  readonly sequence: number;
  readonly asOf: string;
  readonly reason: string;
}

export type OrderSystemInput =
  AllocationReleased | SignalSnapshotPublished | KillSwitchEngaged | InstructionUnreadable | BookRequested;
export type OrderSystemOutput = AllocationStatusReported | KillAcknowledged | BookReported;

export interface OrderSystemOptions {
  /** One-way cost of trading, as a fraction of traded value. */
  readonly costRate: number;
  readonly now: Instant;
}

/** Mandates of this name fill half of the way at each close, so that partial fills can be practised. */
const HALF_FILLS = /^conformance-half/;

/**
 * An order system that trades at the first close after it has an instruction that is no day off of the mandate, never at the close the
 * decision was made on. It checks approval, validity, holdings, units and the kill switch by itself, knows instructions by their ids,
 * takes them in their sequence, and answers each. The first time it trades for a mandate it does not know what was held, and
 * reports no cost.
 */
export function decideOrderSystem(
  event: OrderSystemInput,
  state: OrderSystemState,
  { costRate, now }: OrderSystemOptions,
): Decision<OrderSystemState, OrderSystemOutput> {
  switch (event.type) {
    case 'AllocationReleased':
      return inBook(event.mandateId, state, now, (book) => book.take(event));
    case 'InstructionUnreadable':
      return inBook(event.mandateId, state, now, (book) => book.refuseUnreadable(event, event.reason));
    case 'BookRequested':
      return { state, events: [bookOf(event, state, now)] };
    case 'SignalSnapshotPublished':
      return trade(event, state, costRate);
    case 'KillSwitchEngaged':
      return stop(event, state, now);
    default:
      return assertNever(event);
  }
}

function inBook(
  mandateId: string,
  state: OrderSystemState,
  now: Instant,
  work: (book: BookAtWork) => void,
): Decision<OrderSystemState, OrderSystemOutput> {
  const atWork = BookAtWork.open(mandateId, state, now);
  work(atWork);
  return { state: { ...state, books: { ...state.books, [mandateId]: atWork.book } }, events: atWork.answers };
}

/** Every instruction of the mandate that was ever taken, in its sequence, with its present state. */
function bookOf({ requestId, mandateId }: BookRequested, state: OrderSystemState, now: Instant): BookReported {
  const known = Object.entries(state.books[mandateId]?.known ?? {}); // no book: nothing was taken
  const lines = known
    .map(([instructionId, { sequence, status }]) => ({ sequence, instructionId, status }))
    .sort((a, b) => a.sequence - b.sequence);
  return { type: 'BookReported', requestId, mandateId, at: now, lines };
}

/** Cancels what is open in the scope and says how many instructions that reached, and how many were over already. */
function stop(
  { scope, engaged, at }: KillSwitchEngaged,
  state: OrderSystemState,
  now: Instant,
): Decision<OrderSystemState, OrderSystemOutput> {
  const others = state.stopped.filter((stopped) => stopped !== scope);
  const next = { ...state, stopped: engaged ? [...others, scope] : others };
  if (!engaged) return { state: next, events: [] };
  const books: Record<string, OrderBook> = { ...state.books };
  const events: OrderSystemOutput[] = [];
  for (const mandateId of Object.keys(books).sort()) {
    const atWork = BookAtWork.open(mandateId, state, now);
    const wide = ['all', `mandate:${mandateId}`];
    const known = Object.values(atWork.book.known).filter(({ scopes = wide }) => scopes.includes(scope));
    if (known.length === 0 && !wide.includes(scope)) continue;
    const { working } = atWork.book;
    if (working && scopeNames(scopesOfInstruction(working.instruction)).includes(scope)) {
      atWork.answer(working.instruction, 'cancelled', { reasonCode: 'KILL_ACTIVE', text: `${scope} is stopped` });
      const { working: _gone, ...rest } = atWork.book;
      atWork.book = rest;
    }
    books[mandateId] = atWork.book;
    const notAffected = known.filter(({ status }) => isFinal(status)).length;
    const affected = known.length - notAffected;
    events.push(...atWork.answers, { type: 'KillAcknowledged', scope, mandateId, affected, notAffected, at });
  }
  return { state: { ...next, books }, events };
}

function trade(
  snapshot: SignalSnapshotPublished,
  state: OrderSystemState,
  costRate: number,
): Decision<OrderSystemState, OrderSystemOutput> {
  const closes = new Map(
    snapshot.instruments.flatMap(({ id, close }) => (close === undefined ? [] : [[id, close] as const])),
  );
  const books: Record<string, OrderBook> = { ...state.books };
  const events: OrderSystemOutput[] = [];
  for (const mandateId of Object.keys(books).sort()) {
    const book = books[mandateId];
    const { working } = book;
    if (!working || working.instruction.asOf >= snapshot.asOf) continue;
    if (working.instruction.terms?.daysOff?.closed.includes(snapshot.asOf) === true) continue;
    if (!working.instruction.targets.every(({ instrument }) => closes.has(instrument))) continue;
    const filled = fill(mandateId, book, working, snapshot.asOf, closes, costRate);
    books[mandateId] = filled.book;
    events.push(filled.answer);
  }
  return { state: { ...state, books }, events };
}

function fill(
  mandateId: string,
  book: OrderBook,
  { instruction, done: before }: WorkingInstruction,
  asOf: string,
  closes: ReadonlyMap<string, number>,
  costRate: number,
): { readonly book: OrderBook; readonly answer: AllocationStatusReported } {
  const done = HALF_FILLS.test(mandateId) ? before + (1 - before) / 2 : 1;
  const share = (done - before) / (1 - before);
  const weightBefore = new Map(book.held.map(({ instrument, weight }) => [instrument, weight]));
  const held = instruction.targets.map(({ instrument, weight, referencePrice }) => {
    const price = closes.get(instrument) ?? referencePrice; // without a close there is only the reference
    invariant(price > 0, () => `price of ${instrument} must be above 0, got ${price}`);
    const from = weightBefore.get(instrument) ?? 0; // not held before
    return { instrument, weight: share === 1 ? weight : from + (weight - from) * share, price };
  });
  const traded = book.held.length === 0 ? undefined : tradedShare(book.held, held);
  const finished = done === 1;
  const status = finished ? 'done' : 'partially-done';
  const { instructionId, sequence } = instruction;
  const { working: _worked, ...rest } = book;
  const known = { ...book.known, [instructionId]: { ...book.known[instructionId], status } as const };
  return {
    book: { ...rest, held, tradedOn: asOf, known, ...(!finished && { working: { instruction, done } }) },
    answer: {
      type: 'AllocationStatusReported',
      mandateId,
      instructionId,
      sequence,
      status,
      asOf,
      ...(finished && { holdings: held }),
      ...(finished && traded !== undefined && { realisedCost: traded * costRate }),
    },
  };
}

/** What is bought and sold together, as a share of value: from the last weights as prices have moved them since. */
function tradedShare(before: OrderBook['held'], holdings: OrderBook['held']): number {
  const heldBefore = new Map(before.map((line) => [line.instrument, line]));
  const drifted = holdings.map(({ instrument, price }) => {
    const line = heldBefore.get(instrument);
    return line === undefined ? 0 : (line.weight * price) / line.price; // not held before
  });
  const total = drifted.reduce((sum, value) => sum + value, 0);
  return holdings.reduce((sum, { weight }, i) => sum + Math.abs(weight - drifted[i] / total), 0);
}
