import { correlationDistance, distanceOfDistances, type CorrelationDistance } from './correlation-distance';
import { orderLeaves, type LeafOrder } from './leaf-order';
import { hierarchicalLinkage, type Linkage, type LinkageMethod } from './linkage';
import type { AssetMatrix } from '../linalg/asset-matrix';
import { correlationOf } from '../moments/sample-covariance';

export interface AssetTreeOptions {
  /** Default `ward`. */
  readonly linkageMethod?: LinkageMethod;
  /** Default `correlation`. */
  readonly distance?: CorrelationDistance;
  /** Cluster the Euclidean distance between the columns of the distance matrix (Lopez de Prado, 2016) instead of the distance itself. Default false. */
  readonly distanceOfDistances?: boolean;
  /** Default `scipy`, the order behind the published weights of skfolio and Riskfolio-Lib; `optimal` has the least sum of distances. */
  readonly leafOrder?: LeafOrder;
  /** n x n distances to use instead, in the order of the assets. */
  readonly distances?: Float64Array;
}

/** Assets clustered by how they move together. */
export interface AssetTree {
  readonly linkage: Linkage;
  /** Leaves from left to right. */
  readonly order: Int32Array;
  readonly distances: Float64Array;
}

/** The tree of the assets of a covariance matrix, leaves in a row. */
export function assetTree(covariance: AssetMatrix, options: AssetTreeOptions = {}): AssetTree {
  const n = covariance.assets.length;
  let distances = options.distances;
  if (distances === undefined) {
    distances = correlationDistance(correlationOf(covariance).correlation, n, options.distance);
    if (options.distanceOfDistances) distances = distanceOfDistances(distances, n);
  }
  const linkage = hierarchicalLinkage(distances, n, options.linkageMethod ?? 'ward');
  return { linkage, order: orderLeaves(linkage, distances, options.leafOrder ?? 'scipy'), distances };
}
