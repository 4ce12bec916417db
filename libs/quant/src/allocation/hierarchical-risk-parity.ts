import { assetTree } from '../clustering/asset-tree';
import type { Linkage } from '../clustering/linkage';
import type { AssetMatrix } from '../linalg/asset-matrix';
import type { Allocated, AllocationConflict } from './allocation-result';
import { clusterRisk, type ClusterRisk } from './cluster-risk';
import { inCanonicalOrder, type HierarchicalOptions } from './in-canonical-order';
import type { ResolvedLimits } from './weight-limits';

export type HierarchicalRiskParityOptions = HierarchicalOptions;

export type HierarchicalRiskParityResult =
  (Allocated & { readonly linkage: Linkage; readonly order: readonly string[] }) | AllocationConflict;

/**
 * Hierarchical risk parity: assets in the order of their tree, the money halved again and again in inverse proportion
 * to the risk of the two halves. Lopez de Prado (2016), J. Portfolio Management 42; unique.
 *
 * Departs from the paper: leaves are reordered by distance (the paper's order depends on the order of input columns), the
 * correlation distance itself is clustered unless `distanceOfDistances`, the default linkage is ward. Asset bounds are
 * met at every split; group limits by the nearest weights in relative terms (`projectWeights`). Assets are taken by
 * name, so column order changes no bit. Throws `InputError` on an asset without variance.
 */
export function hierarchicalRiskParity(
  covariance: AssetMatrix,
  options: HierarchicalRiskParityOptions = {},
): HierarchicalRiskParityResult {
  return inCanonicalOrder(covariance, options, ({ covariance: sorted, options: moved, limits }) => {
    const tree = assetTree(sorted, moved);
    const weights = bisect(tree.order, clusterRisk(sorted, moved), limits);
    return { weights, details: { linkage: tree.linkage, order: Array.from(tree.order, (i) => sorted.assets[i]) } };
  });
}

/** Halves the ordered leaves; each half gets at least its minima and at most its maxima. */
function bisect(order: Int32Array, risk: ClusterRisk, { min, max }: ResolvedLimits): Float64Array {
  const weights = new Float64Array(order.length);
  const stack: [from: number, to: number, money: number][] = [[0, order.length, 1]];
  while (stack.length > 0) {
    const [from, to, money] = stack.pop() as [number, number, number];
    if (to - from === 1) {
      weights[order[from]] = money;
      continue;
    }
    const middle = from + ((to - from) >> 1);
    const left = order.subarray(from, middle);
    const right = order.subarray(middle, to);
    const riskLeft = risk.of(left);
    const share = 1 - riskLeft / (riskLeft + risk.of(right));
    const least = Math.max(sumOf(min, left), money - sumOf(max, right));
    const most = Math.min(sumOf(max, left), money - sumOf(min, right));
    const wanted = share * money;
    const given = wanted < least ? least : wanted > most ? most : wanted;
    // without a limit in the way the right half is (1 - share) * money, as the reference implementations have it
    stack.push([middle, to, given === wanted ? (1 - share) * money : money - given], [from, middle, given]);
  }
  return weights;
}

function sumOf(values: Float64Array, members: Int32Array): number {
  let sum = 0;
  for (const i of members) sum += values[i];
  return sum;
}
