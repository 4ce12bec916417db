import { invariant, type IsoDate } from '@allostat/kernel';
import { forwardOverSpot, hedgedGrowth } from '@allostat/quant';

/** A price in the currency that an instrument is quoted in, with the rate that it was converted by. */
export interface Quote {
  readonly currency: string;
  readonly price: number;
  /** Units of the universe's currency for one of the quote's, and the day that the rate is about. */
  readonly rate: number;
  readonly rateAt: IsoDate;
}

/** Short rates as they were known at a close, annual decimals. */
export interface Carry {
  readonly own: number;
  readonly foreign: number;
}

/** A foreign instrument at a close, in the currency of its universe. */
export interface ForeignLevel {
  readonly date: IsoDate;
  /** Level in which returns are counted: the converted price, or for a hedged one what the hedge has made of it. */
  readonly level: number;
  readonly quote: Quote;
  /** With a hedge: rates of the forward that is sold at this close. */
  readonly carry?: Carry;
}

/** What a close says of a foreign instrument. */
export interface ForeignClose {
  readonly date: IsoDate;
  readonly quote: Quote;
  /** Growth of the price in its own currency since the level before, where it is not that of the quotes. */
  readonly localGrowth?: number;
  readonly carry?: Carry;
}

const DAY_MS = 86_400_000;

/**
 * Carries a foreign instrument to the next close. Not hedged, its level is its price at the rate of the close. Hedged, its value at the
 * close before was sold forward by the short rates that were known then: see `hedgedGrowth`. The first level is the converted price.
 */
export function nextForeignLevel(
  before: ForeignLevel | undefined,
  { date, quote, localGrowth, carry }: ForeignClose,
  years: { readonly own: number; readonly foreign: number },
): ForeignLevel {
  const converted = quote.price * quote.rate;
  if (carry === undefined || before === undefined) {
    return { date, level: converted, quote, ...(carry && { carry }) };
  }
  invariant(before.carry, `the hedge of ${date} needs the short rates of ${before.date}`);
  const days = (Date.parse(date) - Date.parse(before.date)) / DAY_MS;
  const forward = forwardOverSpot({ ...before.carry, days, ownYear: years.own, foreignYear: years.foreign });
  const local = localGrowth ?? quote.price / before.quote.price;
  const growth = hedgedGrowth(local, quote.rate / before.quote.rate, forward);
  invariant(growth > 0, () => `the hedge of ${date} leaves ${growth} of the value; it must be above 0`);
  return { date, level: before.level * growth, quote, carry };
}

/** Price of one unit of an instrument in the currency of its universe. */
export function unitPrice({ close, quote }: { readonly close: number; readonly quote?: Quote }): number {
  return quote === undefined ? close : quote.price * quote.rate;
}
