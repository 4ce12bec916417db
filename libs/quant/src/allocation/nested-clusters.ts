import { assetTree } from '../clustering/asset-tree';
import { reorderAssets, type AssetMatrix } from '../linalg/asset-matrix';
import type { Allocated, AllocationConflict } from './allocation-result';
import { clusterMembers, type ClusterDetails, type HierarchicalEqualRiskOptions } from './hierarchical-equal-risk';
import { inCanonicalOrder } from './in-canonical-order';
import { minimumVarianceWeights } from './minimum-variance';
import { equalRiskWeights } from './risk-budgeting';
import { resolveWeightLimits } from './weight-limits';

/** How a covariance becomes weights inside a cluster and between clusters. */
export type InnerAllocation = 'minimum-variance' | 'equal-risk';

export interface NestedClustersOptions extends HierarchicalEqualRiskOptions {
  /** Default `minimum-variance` for both. */
  readonly inside?: InnerAllocation;
  readonly between?: InnerAllocation;
}

export type NestedClustersResult = (Allocated & ClusterDetails) | AllocationConflict;

const allocate: Record<InnerAllocation, (covariance: AssetMatrix) => Float64Array> = {
  'minimum-variance': (covariance) => minimumVarianceWeights(covariance, resolveWeightLimits({}, covariance.assets)),
  'equal-risk': (covariance) => equalRiskWeights(covariance),
};

/**
 * Nested clustered optimization: weights inside each cluster first, then between the clusters' portfolios.
 * Lopez de Prado (2019), SSRN 3469961; exact inner solutions. Limits are met by the nearest weights (`projectWeights`).
 * Throws `InputError` on a singular covariance with `minimum-variance`.
 */
export function nestedClusters(covariance: AssetMatrix, options: NestedClustersOptions = {}): NestedClustersResult {
  const { inside = 'minimum-variance', between = 'minimum-variance' } = options;
  return inCanonicalOrder(covariance, options, ({ covariance: sorted, options: moved }) => {
    const n = sorted.assets.length;
    const members = clusterMembers(assetTree(sorted, moved), moved);
    const inner = members.map((list) => allocate[inside](reorderAssets(sorted, list)));
    const k = members.length;
    const values = new Float64Array(k * k);
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) {
        let sum = 0;
        members[a].forEach((i, p) =>
          members[b].forEach((j, q) => (sum += inner[a][p] * inner[b][q] * sorted.values[i * n + j])),
        );
        values[a * k + b] = sum;
      }
    }
    const outer = allocate[between]({ assets: members.map((list) => sorted.assets[list[0]]), values });
    const weights = new Float64Array(n);
    members.forEach((list, a) => list.forEach((i, p) => (weights[i] = outer[a] * inner[a][p])));
    return { weights, details: { clusters: members.map((list) => list.map((i) => sorted.assets[i])) } };
  });
}
