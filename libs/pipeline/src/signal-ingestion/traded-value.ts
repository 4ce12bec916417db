import { halfLifeDecay, type IsoDate } from '@allostat/kernel';
import type { Observation } from '../observation/events';

/** Half-life of the average in bars: a month. */
const HALF_LIFE_BARS = 21;
const DECAY = halfLifeDecay(HALF_LIFE_BARS);

/** Bars with a volume before their average is told. */
const BARS_MIN = 21;

/** Exponentially weighted sums of the money that changed hands, over bars with a volume. */
export interface TradedValue {
  readonly sum: number;
  readonly weight: number;
  readonly bars: number;
}

/** Adds the money of one bar (>= 0; a day without a trade counts). */
export function updateTradedValue(before: TradedValue | undefined, money: number): TradedValue {
  const { sum, weight, bars } = before ?? { sum: 0, weight: 0, bars: 0 };
  return { sum: DECAY * sum + money, weight: DECAY * weight + 1, bars: bars + 1 };
}

/** Mean money a day, of bars up to the last; `undefined` with fewer than a month of them. */
export function averageDailyValue(traded: TradedValue | undefined): number | undefined {
  return traded === undefined || traded.bars < BARS_MIN ? undefined : traded.sum / traded.weight;
}

/**
 * Money of one bar by instrument: units traded times the price of the same bar. Levels that are no prices, such as total-return indices,
 * make no money of units and are left out.
 */
export function tradedOn(
  bar: IsoDate,
  prices: readonly Observation[],
  volumes: readonly Observation[],
): ReadonlyMap<string, number> {
  const latest = (list: readonly Observation[]): Map<string, Observation> => {
    const found = new Map<string, Observation>();
    for (const observation of list) {
      const known = found.get(observation.seriesId);
      if (observation.eventTime === bar && (known === undefined || observation.revision > known.revision))
        found.set(observation.seriesId, observation);
    }
    return found;
  };
  const priced = latest(prices.filter(({ kind }) => kind === 'price'));
  return new Map(
    [...latest(volumes)].flatMap(([id, { value: units }]) => {
      const price = priced.get(id)?.value;
      return units === undefined || price === undefined || units < 0 ? [] : [[id, units * price] as const];
    }),
  );
}
