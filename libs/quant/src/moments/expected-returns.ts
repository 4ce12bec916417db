import { invariant, halfLifeDecay } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';
import { cholesky, choleskySolve } from '../linalg/cholesky';
import { dot, multiply, total } from '../linalg/products';
import type { ReturnPanel } from '../linalg/return-panel';
import { symmetricEigen } from '../linalg/symmetric-eigen';

/** Expected returns with what they rest on. */
export interface ExpectedReturns {
  /** Per period, in the order of the assets. */
  readonly mean: Float64Array;
  /** Weight of the common target, 0..1 for Bayes-Stein, unbounded above for James-Stein on noise. */
  readonly shrinkage: number;
  /** 1 - shrinkage clipped to 0..1: how much the assets' own histories still count. */
  readonly confidence: number;
}

export interface ShrinkageMeanOptions {
  /** Per period, divisor T - 1. */
  readonly covariance: AssetMatrix;
  readonly periods: number;
  /** Common value that all means are drawn to: their mean, or the return of the least-variance portfolio. Default grand mean. */
  readonly target?: 'grand-mean' | 'volatility-weighted';
}

/** Exponentially weighted mean return, weights normalised; uses only the panel's past. */
export function ewmaMean(panel: ReturnPanel, { halfLifePeriods }: { readonly halfLifePeriods: number }): Float64Array {
  invariant(halfLifePeriods > 0, () => `halfLifePeriods must be > 0, got ${halfLifePeriods}`);
  const n = panel.assets.length;
  const decay = halfLifeDecay(halfLifePeriods);
  const mean = new Float64Array(n);
  let weight = 0;
  for (let t = 0; t < panel.periods; t++) {
    weight = weight * decay + 1;
    for (let i = 0; i < n; i++) mean[i] = mean[i] * decay + panel.values[t * n + i];
  }
  return mean.map((value) => value / weight);
}

/** James-Stein mean: (sum of eigenvalues - 2 the largest) / (T |mean - target|^2) of the target; as in Jorion (1986) and skfolio. */
export function jamesSteinMean(sampleMean: Float64Array, options: ShrinkageMeanOptions): ExpectedReturns {
  const n = sampleMean.length;
  const goal = targetOf(sampleMean, options);
  const { values } = symmetricEigen(options.covariance.values, n);
  let distance = 0;
  for (const value of sampleMean) distance += Math.pow(value - goal, 2);
  invariant(distance > 0, 'all means are equal: there is nothing to shrink');
  return shrunk(sampleMean, goal, (total(values) - 2 * values[0]) / (options.periods * distance));
}

/** Bayes-Stein mean: (n + 2) / (n + 2 + T d'S^-1 d) of the target, d = mean - target. Jorion (1986), JFQA 21. */
export function bayesSteinMean(sampleMean: Float64Array, options: ShrinkageMeanOptions): ExpectedReturns {
  const n = sampleMean.length;
  const goal = targetOf(sampleMean, options);
  const gap = sampleMean.map((value) => value - goal);
  const form = dot(gap, solve(options.covariance, gap));
  return shrunk(sampleMean, goal, (n + 2) / (n + 2 + options.periods * form));
}

/** Returns that make `weights` optimal for a mean-variance investor: riskAversion times S w. Sharpe (1974), Black-Litterman's prior. */
export function equilibriumReturns(
  covariance: AssetMatrix,
  { weights, riskAversion = 1 }: { readonly weights: ArrayLike<number>; readonly riskAversion?: number },
): Float64Array {
  return multiply(covariance.values, weights, covariance.assets.length).map((value) => riskAversion * value);
}

function targetOf(mean: Float64Array, { covariance, target = 'grand-mean' }: ShrinkageMeanOptions): number {
  if (target === 'grand-mean') return total(mean) / mean.length;
  const inverse = solve(covariance, new Float64Array(mean.length).fill(1));
  return dot(inverse, mean) / total(inverse);
}

function shrunk(mean: Float64Array, goal: number, shrinkage: number): ExpectedReturns {
  return {
    mean: mean.map((value) => (1 - shrinkage) * value + shrinkage * goal),
    shrinkage,
    confidence: Math.max(0, Math.min(1, 1 - shrinkage)),
  };
}

function solve(covariance: AssetMatrix, b: Float64Array): Float64Array {
  const factor = cholesky(covariance.values, covariance.assets.length);
  invariant(
    factor.status === 'factored',
    'the covariance must be positive definite; use more periods than assets or a shrunk covariance',
  );
  return choleskySolve(factor, b.slice());
}
