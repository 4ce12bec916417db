import { invariant } from '@allostat/kernel';

/**
 * Turbulence of one bar: squared Mahalanobis distance of the returns from zero under the given moments, over the number
 * of assets, so that 1 is an ordinary day (Kritzman and Li, 2010, with weighted moments about zero).
 *
 * `moments` is N x N row by row and must not contain the bar itself; `assets` are the indices to use. Off-diagonal
 * moments are shrunk by `shrinkage` (0.1) towards zero, which keeps the matrix positive definite.
 */
export function turbulence(
  moments: Float64Array,
  returns: readonly (number | undefined)[],
  assets: readonly number[],
  options: { readonly shrinkage?: number } = {},
): number | undefined {
  const { shrinkage = 0.1 } = options;
  invariant(shrinkage >= 0 && shrinkage <= 1, () => `shrinkage must be in [0, 1], got ${shrinkage}`);
  const n = returns.length;
  const m = assets.length;
  if (m === 0) return undefined;
  const lower = new Float64Array(m * m);
  const solved = new Float64Array(m);
  let distance = 0;
  for (let a = 0; a < m; a++) {
    const i = assets[a];
    const value = returns[i];
    if (value === undefined) return undefined;
    let rest = value;
    for (let b = 0; b <= a; b++) {
      let sum = moments[i * n + assets[b]] * (a === b ? 1 : 1 - shrinkage);
      for (let k = 0; k < b; k++) sum -= lower[a * m + k] * lower[b * m + k];
      if (a === b) {
        if (!(sum > 0)) return undefined;
        lower[a * m + a] = Math.sqrt(sum);
      } else {
        lower[a * m + b] = sum / lower[b * m + b];
        rest -= lower[a * m + b] * solved[b];
      }
    }
    solved[a] = rest / lower[a * m + a];
    distance += solved[a] * solved[a];
  }
  return distance / m;
}
