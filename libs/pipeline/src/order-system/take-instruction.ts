import { canonicalJson, sha256Hex, type Instant } from '@allostat/kernel';
import type { AllocationReleased } from '../governance/events';
import { scopeNames, scopesOfInstruction } from '../governance/release-scopes';
import type { AllocationStatusReported } from '../optimization/events';
import { inspectInstruction } from './inspect-instruction';
import { EMPTY_BOOK, isFinal, type OrderBook, type OrderSystemState } from './order-book';
import type { RejectCode } from './reject-codes';

type Status = AllocationStatusReported['status'];
type Extra = Partial<Omit<AllocationStatusReported, 'reasonCode'>> & {
  readonly reasonCode?: RejectCode | 'EXISTS' | 'REPLACED' | 'CANCELLED';
};

/** A weight that whole lots leave over and that is worth telling. */
const RESIDUAL_TOLD = 1e-4;

/** The book of one mandate while a message is worked on, and what is answered. */
export class BookAtWork {
  readonly answers: AllocationStatusReported[] = [];

  constructor(
    private readonly mandateId: string,
    public book: OrderBook,
    private readonly now: Instant,
    private readonly stopped: readonly string[],
  ) {}

  static open(mandateId: string, state: OrderSystemState, now: Instant): BookAtWork {
    return new BookAtWork(mandateId, state.books[mandateId] ?? EMPTY_BOOK, now, state.stopped);
  }

  /** Takes an instruction in its turn; one that comes early waits for those before it, one that is known changes nothing. */
  take(instruction: AllocationReleased): void {
    const { instructionId, sequence } = instruction;
    const known = this.book.known[instructionId];
    const hash = sha256Hex(canonicalJson(instruction));
    if (known || this.book.early[sequence]?.instructionId === instructionId) return this.repeat(instruction, hash);
    if (sequence > this.book.lastSequence + 1) {
      this.book = { ...this.book, early: { ...this.book.early, [sequence]: instruction } };
      const text = `held: ${this.book.lastSequence + 1} is missing`;
      return this.answer(instruction, 'received', { reasonCode: 'SEQUENCE_GAP', text });
    }
    if (sequence <= this.book.lastSequence) {
      const text = `sequence ${sequence} was taken before, by another instruction`;
      return this.answer(instruction, 'rejected', { reasonCode: 'DUPLICATE_ID_DIFFERENT_CONTENT', text });
    }
    this.inTurn(instruction, hash);
    const next = this.book.early[sequence + 1];
    if (!next) return;
    const { [sequence + 1]: _taken, ...early } = this.book.early;
    this.book = { ...this.book, early };
    this.take(next);
  }

  /** Refuses a message that could not be understood; its place in the sequence is taken. */
  refuseUnreadable(unreadable: Pick<AllocationReleased, 'instructionId' | 'sequence' | 'asOf'>, text: string): void {
    if (unreadable.sequence === this.book.lastSequence + 1) {
      this.book = { ...this.book, lastSequence: unreadable.sequence };
    }
    this.note(unreadable, 'rejected', 'unreadable');
    this.answer(unreadable, 'rejected', { reasonCode: 'UNKNOWN_VALUE', text });
  }

  answer(
    about: Pick<AllocationReleased, 'instructionId' | 'sequence' | 'asOf'>,
    status: Status,
    extra: Extra = {},
  ): void {
    const { instructionId, sequence, asOf } = about;
    const known = this.book.known[instructionId];
    if (known && extra.reasonCode !== 'EXISTS' && extra.reasonCode !== 'DUPLICATE_ID_DIFFERENT_CONTENT') {
      this.book = { ...this.book, known: { ...this.book.known, [instructionId]: { ...known, status } } };
    }
    const { mandateId } = this;
    this.answers.push({ type: 'AllocationStatusReported', mandateId, instructionId, sequence, status, asOf, ...extra });
  }

