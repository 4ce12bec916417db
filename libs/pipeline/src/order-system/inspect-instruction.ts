import type { Instant } from '@allostat/kernel';
import { auditLeafHash } from '../governance/audit-record';
import type { AllocationReleased } from '../governance/events';
import { releaseRecord } from '../governance/release';
import { scopeNames, scopesOfInstruction } from '../governance/release-scopes';
import type { OrderBook } from './order-book';
import type { RejectCode } from './reject-codes';

/** Difference between what approvers saw as held and what is held that is still traded on. */
const HOLDINGS_TOLERANCE = 0.02;
/** Orders may be worth twice the assets: all sold, all bought. A percent more for rounding. */
const LARGEST_VALUE = 2.01;
const SUM_TOLERANCE = 1e-9;

export interface Rejection {
  readonly code: RejectCode;
  readonly text: string;
}

/** Why an instruction must not be traded; undefined when it may. Needs nothing but the message and the own book. */
export function inspectInstruction(
  instruction: AllocationReleased,
  book: OrderBook,
  now: Instant,
  stopped: readonly string[],
): Rejection | undefined {
  const { validUntil, targets, terms } = instruction;
  const own = scopeNames(scopesOfInstruction(instruction));
  const scope = stopped.find((candidate) => own.includes(candidate));
  if (scope !== undefined) return { code: 'KILL_ACTIVE', text: `releases of ${scope} are stopped` };
  if (!approvalHolds(instruction)) {
    return { code: 'APPROVAL_INVALID', text: 'the message is not the one that was approved and recorded' };
  }
  if (now >= validUntil) return { code: 'APPROVAL_EXPIRED', text: `it was valid until ${validUntil}, it is ${now}` };
  const sum = targets.reduce((total, { weight }) => total + weight, 0);
  if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) return { code: 'WEIGHTS_DO_NOT_SUM', text: `weights sum to ${sum}` };
  if (!terms) return undefined;
  const value = terms.orders.reduce((total, { quantity, referencePrice }) => total + quantity * referencePrice, 0);
  if (!(value <= LARGEST_VALUE * terms.notional)) {
    return { code: 'LIMIT_BREACH', text: `orders are worth ${value}, the portfolio ${terms.notional}` };
  }
  const drift = holdingsDrift(instruction, book);
  if (drift > HOLDINGS_TOLERANCE) {
    return { code: 'STALE_HOLDINGS', text: `a weight differs by ${drift} from what the approvers saw as held` };
  }
  return undefined;
}

/** Whether the message is, bit for bit, what the audit record of the release says, and was approved by different people. */
export function approvalHolds({ auditHash, type: _type, ...content }: AllocationReleased): boolean {
  const people = content.approvals.flatMap(({ actor, onBehalfOf }) => (onBehalfOf ? [actor, onBehalfOf] : [actor]));
  return (
    people.length > 0 &&
    new Set(people).size === people.length &&
    content.approvals.every((approval) => approval.contentHash === content.contentHash) &&
    auditLeafHash(releaseRecord(content)) === auditHash
  );
}

/**
 * Largest difference between held and seen weights, at the prices of the instruction. Trades at the close that the
 * approvers saw are reported after it: then nothing can be compared. So it is while nothing is held yet.
 */
function holdingsDrift({ targets, terms }: AllocationReleased, { held, tradedOn }: OrderBook): number {
  if (!terms || held.length === 0 || tradedOn === terms.holdings.asOf) return 0;
  const priceOf = new Map(targets.map(({ instrument, referencePrice }) => [instrument, referencePrice]));
  const values = held.map(({ instrument, weight, price }) => (weight * (priceOf.get(instrument) ?? price)) / price);
  const total = values.reduce((sum, value) => sum + value, 0);
  const now = new Map(held.map(({ instrument }, i) => [instrument, values[i] / total]));
  return Math.max(
    ...terms.holdings.weights.map(({ instrument, weight }) => {
      return Math.abs(weight - (now.get(instrument) ?? 0)); // not in the book: not held
    }),
  );
}
