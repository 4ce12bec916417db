import { invariant, halfLifeDecay } from '@allostat/kernel';

/**
 * Exponentially weighted second moments of returns about zero, updated in place of a copy.
 *
 * `moments` is N x N row by row, `counts` the number of returns each asset has had so far (N). A pair is updated only when
 * both returns are present; until 1/(1-decay) returns exist the plain mean is taken, so that the start is not biased to 0.
 * Uses only the returns given so far. Returns new arrays; the inputs are not changed.
 */
export function updateEwmCovariance(
  moments: Float64Array,
  counts: readonly number[],
  returns: readonly (number | undefined)[],
  decay: number,
): Float64Array {
  const n = returns.length;
  invariant(moments.length === n * n, () => `moments must have ${n * n} elements, got ${moments.length}`);
  invariant(decay > 0 && decay < 1, () => `decay must be in (0, 1), got ${decay}`);
  const next = moments.slice();
  const values = Float64Array.from(returns, (value) => (value === undefined ? NaN : value));
  const seen = Float64Array.from(counts);
  const least = 1 - decay;
  for (let i = 0; i < n; i++) {
    const own = values[i];
    const ownCount = seen[i];
    if (Number.isNaN(own)) continue;
    for (let j = 0, at = i * n, mirror = i; j <= i; j++, at++, mirror += n) {
      if (Number.isNaN(values[j])) continue;
      const count = ownCount < seen[j] ? ownCount : seen[j];
      const plain = 1 / (count + 1);
      const value = moments[at] + (plain > least ? plain : least) * (own * values[j] - moments[at]);
      next[at] = value;
      next[mirror] = value;
    }
  }
  return next;
}

/** Decay per bar of a half-life in bars: 0.5^(1/halfLifeBars). */
export function decayOfHalfLife(halfLifeBars: number): number {
  invariant(halfLifeBars > 0, () => `halfLifeBars must be > 0, got ${halfLifeBars}`);
  return halfLifeDecay(halfLifeBars);
}

/** Correlation of assets i and j of an N x N moment matrix; undefined when either has no variance. */
export function pairCorrelation(moments: Float64Array, n: number, i: number, j: number): number | undefined {
  const scale = moments[i * n + i] * moments[j * n + j];
  return scale > 0 ? moments[i * n + j] / Math.sqrt(scale) : undefined;
}

/** Mean of the correlations between all pairs of the given assets; undefined when there is no pair with variance. */
export function averageCorrelation(moments: Float64Array, n: number, assets: readonly number[]): number | undefined {
  let sum = 0;
  let pairs = 0;
  for (let a = 0; a < assets.length; a++) {
    for (let b = 0; b < a; b++) {
      const value = pairCorrelation(moments, n, assets[a], assets[b]);
      if (value === undefined) continue;
      sum += value;
      pairs++;
    }
  }
  return pairs === 0 ? undefined : sum / pairs;
}
