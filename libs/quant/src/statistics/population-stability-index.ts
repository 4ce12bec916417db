import { invariant } from '@allostat/kernel';

export interface StabilityIndex {
  /** Sum over bins of (p - q) ln(p / q). */
  readonly index: number;
  /** What the index stays below, in 95 of 100 samples of these sizes, when nothing has changed. */
  readonly nullThreshold: number;
  readonly drifted: boolean;
  readonly bins: number;
}

/** Share given to an empty bin, so that its logarithm exists. */
const EMPTY_SHARE = 1e-4;
/** Normal quantile of .95, for the Wilson-Hilferty approximation of the chi-squared quantile. */
const Z95 = 1.6448536269514722;

/**
 * Population stability index of `current` against `reference`, in bins at the reference's quantiles (deciles by default).
 *
 * Without drift the index is distributed about as chi-squared with bins-1 degrees of freedom times (1/n + 1/m); the usual
 * fixed limits .1 and .25 ignore the sample sizes and cry wolf on small ones, so the threshold is computed. Empty bins
 * count with a share of 1e-4. Throws `InvariantError` for fewer than two values per bin in the reference.
 */
export function populationStabilityIndex(
  reference: readonly number[],
  current: readonly number[],
  options: { readonly bins?: number } = {},
): StabilityIndex {
  const { bins = 10 } = options;
  invariant(Number.isInteger(bins) && bins >= 2, () => `bins must be an integer >= 2, got ${bins}`);
  invariant(reference.length >= 2 * bins, () => `reference needs ${2 * bins} values, got ${reference.length}`);
  invariant(current.length > 0, 'current must not be empty');
  const edges = quantileEdges(reference, bins);
  const p = shares(reference, edges);
  const q = shares(current, edges);
  const index = p.reduce((sum, share, i) => sum + (share - q[i]) * Math.log(share / q[i]), 0);
  const nullThreshold = chiSquared95(bins - 1) * (1 / reference.length + 1 / current.length);
  return { index, nullThreshold, drifted: index > nullThreshold, bins };
}

/** Inner edges at the quantiles, linearly interpolated. */
function quantileEdges(values: readonly number[], bins: number): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return Array.from({ length: bins - 1 }, (_, i) => {
    const at = ((i + 1) / bins) * (sorted.length - 1);
    const low = Math.floor(at);
    return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
  });
}

function shares(values: readonly number[], edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    let bin = 0;
    while (bin < edges.length && value >= edges[bin]) bin++;
    counts[bin]++;
  }
  return counts.map((count) => (count === 0 ? EMPTY_SHARE : count / values.length));
}

/** 95 % quantile of chi-squared (Wilson and Hilferty, 1931; within 1 % from 2 degrees on). */
function chiSquared95(degreesOfFreedom: number): number {
  const a = 2 / (9 * degreesOfFreedom);
  return degreesOfFreedom * Math.pow(1 - a + Z95 * Math.sqrt(a), 3);
}
