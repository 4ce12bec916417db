import { InputError } from '@allostat/kernel';
import type { AssetMatrix } from './asset-matrix';

/** A covariance as a few common factors and what is each asset's own: loadings loadings' + diag(specific). */
export interface FactorCovariance {
  readonly assets: readonly string[];
  readonly factors: number;
  /** n x factors, row by row: exposure of each asset to factors of variance 1. */
  readonly loadings: Float64Array;
  /** Variance of its own, one an asset, above 0. */
  readonly specific: Float64Array;
}

/** Checks lengths and values; throws `InputError` naming the asset. */
export function checkFactorCovariance({ assets, factors, loadings, specific }: FactorCovariance): void {
  const n = assets.length;
  if (!Number.isInteger(factors) || factors < 0 || loadings.length !== n * factors || specific.length !== n) {
    throw new InputError(
      `a covariance of ${n} assets and ${factors} factors needs ${n * factors} loadings and ${n} specific variances`,
      { field: 'factorCovariance' },
    );
  }
  assets.forEach((asset, i) => {
    const row = loadings.subarray(i * factors, (i + 1) * factors);
    if (specific[i] > 0 && specific[i] < Infinity && row.every(Number.isFinite)) return;
    throw new InputError(
      `the specific variance of ${asset} is ${specific[i]}; it must be positive, and its loadings finite`,
      { field: asset },
    );
  });
}

/** Common part loadings' w, one a factor. */
export function factorExposure({ factors, loadings }: FactorCovariance, w: ArrayLike<number>): Float64Array {
  const out = new Float64Array(factors);
  for (let i = 0, at = 0; i < w.length; i++) for (let k = 0; k < factors; k++, at++) out[k] += loadings[at] * w[i];
  return out;
}

/** Covariance times w, length n. */
export function factorProduct(covariance: FactorCovariance, w: ArrayLike<number>): Float64Array {
  const { factors, loadings, specific } = covariance;
  const exposure = factorExposure(covariance, w);
  return specific.map((variance, i) => {
    let sum = variance * w[i];
    for (let k = 0, at = i * factors; k < factors; k++, at++) sum += loadings[at] * exposure[k];
    return sum;
  });
}

/** Variance of each asset. */
export function factorVariances({ factors, loadings, specific }: FactorCovariance): Float64Array {
  return specific.map((variance, i) => {
    let sum = variance;
    for (let k = 0, at = i * factors; k < factors; k++, at++) sum += loadings[at] * loadings[at];
    return sum;
  });
}

/** The whole matrix, for whoever needs it. */
export function denseCovariance({ assets, factors, loadings, specific }: FactorCovariance): AssetMatrix {
  const n = assets.length;
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? specific[i] : 0;
      for (let k = 0; k < factors; k++) sum += loadings[i * factors + k] * loadings[j * factors + k];
      values[i * n + j] = values[j * n + i] = sum;
    }
  }
  return { assets, values };
}

/** The same with its assets taken in `order` (positions in the old one). */
export function reorderFactorCovariance(
  { assets, factors, loadings, specific }: FactorCovariance,
  order: Int32Array,
): FactorCovariance {
  const moved = new Float64Array(loadings.length);
  order.forEach((from, to) => moved.set(loadings.subarray(from * factors, (from + 1) * factors), to * factors));
  return {
    assets: Array.from(order, (i) => assets[i]),
    factors,
    loadings: moved,
    specific: Float64Array.from(order, (i) => specific[i]),
  };
}
