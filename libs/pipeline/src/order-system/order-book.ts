import type { Instant, IsoDate } from '@allostat/kernel';
import type { AllocationReleased } from '../governance/events';
import type { AllocationStatusReported } from '../optimization/events';

type Status = AllocationStatusReported['status'];

/** An instruction that the order system knows by its id. */
export interface KnownInstruction {
  readonly contentHash: string;
  readonly sequence: number;
  readonly status: Status;
  /** What the kill switch can take hold of it by; absent for what could not be read, and in books of before. */
  readonly scopes?: readonly string[];
}

export interface WorkingInstruction {
  readonly instruction: AllocationReleased;
  /** Part of the way to the targets that is done, 0 to 1. */
  readonly done: number;
}

/** What the simulated order system remembers of one mandate. */
export interface OrderBook {
  readonly lastSequence: number;
  readonly held: readonly { readonly instrument: string; readonly weight: number; readonly price: number }[];
  /** Close of the last trade. */
  readonly tradedOn?: IsoDate;
  readonly working?: WorkingInstruction;
  readonly known: Readonly<Record<string, KnownInstruction>>;
  /** Instructions that came before their turn, by sequence. */
  readonly early: Readonly<Record<string, AllocationReleased>>;
}

/** What the simulated order system remembers: a book for each mandate, and what is stopped. */
export interface OrderSystemState {
  readonly books: Readonly<Record<string, OrderBook>>;
  readonly stopped: readonly string[];
  readonly latest?: Instant;
}

export function initialOrderSystemState(): OrderSystemState {
  return { books: {}, stopped: [] };
}

export const EMPTY_BOOK: OrderBook = { lastSequence: 0, held: [], known: {}, early: {} };

export function isFinal(status: Status): boolean {
  return status === 'done' || status === 'rejected' || status === 'cancelled';
}
