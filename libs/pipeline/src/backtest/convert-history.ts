import { InputError } from '@allostat/kernel';
import type { MarketHistory } from '@allostat/quant';
import { convertClose, sourceOf, yearsOf, type KnownRate } from '../universe/convert-close';
import { nextForeignLevel, type ForeignLevel, type Quote } from '../universe/foreign-level';
import { currencySeries, type Universe } from '../universe/universe';

/** Values of one rate in order of the days they are about, with the day on which each was first known. */
export type RateHistory = readonly (KnownRate & { readonly knownOn: string })[];

/** Quotes of foreign assets, a list by row; `null` where there is none. */
export type QuotesByRow = Readonly<Record<string, readonly (Quote | null)[]>>;

export interface ConvertedHistory {
  readonly market: MarketHistory;
  readonly quotes: QuotesByRow;
}

/**
 * A history of local prices in the currency of a universe, row by row as the line would have converted it: by rates that were known on
 * the row's day. Without a fresh rate an asset has no price on the row. Throws `InputError` when a rate is missing altogether.
 */
export function convertHistory(
  market: MarketHistory,
  universe: Universe,
  rates: ReadonlyMap<string, RateHistory>,
): ConvertedHistory {
  for (const series of currencySeries(universe)) {
    if (rates.has(series)) continue;
    throw new InputError(
      `universe ${universe.id} converts by ${series}, and no file of rates has it; there are ${[...rates.keys()].join(', ')}`,
      { field: series },
      'name the columns of the files of rates like the series of the universe',
    );
  }
  const { assets, dates } = market;
  const n = assets.length;
  const levels = market.levels.slice();
  const volumes = market.volumes?.slice();
  const quotes: Record<string, (Quote | null)[]> = {};
  const instruments = new Map(universe.instruments.map((instrument) => [instrument.id, instrument]));
  assets.forEach((id, i) => {
    const instrument = instruments.get(id);
    const source = instrument && sourceOf(universe, instrument);
    if (instrument === undefined || source === undefined) return;
    const newest = new Map([...rates].map(([series, history]) => [series, newestKnown(history)]));
    let before: ForeignLevel | undefined;
    quotes[id] = dates.map((date, row) => {
      const at = row * n + i;
      const price = market.levels[at];
      const rateOf = (series: string): KnownRate | undefined => newest.get(series)?.(date);
      const found = Number.isNaN(price)
        ? undefined
        : convertClose(universe, instrument, { source, price, date, rateOf });
      if (found?.status !== 'known') {
        levels[at] = NaN;
        if (volumes) volumes[at] = NaN;
        return null;
      }
      before = nextForeignLevel(before, { date, ...found }, yearsOf(universe, source));
      levels[at] = before.level;
      if (volumes) volumes[at] *= found.quote.rate;
      return found.quote;
    });
  });
  return { market: { ...market, levels, ...(volumes && { volumes }) }, quotes };
}

/** The newest value that was known on a day; days are asked in order. */
function newestKnown(history: RateHistory): (date: string) => KnownRate | undefined {
  const byKnown = [...history].sort((a, b) => (a.knownOn < b.knownOn ? -1 : a.knownOn > b.knownOn ? 1 : 0));
  let next = 0;
  let newest: KnownRate | undefined;
  return (date) => {
    for (; next < byKnown.length && byKnown[next].knownOn <= date; next++) {
      const { value, eventTime } = byKnown[next];
      if (newest === undefined || eventTime >= newest.eventTime) newest = { value, eventTime };
    }
    return newest;
  };
}
