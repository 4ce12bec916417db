import { invariant } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';
import type { ReturnPanel } from '../linalg/return-panel';
import { crossProduct } from '../linalg/cross-product';
import { covarianceFrom, sampleMean } from './sample-covariance';

/**
 * Gerber covariance: pairs count only when both returns pass `threshold` standard deviations (divisor T), up or down.
 * Gerber, Markowitz, Ernst, Miao, Javid and Sargen (2022), J. Portfolio Management 48. `positiveSemiDefinite` divides by
 * the periods in which either asset passes; otherwise by the geometric mean of the own counts. Uses the whole panel.
 */
export function gerberCovariance(
  panel: ReturnPanel,
  { threshold = 0.5, positiveSemiDefinite = true } = {},
): AssetMatrix {
  invariant(threshold > 0 && threshold < 3, () => `threshold must lie in 0..3 standard deviations, got ${threshold}`);
  const n = panel.assets.length;
  const { periods, values } = panel;
  const mean = sampleMean(panel);
  const sd = new Float64Array(n);
  for (let k = 0; k < values.length; k++) sd[k % n] += Math.pow(values[k] - mean[k % n], 2) / periods;
  for (let i = 0; i < n; i++) sd[i] = Math.sqrt(sd[i]);
  const signs = values.map((value, k) => (Math.abs(value) >= threshold * sd[k % n] ? Math.sign(value) : 0));
  const agreement = crossProduct(signs, periods, n);
  const quiet = crossProduct(
    signs.map((sign) => (sign === 0 ? 1 : 0)),
    periods,
    n,
  );
  const correlation = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const scale = positiveSemiDefinite
        ? periods - quiet[i * n + j]
        : Math.sqrt(agreement[i * n + i] * agreement[j * n + j]);
      invariant(
        scale > 0,
        () => `no return of ${panel.assets[i]} or ${panel.assets[j]} passes the threshold ${threshold}`,
      );
      correlation[i * n + j] = agreement[i * n + j] / scale;
    }
  }
  return covarianceFrom(panel.assets, sd, correlation);
}
