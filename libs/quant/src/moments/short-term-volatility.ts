import { invariant, halfLifeDecay } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';
import { cholesky, choleskySolve } from '../linalg/cholesky';
import { dot, quadraticForm } from '../linalg/products';

/** What one bar's surprise is measured on. */
export type SurpriseTarget = 'diagonal' | 'portfolio' | 'mahalanobis';

/** Running mean of squared surprises; plain data. */
export interface ShortTermVolatilityState {
  readonly bars: number;
  readonly squares: number;
  readonly weight: number;
}

export const initialShortTermVolatility: ShortTermVolatilityState = { bars: 0, squares: 0, weight: 0 };

/**
 * Squared size of one bar's returns against the covariance forecast before it, 1 on average when the forecast is right.
 * `portfolio` needs weights.
 */
export function squaredSurprise(
  returns: Float64Array,
  covariance: AssetMatrix,
  { target = 'diagonal' as SurpriseTarget, weights }: { target?: SurpriseTarget; weights?: ArrayLike<number> } = {},
): number {
  const n = covariance.assets.length;
  invariant(returns.length === n, () => `${n} assets need ${n} returns, got ${returns.length}`);
  if (target === 'diagonal') {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (returns[i] * returns[i]) / covariance.values[i * n + i];
    return sum / n;
  }
  if (target === 'portfolio') {
    invariant(weights !== undefined, 'the surprise of a portfolio needs its weights');
    return Math.pow(dot(returns, weights), 2) / quadraticForm(covariance.values, weights);
  }
  const factor = cholesky(covariance.values, n);
  invariant(
    factor.status === 'factored',
    () =>
      `the covariance is not positive definite (${covariance.assets[(factor as { pivot: number }).pivot]}); use the diagonal surprise`,
  );
  return dot(returns, choleskySolve(factor, returns.slice())) / n;
}

/** The state after a squared surprise; `halfLifeBars` above 0, usually a quarter to a half of the covariance's own. */
export function updateShortTermVolatility(
  state: ShortTermVolatilityState,
  surprise: number,
  { halfLifeBars }: { readonly halfLifeBars: number },
): ShortTermVolatilityState {
  invariant(Number.isFinite(surprise) && surprise >= 0, () => `a squared surprise must be >= 0, got ${surprise}`);
  const decay = halfLifeDecay(halfLifeBars);
  return { bars: state.bars + 1, squares: state.squares * decay + surprise, weight: state.weight * decay + 1 };
}

/**
 * Factor by which volatilities should be scaled now, kept inside `min`..`max` (default .7..1.6); undefined before
 * `barsMin` bars (default 20). The root-mean-square form of the short-term volatility update in skfolio's regime-adjusted covariance.
 */
export function volatilityMultiplier(
  state: ShortTermVolatilityState,
  { min = 0.7, max = 1.6, barsMin = 20 } = {},
): number | undefined {
  if (state.bars < barsMin) return undefined;
  return Math.min(max, Math.max(min, Math.sqrt(state.squares / state.weight)));
}
