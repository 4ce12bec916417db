import type { IsoDate } from '@allostat/kernel';
import type { Carry, Quote } from './foreign-level';
import type { CurrencySource, Instrument, Universe } from './universe';

/** Days after which a short rate is too old for a hedge: central banks decide every six weeks. */
const SHORT_RATE_DAYS_MAX = 60;
const RATE_DAYS_MAX = 4;
const YEAR = 360;
const DAY_MS = 86_400_000;

/** The newest value of a series that was known at a close, and the day it is about. */
export interface KnownRate {
  readonly value: number;
  readonly eventTime: IsoDate;
}

/** How an instrument is quoted abroad; `undefined` when it is quoted in the universe's own currency. */
export function sourceOf(universe: Universe, { currency }: Instrument): CurrencySource | undefined {
  return currency === undefined || currency === universe.currency
    ? undefined
    : universe.currencies?.find(({ code }) => code === currency);
}

/** Days of a year by which the two short rates of a hedge count. */
export function yearsOf(universe: Universe, source: CurrencySource): { own: number; foreign: number } {
  return { own: universe.shortRateYear ?? YEAR, foreign: source.shortRateYear ?? YEAR };
}

/** What a price abroad is converted by, or why it cannot be: a rate that is not known, or too old. */
export type Conversion =
  | { readonly status: 'known'; readonly quote: Quote; readonly carry?: Carry }
  | { readonly status: 'stale'; readonly series: string; readonly daysMax: number; readonly last?: KnownRate };

/** Converts the price of a foreign instrument by what was known at a close. */
export function convertClose(
  universe: Universe,
  instrument: Instrument,
  {
    source,
    price,
    date,
    rateOf,
  }: {
    readonly source: CurrencySource;
    readonly price: number;
    readonly date: IsoDate;
    readonly rateOf: (series: string) => KnownRate | undefined;
  },
): Conversion {
  const daysMax = universe.rateDaysMax ?? RATE_DAYS_MAX;
  const stale = (series: string, most: number): Conversion | undefined => {
    const last = rateOf(series);
    const fresh = last !== undefined && (Date.parse(date) - Date.parse(last.eventTime)) / DAY_MS <= most;
    return fresh ? undefined : { status: 'stale', series, daysMax: most, ...(last && { last }) };
  };
  const old = stale(source.rate, daysMax);
  if (old) return old;
  const { value, eventTime } = rateOf(source.rate) as KnownRate;
  const quote = { currency: source.code, price, rate: source.inverted ? 1 / value : value, rateAt: eventTime };
  if (!instrument.hedged) return { status: 'known', quote };
  const [own, foreign] = [universe.shortRate as string, source.shortRate as string]; // a hedged instrument has both
  const without = stale(own, SHORT_RATE_DAYS_MAX) ?? stale(foreign, SHORT_RATE_DAYS_MAX);
  if (without) return without;
  const rateAt = (series: string): number => (rateOf(series) as KnownRate).value;
  return { status: 'known', quote, carry: { own: rateAt(own), foreign: rateAt(foreign) } };
}
