import { invariant } from '@allostat/kernel';
import { dotRange } from '../linalg/products';

/** How unusual one bar was, against running moments. */
export interface RunningTurbulence {
  /** Squared distance over the number of assets: 1 is an ordinary day. */
  readonly turbulence: number;
  /** Turbulence over what it would be without correlations: how unusual the combination of the moves was; 1 is ordinary. */
  readonly correlationSurprise: number;
}

/**
 * Turbulence of one bar: squared Mahalanobis distance of the returns from zero under the given moments, over the number
 * of assets, so that 1 is an ordinary day (Kritzman and Li, 2010, with weighted moments about zero), and its part that the size of the
 * moves does not explain (Kinlaw and Turkington, 2014).
 *
 * `moments` is N x N row by row and must not contain the bar itself; `assets` are the indices to use. Off-diagonal
 * moments are shrunk by `shrinkage` (0.1) towards zero, which keeps the matrix positive definite. Undefined without assets, or when
 * one of them has no return or no variance of its own.
 */
export function turbulence(
  moments: Float64Array,
  returns: readonly (number | undefined)[],
  assets: readonly number[],
  options: { readonly shrinkage?: number } = {},
): RunningTurbulence | undefined {
  const { shrinkage = 0.1 } = options;
  invariant(shrinkage >= 0 && shrinkage <= 1, () => `shrinkage must be in [0, 1], got ${shrinkage}`);
  const n = returns.length;
  const m = assets.length;
  if (m === 0) return undefined;
  // Cholesky by tiles of two rows and two columns, so that what is read serves two sums; the forward substitution goes along
  const lower = new Float64Array(m * m);
  const solved = new Float64Array(m);
  let distance = 0;
  let magnitude = 0;
  for (let a = 0; a < m; a++) {
    const i = assets[a];
    const value = returns[i];
    if (value === undefined) return undefined;
    if (a % 2 === 0) twoRows(lower, moments, { assets, n, a, kept: 1 - shrinkage });
    else {
      const above = lower.subarray((a - 1) * m, a * m);
      const moment = moments[i * n + assets[a - 1]] * (1 - shrinkage);
      lower[a * m + a - 1] = (moment - dotRange(lower, a * m, above, a - 1)) / above[a - 1];
    }
    const own = lower.subarray(a * m, (a + 1) * m);
    const pivot = moments[i * n + i] - dotRange(lower, a * m, own, a);
    if (!(pivot > 0)) return undefined;
    own[a] = Math.sqrt(pivot);
    solved[a] = (value - dotRange(lower, a * m, solved, a)) / own[a];
    distance += solved[a] * solved[a];
    magnitude += (value * value) / moments[i * n + i];
  }
  return { turbulence: distance / m, correlationSurprise: magnitude > 0 ? distance / magnitude : 1 };
}

/** The elements of rows `a` (even) and `a + 1` in the columns before `a`. The last row of an odd number is made twice, alike. */
function twoRows(
  lower: Float64Array,
  moments: Float64Array,
  tile: { readonly assets: readonly number[]; readonly n: number; readonly a: number; readonly kept: number },
): void {
  const { assets, n, a, kept } = tile;
  const m = assets.length;
  const next = a + 1 < m ? a + 1 : a;
  const [one, two] = [a * m, next * m];
  const [oneMoments, twoMoments] = [assets[a] * n, assets[next] * n];
  for (let b = 0; b < a; b += 2) {
    const left = b * m;
    const right = left + m;
    let oneLeft = 0;
    let oneRight = 0;
    let twoLeft = 0;
    let twoRight = 0;
    for (let k = 0; k < b; k++) {
      const x = lower[one + k];
      const y = lower[two + k];
      const l = lower[left + k];
      const r = lower[right + k];
      oneLeft += x * l;
      oneRight += x * r;
      twoLeft += y * l;
      twoRight += y * r;
    }
    const x = (moments[oneMoments + assets[b]] * kept - oneLeft) / lower[left + b];
    const y = (moments[twoMoments + assets[b]] * kept - twoLeft) / lower[left + b];
    const off = lower[right + b];
    const pivot = lower[right + b + 1];
    lower[one + b] = x;
    lower[two + b] = y;
    lower[one + b + 1] = (moments[oneMoments + assets[b + 1]] * kept - (oneRight + x * off)) / pivot;
    lower[two + b + 1] = (moments[twoMoments + assets[b + 1]] * kept - (twoRight + y * off)) / pivot;
  }
}
