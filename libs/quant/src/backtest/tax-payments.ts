import { accountTaxes, type AccountTaxOptions, type LotSale, type TaxableTrade } from './account-taxes';
import type { BacktestTrade } from './execute-trades';

export interface TaxTerms extends AccountTaxOptions {
  /** Rates on gains of lots held up to and more than `longTermDays`. */
  readonly shortTermRate: number;
  readonly longTermRate: number;
}

/** Tax that an account paid for a year, and the losses that it carries on. */
export interface TaxPayment {
  readonly row: number;
  readonly year: number;
  readonly shortTermGain: number;
  readonly longTermGain: number;
  readonly tax: number;
}

/** Gains of a year are taxed at the first close from this month and day on in the next, when no purchase can wash them any more. */
const DUE = '-04-15';

/**
 * Taxes of an account while it runs: the gains of a year net of losses, short and long term against each other, losses carried
 * forward without limit. Wash sales as in `accountTaxes`. Losses give no refund.
 */
export function taxPayments(
  terms: TaxTerms,
  { dates, opening }: { readonly dates: readonly string[]; readonly opening: readonly TaxableTrade[] },
): (row: number, trades: readonly BacktestTrade[]) => TaxPayment | undefined {
  let settled = Number(dates[0].slice(0, 4)) - 1;
  let carried = { short: 0, long: 0 };
  return (row, trades) => {
    const year = Number(dates[row].slice(0, 4)) - 1;
    if (year <= settled || dates[row] < `${year + 1}${DUE}`) return undefined;
    settled = year;
    const { sales } = accountTaxes([...opening, ...trades.map((trade) => taxable(trade, dates))], terms);
    const own = sales.filter(({ date }) => Number(date.slice(0, 4)) === year);
    const short = carried.short + netOf(own, false);
    const long = carried.long + netOf(own, true);
    const { shortTaxed, longTaxed, rest } = offset(short, long);
    carried = rest;
    const tax = shortTaxed * terms.shortTermRate + longTaxed * terms.longTermRate;
    return { row, year, shortTermGain: netOf(own, false), longTermGain: netOf(own, true), tax };
  };
}

/** Gains less allowed losses of one kind. */
function netOf(sales: readonly LotSale[], longTerm: boolean): number {
  return sales
    .filter((sale) => sale.longTerm === longTerm)
    .reduce((sum, { gain, disallowed }) => sum + gain + disallowed, 0);
}

/** A loss of one kind is set against gains of the other; what is left is carried. */
function offset(
  short: number,
  long: number,
): { shortTaxed: number; longTaxed: number; rest: { short: number; long: number } } {
  if (short >= 0 && long >= 0) return { shortTaxed: short, longTaxed: long, rest: { short: 0, long: 0 } };
  const sum = short + long;
  if (short < 0 && long > 0) {
    return { shortTaxed: 0, longTaxed: Math.max(0, sum), rest: { short: Math.min(0, sum), long: 0 } };
  }
  if (long < 0 && short > 0) {
    return { shortTaxed: Math.max(0, sum), longTaxed: 0, rest: { short: 0, long: Math.min(0, sum) } };
  }
  return { shortTaxed: 0, longTaxed: 0, rest: { short, long } };
}

function taxable(
  { row, asset, units, value, proportionalCost, impactCost }: BacktestTrade,
  dates: readonly string[],
): TaxableTrade {
  const cost = proportionalCost + impactCost;
  return { date: dates[row], asset, units, amount: units > 0 ? value + cost : -value - cost };
}
