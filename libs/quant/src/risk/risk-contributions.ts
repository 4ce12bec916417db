import { invariant } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';
import { dot, multiply } from '../linalg/products';

export interface RiskContributions {
  /** Portfolio standard deviation, in the period of the covariance. */
  readonly volatility: number;
  /** Share of portfolio variance per asset, w_i (Sw)_i / w'Sw; sums to 1. */
  readonly contributions: Float64Array;
  /** Change of volatility per unit of weight, (Sw)_i / volatility. */
  readonly marginal: Float64Array;
}

/** Euler decomposition of a portfolio's volatility; throws when the portfolio carries no variance. */
export function riskContributions(weights: ArrayLike<number>, covariance: AssetMatrix): RiskContributions {
  const n = covariance.assets.length;
  invariant(weights.length === n, () => `${n} assets need ${n} weights, got ${weights.length}`);
  const product = multiply(covariance.values, weights, n);
  const variance = dot(product, weights);
  invariant(variance > 0, () => `portfolio variance is ${variance}; contributions need it above 0`);
  const volatility = Math.sqrt(variance);
  return {
    volatility,
    contributions: product.map((value, i) => (value * weights[i]) / variance),
    marginal: product.map((value) => value / volatility),
  };
}

/** Portfolio standard deviation in the period of the covariance. */
export function portfolioVolatility(weights: ArrayLike<number>, covariance: AssetMatrix): number {
  return Math.sqrt(Math.max(0, dot(multiply(covariance.values, weights, weights.length), weights)));
}
