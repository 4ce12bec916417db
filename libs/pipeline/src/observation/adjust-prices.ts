import type { IsoDate } from '@allostat/kernel';
import type { Observation } from './events';

/** One corporate action: what a close before the day is multiplied by to be comparable with the closes from that day on. */
export interface AdjustmentFactor {
  readonly series: string;
  /** First day that trades without what was given (the ex-date). */
  readonly date: IsoDate;
  /** One half for a split of two for one; 1 - D / P for a dividend D on a last close P. */
  readonly factor: number;
  /** Where it was read. */
  readonly file: string;
  readonly row?: number;
}

export interface AdjustedPrices {
  readonly observations: readonly Observation[];
  /** Factors that changed a value, and those that concern no value of the prices. */
  readonly applied: readonly AdjustmentFactor[];
  readonly unused: readonly AdjustmentFactor[];
}

/** Factors nearer to one than this are rounding of prices. */
const NOTHING = 1e-9;

/**
 * Carries prices over corporate actions: each value is divided by the product of the factors up to its day, so that the level before the
 * first factor stays as it is and later ones are what a holder who kept everything has. A new factor never changes the past, as it does
 * when prices are adjusted backwards, so that nothing looks ahead and files can be read one after the other with the same factors. A value
 * that was changed says so in its `derivation`.
 */
export function adjustPrices(
  observations: readonly Observation[],
  factors: readonly AdjustmentFactor[],
): AdjustedPrices {
  const bySeries = new Map<string, AdjustmentFactor[]>();
  for (const factor of [...factors].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))) {
    const own = bySeries.get(factor.series);
    if (own === undefined) bySeries.set(factor.series, [factor]);
    else own.push(factor);
  }
  const cumulated = new Map([...bySeries].map(([series, own]) => [series, cumulate(own)]));
  const lastDays = new Map<string, IsoDate>();
  const adjusted = observations.map((observation) => {
    const { seriesId, eventTime, value, kind } = observation;
    const steps = kind === 'price' ? cumulated.get(seriesId) : undefined;
    if (steps === undefined || value === undefined) return observation;
    const last = lastDays.get(seriesId);
    if (last === undefined || eventTime > last) lastDays.set(seriesId, eventTime);
    const product = productUntil(steps, eventTime);
    if (product === 1) return observation;
    return { ...observation, value: value / product, derivation: `${value} over ${product}, ${sourceOf(steps)}` };
  });
  const isApplied = ({ series, date }: AdjustmentFactor): boolean => {
    const last = lastDays.get(series);
    return last !== undefined && date <= last;
  };
  return {
    observations: adjusted,
    applied: factors.filter(isApplied),
    unused: factors.filter((factor) => !isApplied(factor)),
  };
}

interface Step {
  readonly date: IsoDate;
  readonly product: number;
  readonly file: string;
}

function cumulate(factors: readonly AdjustmentFactor[]): Step[] {
  let product = 1;
  return factors.map(({ date, factor, file }) => ({ date, product: (product *= factor), file }));
}

/** Product of the factors up to a day, by bisection. */
function productUntil(steps: readonly Step[], day: IsoDate): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle].date <= day) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 1 : steps[low - 1].product;
}

const sourceOf = (steps: readonly Step[]): string => [...new Set(steps.map(({ file }) => file))].join(', ');

/**
 * The factors that lie between prices and total-return levels of the same series: where the price moves otherwise than the level, the
 * difference was paid out or split. Days on which one of them has no value are spanned.
 */
export function factorsFromTotalReturn(
  prices: readonly Observation[],
  totalReturns: readonly Observation[],
): AdjustmentFactor[] {
  const levels = new Map(totalReturns.map((own) => [`${own.seriesId}|${own.eventTime}`, own]));
  const last = new Map<string, { readonly price: number; readonly level: number }>();
  const factors: AdjustmentFactor[] = [];
  for (const { seriesId, eventTime, value } of [...prices].sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1))) {
    const total = levels.get(`${seriesId}|${eventTime}`);
    if (value === undefined || total?.value === undefined || !(value > 0 && total.value > 0)) continue;
    const before = last.get(seriesId);
    last.set(seriesId, { price: value, level: total.value });
    if (before === undefined) continue;
    const factor = value / before.price / (total.value / before.level);
    if (Math.abs(factor - 1) < NOTHING) continue;
    const { origin } = total;
    factors.push({
      series: seriesId,
      date: eventTime,
      factor,
      file: origin === undefined ? '' : origin.file,
      ...(origin !== undefined && { row: origin.row }),
    });
  }
  return factors;
}
