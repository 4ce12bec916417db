import { invariant } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';
import type { ReturnPanel } from '../linalg/return-panel';
import { riskMeasureOf, type RiskMeasure, type RiskMeasureOptions } from '../risk/risk-measure';

export interface ClusterRiskOptions extends RiskMeasureOptions {
  /** Default `variance`. Measures other than volatility and variance need `returns`. */
  readonly riskMeasure?: RiskMeasure;
  /** Returns behind the covariance; same assets, same order. */
  readonly returns?: ReturnPanel;
}

/** Risk of single assets and of the inverse-risk portfolio of some of them. */
export interface ClusterRisk {
  readonly single: Float64Array;
  /** Weights in proportion to the inverse of each member's risk, summing to 1. */
  inverseWeights(members: ArrayLike<number>): Float64Array;
  /** Risk of that portfolio. */
  of(members: ArrayLike<number>): number;
}

/** Chooses how risk is measured inside a tree. Covariance measures use only the covariance, all others the returns. */
export function clusterRisk(covariance: AssetMatrix, options: ClusterRiskOptions = {}): ClusterRisk {
  const measure = options.riskMeasure ?? 'variance';
  const n = covariance.assets.length;
  const byCovariance = measure === 'variance' || measure === 'volatility';
  const panel = options.returns;
  if (!byCovariance) {
    invariant(panel !== undefined, `the risk measure ${measure} needs the returns behind the covariance`);
    invariant(
      panel.assets.length === n && panel.assets.every((asset, i) => asset === covariance.assets[i]),
      'returns and covariance must have the same assets in the same order',
    );
  }
  const series = (members: ArrayLike<number>, weights: Float64Array): Float64Array => {
    const source = panel as ReturnPanel;
    const out = new Float64Array(source.periods);
    for (let t = 0; t < source.periods; t++) {
      let sum = 0;
      for (let k = 0; k < members.length; k++) sum += source.values[t * n + members[k]] * weights[k];
      out[t] = sum;
    }
    return out;
  };
  const risk = (members: ArrayLike<number>, weights: Float64Array): number => {
    if (!byCovariance) return riskMeasureOf(series(members, weights), measure, options);
    let sum = 0;
    for (let a = 0; a < members.length; a++) {
      const row = members[a] * n;
      let inner = 0;
      for (let b = 0; b < a; b++) inner += covariance.values[row + members[b]] * weights[b];
      sum += weights[a] * (2 * inner + covariance.values[row + members[a]] * weights[a]);
    }
    return measure === 'volatility' ? Math.sqrt(Math.max(0, sum)) : Math.max(0, sum);
  };
  const single = Float64Array.from({ length: n }, (_, i) => risk([i], Float64Array.of(1)));
  for (let i = 0; i < n; i++) {
    invariant(single[i] > 0, () => `the ${measure} of ${covariance.assets[i]} is ${single[i]}; it must be above 0`);
  }
  const inverseWeights = (members: ArrayLike<number>): Float64Array => {
    const weights = new Float64Array(members.length);
    let sum = 0;
    for (let k = 0; k < members.length; k++) sum += weights[k] = 1 / single[members[k]];
    for (let k = 0; k < members.length; k++) weights[k] /= sum;
    return weights;
  };
  return { single, inverseWeights, of: (members) => risk(members, inverseWeights(members)) };
}
