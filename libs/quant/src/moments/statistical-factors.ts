import type { AssetMatrix } from '../linalg/asset-matrix';
import type { FactorCovariance } from '../linalg/factor-covariance';
import { leadingEigen, type LeadingEigenOptions } from '../linalg/leading-eigen';

export interface StatisticalFactors {
  readonly covariance: FactorCovariance;
  /** Eigenvectors, to start from when the next covariance is a neighbour of this one. */
  readonly vectors: Float64Array;
}

/**
 * Principal factors of a covariance: the k directions of largest variance in common, and for each asset what these leave of its
 * variance. The diagonal is kept exactly. An asset that the factors explain whole keeps a millionth of its variance as its own.
 */
export function statisticalFactors(
  { assets, values }: AssetMatrix,
  factors: number,
  options: LeadingEigenOptions = {},
): StatisticalFactors {
  const n = assets.length;
  const eigen = leadingEigen(values, n, factors, options);
  const loadings = new Float64Array(n * factors);
  const specific = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let common = 0;
    for (let k = 0; k < factors; k++) {
      const loading = Math.sqrt(Math.max(0, eigen.values[k])) * eigen.vectors[k * n + i];
      loadings[i * factors + k] = loading;
      common += loading * loading;
    }
    const own = values[i * n + i];
    specific[i] = Math.max(own - common, 1e-6 * own);
  }
  return { covariance: { assets, factors, loadings, specific }, vectors: eigen.vectors };
}
