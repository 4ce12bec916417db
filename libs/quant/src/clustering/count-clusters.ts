import { cutTree } from './cut-tree';
import type { Linkage } from './linkage';

export interface ClusterCount {
  readonly clusters: number;
  /** Sum over clusters of the standard deviation of the distances inside, for 1, 2, ... clusters. */
  readonly dispersion: readonly number[];
}

/**
 * Number of clusters at which the dispersion inside clusters bends most: largest second difference of the sum over
 * clusters of the standard deviation of their inner distances, as Riskfolio-Lib has the two-difference gap statistic of
 * Yue, Wang and Wei (2008), J. Zhejiang Univ. At most `clustersMax` (default 10) and sqrt(n) + 2; 2 is the least unless n is below 3.
 */
export function countClusters(linkage: Linkage, distances: Float64Array, { clustersMax = 10 } = {}): ClusterCount {
  const { n } = linkage;
  const limit = Math.min(n, clustersMax, Math.floor(Math.sqrt(n)) + 2);
  const dispersion = Array.from({ length: limit }, (_, k) => dispersionInside(cutTree(linkage, k + 1), distances, n));
  let clusters = Math.min(n, 2);
  let most = -Infinity;
  for (let k = 0; k + 2 < dispersion.length; k++) {
    const bend = dispersion[k + 2] + dispersion[k] - 2 * dispersion[k + 1];
    if (bend > most) {
      most = bend;
      clusters = k + 2;
    }
  }
  return { clusters, dispersion };
}

function dispersionInside(labels: Int32Array, d: Float64Array, n: number): number {
  const groups = new Map<number, number[]>();
  labels.forEach((label, leaf) => groups.set(label, [...(groups.get(label) ?? []), leaf]));
  let sum = 0;
  for (const members of groups.values()) {
    const inner = members.flatMap((i, a) => members.slice(0, a).map((j) => d[i * n + j]));
    if (inner.length === 0) continue;
    const mean = inner.reduce((x, y) => x + y, 0) / inner.length;
    sum += Math.sqrt(inner.reduce((x, y) => x + (y - mean) ** 2, 0) / inner.length);
  }
  return sum;
}
