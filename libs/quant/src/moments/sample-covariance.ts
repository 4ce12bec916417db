import { InputError, invariant } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';
import type { ReturnPanel } from '../linalg/return-panel';
import { crossProduct } from '../linalg/cross-product';

/** Mean simple return of each asset per period. Uses the whole panel. */
export function sampleMean(panel: ReturnPanel): Float64Array {
  const { values, periods } = panel;
  const n = panel.assets.length;
  const mean = new Float64Array(n);
  for (let t = 0, k = 0; t < periods; t++) for (let i = 0; i < n; i++, k++) mean[i] += values[k];
  for (let i = 0; i < n; i++) mean[i] /= periods;
  return mean;
}

/** Returns less the mean of their asset, T x n. */
export function centredReturns(panel: ReturnPanel, mean = sampleMean(panel)): Float64Array {
  const { values, periods } = panel;
  const n = panel.assets.length;
  const out = new Float64Array(values.length);
  for (let t = 0, k = 0; t < periods; t++) for (let i = 0; i < n; i++, k++) out[k] = values[k] - mean[i];
  return out;
}

/** Sample covariance per period with divisor T - `degreesOfFreedom` (default 1). Uses the whole panel. */
export function sampleCovariance(panel: ReturnPanel, { degreesOfFreedom = 1 } = {}): AssetMatrix {
  const n = panel.assets.length;
  invariant(
    panel.periods > degreesOfFreedom,
    () => `${panel.periods} periods leave no degree of freedom after ${degreesOfFreedom}`,
  );
  const values = crossProduct(
    panel.values,
    panel.periods,
    n,
    1 / (panel.periods - degreesOfFreedom),
    sampleMean(panel),
  );
  return { assets: panel.assets, values };
}

/** Standard deviations and the correlation matrix; throws `InputError` naming an asset whose variance is not positive. */
export function correlationOf(covariance: AssetMatrix): { volatilities: Float64Array; correlation: Float64Array } {
  const n = covariance.assets.length;
  const volatilities = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const variance = covariance.values[i * n + i];
    if (!(variance > 0 && variance < Infinity)) {
      throw new InputError(
        `variance of ${covariance.assets[i]} is ${variance}; it must be positive and finite`,
        { field: covariance.assets[i] },
        'leave out assets that do not move (hold cash outside the risk model)',
      );
    }
    volatilities[i] = Math.sqrt(variance);
  }
  const correlation = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    correlation[i * n + i] = 1;
    for (let j = 0; j < i; j++) {
      const raw = covariance.values[i * n + j] / (volatilities[i] * volatilities[j]);
      correlation[i * n + j] = correlation[j * n + i] = Math.max(-1, Math.min(1, raw));
    }
  }
  return { volatilities, correlation };
}

/** Covariance from standard deviations and correlations. */
export function covarianceFrom(
  assets: readonly string[],
  volatilities: ArrayLike<number>,
  correlation: ArrayLike<number>,
): AssetMatrix {
  const n = assets.length;
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) values[i * n + j] = correlation[i * n + j] * volatilities[i] * volatilities[j];
  }
  return { assets, values };
}
