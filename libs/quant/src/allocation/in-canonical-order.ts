import { canonicalOrder, reorderAssets, type AssetMatrix } from '../linalg/asset-matrix';
import { reorderPanel, type ReturnPanel } from '../linalg/return-panel';
import type { AssetTreeOptions } from '../clustering/asset-tree';
import type { Allocated, AllocationConflict } from './allocation-result';
import type { ClusterRiskOptions } from './cluster-risk';
import { fitWeights } from './fit-weights';
import { findLimitConflict } from './limit-conflict';
import { resolveWeightLimits, type ResolvedLimits, type WeightLimits } from './weight-limits';

export interface HierarchicalOptions extends AssetTreeOptions, ClusterRiskOptions {
  readonly limits?: WeightLimits;
}

/** What an allocation method sees: everything by name order, limits known to be feasible. */
export interface CanonicalInput<O> {
  readonly covariance: AssetMatrix;
  readonly options: O;
  readonly limits: ResolvedLimits;
}

/**
 * Runs an allocation method with the assets sorted by name and puts its weights back in the caller's order, so that
 * column order cannot change a bit. Limits that the method did not meet itself are met by the nearest weights.
 */
export function inCanonicalOrder<O extends HierarchicalOptions, D extends object>(
  covariance: AssetMatrix,
  options: O,
  method: (input: CanonicalInput<O>) => { readonly weights: Float64Array; readonly details: D },
): (Allocated & D) | AllocationConflict {
  const order = canonicalOrder(covariance.assets);
  const sorted = reorderAssets(covariance, order);
  const limits = resolveWeightLimits(options.limits ?? {}, sorted.assets);
  const conflict = findLimitConflict(limits);
  if (conflict !== undefined) return { status: 'infeasible', assets: covariance.assets, conflict };
  const moved: { returns?: ReturnPanel; distances?: Float64Array } = {};
  if (options.returns !== undefined) moved.returns = reorderPanel(options.returns, order);
  if (options.distances !== undefined) {
    moved.distances = reorderAssets({ assets: covariance.assets, values: options.distances }, order).values;
  }
  const { weights, details } = method({ covariance: sorted, options: { ...options, ...moved }, limits });
  const fitted = fitWeights(weights, limits);
  const out = new Float64Array(order.length);
  order.forEach((position, i) => (out[position] = fitted.weights[i]));
  return {
    status: 'allocated',
    assets: covariance.assets,
    weights: out,
    violation: fitted.violation,
    projected: fitted.projected,
    ...details,
  };
}
