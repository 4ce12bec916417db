import { invariant } from '@allostat/kernel';
import { hierarchicalRiskParity } from '../../allocation/hierarchical-risk-parity';
import { minimumVarianceWeights } from '../../allocation/minimum-variance';
import { resolveWeightLimits } from '../../allocation/weight-limits';
import type { ReturnPanel } from '../../linalg/return-panel';
import { sampleCovariance } from '../../moments/sample-covariance';
import { maximizeRatio } from '../../optimization/maximize-ratio';
import type { RandomisedPolicy } from './randomised-backtest';

/**
 * Weights of one method from a panel of returns alone, in the order of its assets: equal weights, hierarchical risk parity, least variance or
 * the largest ratio of mean less `riskFree` (per row) to volatility, on the sample covariance. Where no asset earns more than `riskFree` the
 * largest ratio gives way to least variance.
 */
export function allocatePanel(
  { kind, weightMax = 1 }: RandomisedPolicy,
  panel: ReturnPanel,
  { riskFree }: { readonly riskFree: number },
): Float64Array {
  const { assets, periods, values } = panel;
  const n = assets.length;
  invariant(n * weightMax >= 1, () => `${n} assets of at most ${weightMax} do not fill a portfolio`);
  const limits = { default: { max: weightMax } };
  if (kind === 'equal-weight') return new Float64Array(n).fill(1 / n);
  const covariance = sampleCovariance(panel);
  if (kind === 'hierarchical-risk-parity') {
    const found = hierarchicalRiskParity(covariance, { limits });
    invariant(found.status === 'allocated', 'the bounds of hierarchical risk parity exclude each other');
    return found.weights;
  }
  if (kind === 'mean-variance') {
    const expectedReturns = new Float64Array(n);
    for (let t = 0, k = 0; t < periods; t++) for (let i = 0; i < n; i++, k++) expectedReturns[i] += values[k] / periods;
    const problem = { assets, covariance, expectedReturns, objective: {}, limits };
    const best = maximizeRatio(problem, { risk: 'volatility', riskFree });
    if (best.status === 'optimal' || best.status === 'fallback') return best.weights;
  }
  return minimumVarianceWeights(covariance, resolveWeightLimits(limits, assets));
}
