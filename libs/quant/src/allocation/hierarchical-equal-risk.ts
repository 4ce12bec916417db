import { assetTree, type AssetTree } from '../clustering/asset-tree';
import { countClusters } from '../clustering/count-clusters';
import { cutTree } from '../clustering/cut-tree';
import type { AssetMatrix } from '../linalg/asset-matrix';
import type { Allocated, AllocationConflict } from './allocation-result';
import { clusterRisk, type ClusterRisk } from './cluster-risk';
import { inCanonicalOrder, type HierarchicalOptions } from './in-canonical-order';

export interface HierarchicalEqualRiskOptions extends HierarchicalOptions {
  /** Number of clusters; left out, `countClusters` decides. */
  readonly clusters?: number;
  readonly clustersMax?: number;
}

/** Clusters as lists of assets, as they were used. */
export interface ClusterDetails {
  readonly clusters: readonly (readonly string[])[];
}

export type HierarchicalEqualRiskResult = (Allocated & ClusterDetails) | AllocationConflict;

/**
 * Hierarchical equal risk contribution: down the tree money goes to the two branches in inverse proportion to the sum of
 * their clusters' risks, inside a cluster in inverse proportion to each asset's risk. Raffinot (2018), SSRN 3237540, as
 * Riskfolio-Lib and skfolio have it. Asset and group limits are met by the nearest weights (`projectWeights`). Single
 * linkage can concentrate it absurdly: check `effectiveNumberOfAssets` before anybody signs.
 */
export function hierarchicalEqualRisk(
  covariance: AssetMatrix,
  options: HierarchicalEqualRiskOptions = {},
): HierarchicalEqualRiskResult {
  return inCanonicalOrder(covariance, options, ({ covariance: sorted, options: moved }) => {
    const tree = assetTree(sorted, moved);
    const members = clusterMembers(tree, moved);
    const weights = spread(tree, members, clusterRisk(sorted, moved));
    return { weights, details: { clusters: members.map((list) => list.map((i) => sorted.assets[i])) } };
  });
}

/** Clusters of a tree as lists of positions; their number asked for or counted. */
export function clusterMembers(
  tree: AssetTree,
  { clusters, clustersMax }: { readonly clusters?: number; readonly clustersMax?: number },
): number[][] {
  const count =
    clusters ?? countClusters(tree.linkage, tree.distances, clustersMax === undefined ? {} : { clustersMax }).clusters;
  const labels = cutTree(tree.linkage, count);
  const members: number[][] = Array.from({ length: count }, () => []);
  labels.forEach((label, leaf) => members[label].push(leaf));
  return members;
}

function spread({ linkage }: AssetTree, members: readonly number[][], risk: ClusterRisk): Float64Array {
  const { n, left, right } = linkage;
  const clusterOf = new Int32Array(n);
  members.forEach((list, cluster) => list.forEach((leaf) => (clusterOf[leaf] = cluster)));
  const risks = members.map((list) => risk.of(list));
  const inner = members.map((list) => risk.inverseWeights(list));
  const below = clustersBelow(linkage.n, left, right, clusterOf);
  const weights = new Float64Array(n);
  const give = (node: number, money: number): void => {
    const clusters = below[node];
    if (clusters.length === 1) {
      const [cluster] = clusters;
      members[cluster].forEach((leaf, k) => (weights[leaf] = money * inner[cluster][k]));
      return;
    }
    const a = left[node - n];
    const b = right[node - n];
    const riskOf = (branch: number): number => below[branch].reduce((sum, cluster) => sum + risks[cluster], 0);
    const share = 1 - riskOf(a) / (riskOf(a) + riskOf(b));
    give(a, money * share);
    give(b, money * (1 - share));
  };
  give(2 * n - 2, 1);
  return weights;
}

/** Clusters found under every node, ascending. */
function clustersBelow(n: number, left: Int32Array, right: Int32Array, clusterOf: Int32Array): number[][] {
  const below: number[][] = Array.from({ length: n }, (_, leaf) => [clusterOf[leaf]]);
  for (let k = 0; k < n - 1; k++) {
    below.push([...new Set([...below[left[k]], ...below[right[k]]])].sort((x, y) => x - y));
  }
  return below;
}
