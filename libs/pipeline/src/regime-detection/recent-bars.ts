import { DEFAULT_REGIME_FEATURES, NAMING_FEATURES, type RegimeFeatures } from '@allostat/quant';

/** Bars that a refitted model is compared with the one before on: two years. */
const BARS_KEPT = 500;
const NAMES: readonly string[] = [...new Set([...DEFAULT_REGIME_FEATURES, ...Object.values(NAMING_FEATURES)])].sort();

/** The features of the last bars, one row a bar in a ring; NaN where one was missing. Plain data. */
export interface RecentBars {
  readonly values: Float64Array;
  /** Bars seen; the next is written at `seen % BARS_KEPT`. */
  readonly seen: number;
}

export function withBar(recent: RecentBars | undefined, features: RegimeFeatures | undefined): RecentBars {
  const { values, seen } = recent ?? { values: new Float64Array(BARS_KEPT * NAMES.length).fill(NaN), seen: 0 }; // the first
  const next = Float64Array.from(values);
  const row = (seen % BARS_KEPT) * NAMES.length;
  NAMES.forEach((name, i) => {
    const value = features?.values[name];
    next[row + i] = value === undefined ? NaN : value;
  });
  return { values: next, seen: seen + 1 };
}

/** The bars that are kept, oldest first. */
export function recentFeatures({ values, seen }: RecentBars): Pick<RegimeFeatures, 'values'>[] {
  const count = Math.min(seen, BARS_KEPT);
  return Array.from({ length: count }, (_, i) => {
    const row = ((seen - count + i) % BARS_KEPT) * NAMES.length;
    const known = NAMES.flatMap((name, j) => (Number.isNaN(values[row + j]) ? [] : [[name, values[row + j]] as const]));
    return { values: Object.fromEntries(known) };
  });
}
