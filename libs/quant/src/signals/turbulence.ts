import { invariant } from '@allostat/kernel';
import { dotRange } from '../linalg/products';

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
  // Cholesky row by row, with the forward substitution along the way: `own` is the row that is being made
  const lower = new Float64Array(m * m);
  const solved = new Float64Array(m);
  let distance = 0;
  for (let a = 0; a < m; a++) {
    const i = assets[a];
    const value = returns[i];
    if (value === undefined) return undefined;
    const own = lower.subarray(a * m, (a + 1) * m);
    for (let b = 0; b < a; b++) {
      const moment = moments[i * n + assets[b]] * (1 - shrinkage);
      own[b] = (moment - dotRange(lower, b * m, own, b)) / lower[b * m + b];
    }
    const pivot = moments[i * n + i] - dotRange(lower, a * m, own, a);
    if (!(pivot > 0)) return undefined;
    own[a] = Math.sqrt(pivot);
    solved[a] = (value - dotRange(lower, a * m, solved, a)) / own[a];
    distance += solved[a] * solved[a];
  }
  return distance / m;
}
