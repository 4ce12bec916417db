import { hierarchicalRiskParity } from '../../allocation/hierarchical-risk-parity';
import type { WeightLimits } from '../../allocation/weight-limits';
import { sampleCovariance } from '../../moments/sample-covariance';
import { weightsInOrder, type PortfolioPolicy } from '../portfolio-policy';
import { windowPanel } from './window-panel';

/** Hierarchical risk parity on the sample covariance of the last `bars` returns; leaves the holdings alone where limits exclude each other. */
export function hierarchicalPolicy(
  members: readonly string[],
  { bars = 252, limits }: { readonly bars?: number; readonly limits?: WeightLimits } = {},
): PortfolioPolicy {
  return ({ scheduled, assets, history }) => {
    const panel = scheduled ? windowPanel(history, members, bars) : undefined;
    if (panel === undefined) return undefined;
    const result = hierarchicalRiskParity(sampleCovariance(panel), limits === undefined ? {} : { limits });
    if (result.status !== 'allocated') return undefined;
    return weightsInOrder(Object.fromEntries(result.assets.map((asset, i) => [asset, result.weights[i]])), assets);
  };
}
