/** Values of a month of bars before the newest. */
const RECENT = 21;
/** Bars before a percentile is stated. */
const STATED_BARS = 252;
const BINS_MAX = 400;

/** How a level that is read at every close has been spread so far, and its last values. Plain data. */
export interface Gauge {
  /** As known at the close of the last bars, newest last; null where none was. */
  readonly recent: readonly (number | null)[];
  /** Bars on which the level was in each step from zero on. */
  readonly counts: readonly number[];
  readonly bars: number;
}

export const INITIAL_GAUGE: Gauge = { recent: [], counts: [], bars: 0 };

/** One bar forward: `level` as known at its close, in steps of `step`; undefined when nothing is known. */
export function updateGauge(gauge: Gauge, level: number | undefined, step: number): Gauge {
  const recent = [...gauge.recent.slice(-RECENT), level === undefined ? null : level];
  if (level === undefined) return { ...gauge, recent };
  const counts = [...gauge.counts];
  const at = binOf(level, step);
  for (let bin = counts.length; bin <= at; bin++) counts.push(0);
  counts[at]++;
  return { recent, counts, bars: gauge.bars + 1 };
}

/**
 * Share of the bars so far, the last one included, on which the level was lower, those in the same step counting half; undefined before
 * 252 bars, and when the last bar had none.
 */
export function percentile({ recent, counts, bars }: Gauge, step: number): number | undefined {
  const level = recent.at(-1);
  if (level === undefined || level === null || bars < STATED_BARS) return undefined;
  const own = binOf(level, step);
  let below = 0;
  for (let bin = 0; bin < own; bin++) below += counts[bin];
  return (below + counts[own] / 2) / bars;
}

/** Change of the level over the last `bars` bars (at most 21). */
export function changeOverBars({ recent }: Gauge, bars: number): number | undefined {
  const [now, then] = [recent.at(-1), recent.at(-1 - bars)];
  return now === undefined || now === null || then === undefined || then === null ? undefined : now - then;
}

const binOf = (level: number, step: number): number => Math.min(Math.max(Math.floor(level / step), 0), BINS_MAX - 1);
