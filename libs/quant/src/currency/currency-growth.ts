import { invariant } from '@allostat/kernel';

export interface ForwardTerms {
  /** Money-market rates a year, decimals, of one's own currency and of the foreign one. */
  readonly own: number;
  readonly foreign: number;
  /** Days until the forward is settled. */
  readonly days: number;
  /** Days of a year by which each rate counts; default 360. */
  readonly ownYear?: number;
  readonly foreignYear?: number;
}

/**
 * Price of a foreign currency forward over its price now, both in one's own currency, by covered interest parity with simple interest:
 * `(1 + own days / year) / (1 + foreign days / year)` (CFA Institute, Currency Exchange Rates).
 */
export function forwardOverSpot({ own, foreign, days, ownYear = 360, foreignYear = 360 }: ForwardTerms): number {
  invariant(days >= 0, () => `days must be 0 or more, got ${days}`);
  invariant(own > -1 && foreign > -1, () => `rates must be above -1, got ${own} and ${foreign}`);
  return (1 + (own * days) / ownYear) / (1 + (foreign * days) / foreignYear);
}

/**
 * Growth, in one's own currency, of a foreign asset whose value at the start was sold forward: `forward / spot + (growth - 1) spot growth`.
 * The gain itself is not hedged until the next close. Equals the unhedged growth plus the hedge impact of the MSCI Hedged Indexes
 * methodology, with a forward that is renewed at every close.
 */
export function hedgedGrowth(localGrowth: number, spotGrowth: number, forward: number): number {
  return forward + (localGrowth - 1) * spotGrowth;
}
