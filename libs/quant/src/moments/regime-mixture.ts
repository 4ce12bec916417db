import { invariant } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';

export interface RegimeMoments {
  readonly mean: Float64Array;
  readonly covariance: AssetMatrix;
}

/**
 * Mean and covariance of next period's returns when the regime is known only by its forecast probabilities.
 * The covariance is the average one plus the spread of the regimes' means: not knowing the regime is a risk too.
 * Probabilities must be >= 0 and sum to 1 within 1e-9; all regimes must have the same assets in the same order.
 */
export function mixtureMoments(regimes: readonly RegimeMoments[], probabilities: readonly number[]): RegimeMoments {
  invariant(regimes.length > 0 && regimes.length === probabilities.length, 'each regime needs one probability');
  const sum = probabilities.reduce((a, b) => a + b, 0);
  invariant(
    probabilities.every((p) => p >= 0) && Math.abs(sum - 1) <= 1e-9,
    () => `probabilities must be >= 0 and sum to 1, got a sum of ${sum}`,
  );
  const { assets } = regimes[0].covariance;
  const n = assets.length;
  invariant(
    regimes.every(
      ({ covariance, mean }) => mean.length === n && covariance.assets.every((asset, i) => asset === assets[i]),
    ),
    'all regimes must have the same assets in the same order',
  );
  const mean = new Float64Array(n);
  regimes.forEach((regime, k) => regime.mean.forEach((value, i) => (mean[i] += probabilities[k] * value)));
  const values = new Float64Array(n * n);
  regimes.forEach((regime, k) => {
    for (let i = 0; i < n; i++) {
      const gap = regime.mean[i] - mean[i];
      for (let j = 0; j < n; j++) {
        values[i * n + j] +=
          probabilities[k] * (regime.covariance.values[i * n + j] + gap * (regime.mean[j] - mean[j]));
      }
    }
  });
  return { mean, covariance: { assets, values } };
}

/** Mean and covariance (divisor: sum of weights) of a T x n panel with each period weighted by the probability of a regime. */
export function regimeConditionalMoments(
  panel: { readonly assets: readonly string[]; readonly periods: number; readonly values: Float64Array },
  weights: ArrayLike<number>,
): RegimeMoments {
  const n = panel.assets.length;
  invariant(
    weights.length === panel.periods,
    () => `${panel.periods} periods need as many weights, got ${weights.length}`,
  );
  let sum = 0;
  for (let t = 0; t < weights.length; t++) sum += weights[t];
  invariant(sum > 0, 'the weights of a regime must not all be zero');
  const mean = new Float64Array(n);
  for (let t = 0; t < panel.periods; t++) {
    for (let i = 0; i < n; i++) mean[i] += (weights[t] / sum) * panel.values[t * n + i];
  }
  const values = new Float64Array(n * n);
  for (let t = 0; t < panel.periods; t++) {
    const share = weights[t] / sum;
    if (share === 0) continue;
    for (let i = 0; i < n; i++) {
      const gap = share * (panel.values[t * n + i] - mean[i]);
      for (let j = 0; j <= i; j++) values[i * n + j] += gap * (panel.values[t * n + j] - mean[j]);
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) values[j * n + i] = values[i * n + j];
  return { mean, covariance: { assets: panel.assets, values } };
}
