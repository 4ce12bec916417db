import { leadingEigen } from '../linalg/leading-eigen';

/** Turns of the subspace: the sum of the leading eigenvalues settles long before each of them, and a neighbour's is nearly right. */
const FIRST_ITERATIONS = 8;
const NEXT_ITERATIONS = 4;

/**
 * Share of the total variance of `assets` that their strongest fifth of principal components absorbs, from running second moments
 * (N x N, rows of the universe). `basis` of the last call saves most of the work when the assets are the same; undefined for fewer
 * than four assets or without variance.
 */
export function absorptionShare(
  moments: Float64Array,
  n: number,
  assets: readonly number[],
  basis?: Float64Array,
): { readonly share: number; readonly basis: Float64Array } | undefined {
  const m = assets.length;
  if (m < 4) return undefined;
  const own = new Float64Array(m * m);
  let total = 0;
  assets.forEach((i, a) => {
    assets.forEach((j, b) => (own[a * m + b] = moments[i * n + j]));
    total += own[a * m + a];
  });
  if (!(total > 0)) return undefined;
  const count = Math.max(1, Math.round(m / 5));
  const { values, vectors } = leadingEigen(own, m, count, {
    tolerance: 1e-8,
    ...(basis === undefined ? { iterationsMax: FIRST_ITERATIONS } : { iterationsMax: NEXT_ITERATIONS, start: basis }),
  });
  return { share: values.reduce((sum, value) => sum + value, 0) / total, basis: vectors };
}