  private repeat(instruction: AllocationReleased, hash: string): void {
    const known = this.book.known[instruction.instructionId];
    if (!known || known.contentHash === hash) {
      return this.answer(instruction, known ? known.status : 'received', { reasonCode: 'EXISTS' });
    }
    const text = 'an instruction of this id came before with other content';
    this.answer(instruction, 'rejected', { reasonCode: 'DUPLICATE_ID_DIFFERENT_CONTENT', text });
  }

  private inTurn(instruction: AllocationReleased, hash: string): void {
    this.book = { ...this.book, lastSequence: instruction.sequence };
    this.note(instruction, 'received', hash, scopeNames(scopesOfInstruction(instruction)));
    const rejection = inspectInstruction(instruction, this.book, this.now, this.stopped);
    if (rejection) {
      const { code: reasonCode, text } = rejection;
      const holdings = reasonCode === 'STALE_HOLDINGS' ? { holdings: this.book.held } : {};
      return this.answer(instruction, 'rejected', { reasonCode, text, ...holdings });
    }
    if (instruction.terms?.action === 'cancel') return this.cancel(instruction);
    this.replace(instruction);
    this.answer(instruction, 'received');
    this.accept(instruction);
    this.answer(instruction, 'working');
    this.book = { ...this.book, working: { instruction, done: 0 } };
  }

  private cancel(instruction: AllocationReleased): void {
    const { working } = this.book;
    const target = instruction.terms?.supersedes ?? '';
    if (working?.instruction.instructionId !== target) {
      const known = this.book.known[target];
      const text = known && isFinal(known.status) ? `${target} is ${known.status}` : `there is no open ${target}`;
      return this.answer(instruction, 'rejected', { reasonCode: 'TOO_LATE_TO_CANCEL', text });
    }
    this.answer(working.instruction, 'cancel-pending');
    this.answer(working.instruction, 'cancelled', { reasonCode: 'CANCELLED', text: `by ${instruction.instructionId}` });
    const { working: _gone, ...rest } = this.book;
    this.book = rest;
    this.answer(instruction, 'done');
  }

  private replace(instruction: AllocationReleased): void {
    const { working } = this.book;
    if (!working) return;
    if (working.done > 0) {
      const text = `${working.done} of the way is done; only the rest is replaced`;
      this.answer(working.instruction, 'replace-pending', { text });
    }
    const text = `replaced by ${instruction.instructionId}`;
    this.answer(working.instruction, 'cancelled', { reasonCode: 'REPLACED', text });
  }

  private accept(instruction: AllocationReleased): void {
    const residuals = lotResiduals(instruction);
    if (residuals.length === 0) return this.answer(instruction, 'accepted');
    const trackingError = residuals.reduce((sum, { weight }) => sum + Math.abs(weight), 0) / 2;
    const text = `whole lots leave a tracking error of ${trackingError} of assets`;
    this.answer(instruction, 'accepted-with-rounding', { residuals, text });
  }

  private note(
    { instructionId, sequence }: Pick<AllocationReleased, 'instructionId' | 'sequence'>,
    status: Status,
    contentHash: string,
    scopes?: readonly string[],
  ): void {
    const known = { contentHash, sequence, status, ...(scopes && { scopes }) };
    this.book = { ...this.book, known: { ...this.book.known, [instructionId]: known } };
  }
}

/** Weight of each target that its whole-lot order misses, as far as it is worth telling. */
function lotResiduals({ targets, terms }: AllocationReleased): { instrument: string; weight: number }[] {
  if (!terms) return [];
  const seen = new Map(terms.holdings.weights.map(({ instrument, weight }) => [instrument, weight]));
  const orderOf = new Map(terms.orders.map((order) => [order.instrument, order]));
  return targets
    .map(({ instrument, weight, referencePrice }) => {
      const order = orderOf.get(instrument);
      const signed = order ? (order.side === 'buy' ? order.quantity : -order.quantity) : 0; // no order: nothing traded
      const before = seen.get(instrument) ?? 0; // not held before
      return { instrument, weight: weight - before - (signed * referencePrice) / terms.notional };
    })
    .filter(({ weight }) => Math.abs(weight) > RESIDUAL_TOLD);
}
