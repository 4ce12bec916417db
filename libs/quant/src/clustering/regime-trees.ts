import { invariant } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';
import { adjustedRand } from './adjusted-rand';
import { assetTree, type AssetTree, type AssetTreeOptions } from './asset-tree';
import { countClusters } from './count-clusters';
import { cutTree } from './cut-tree';

/** The clusters of one regime. */
export interface RegimeTree extends AssetTree {
  readonly regime: string;
  readonly clusters: number;
  /** Cluster of each asset. */
  readonly labels: Int32Array;
}

export interface RegimeTrees {
  readonly trees: readonly RegimeTree[];
  /** Adjusted Rand index between the clusters of regimes p and q at `agreement[p][q]`; 1 means that assets group alike. */
  readonly agreement: readonly (readonly number[])[];
}

/** Clusters the assets by their behaviour in each regime and says how much the regimes agree. */
export function regimeTrees(
  regimes: readonly { readonly regime: string; readonly covariance: AssetMatrix }[],
  { clusters, ...options }: AssetTreeOptions & { readonly clusters?: number } = {},
): RegimeTrees {
  invariant(regimes.length > 0, 'at least one regime is needed');
  const trees = regimes.map(({ regime, covariance }) => {
    const tree = assetTree(covariance, options);
    const count = clusters ?? countClusters(tree.linkage, tree.distances).clusters;
    return { ...tree, regime, clusters: count, labels: cutTree(tree.linkage, count) };
  });
  return { trees, agreement: trees.map((a) => trees.map((b) => adjustedRand(a.labels, b.labels))) };
}
