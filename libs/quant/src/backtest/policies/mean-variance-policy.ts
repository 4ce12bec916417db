import { resolveWeightLimits } from '../../allocation/weight-limits';
import { minimumVarianceWeights } from '../../allocation/minimum-variance';
import { sampleCovariance } from '../../moments/sample-covariance';
import { maximizeRatio } from '../../optimization/maximize-ratio';
import { weightsInOrder, type PortfolioPolicy } from '../portfolio-policy';
import { windowPanel } from './window-panel';

export interface MeanVarianceOptions {
  /** Returns that mean and covariance are taken from; default 504. */
  readonly bars?: number;
  /** Largest weight of one asset; default 1. */
  readonly weightMax?: number;
}

/**
 * Long-only weights of the largest mean in excess of cash over volatility, both as they were in the last `bars` returns; least
 * variance where no mean beats cash. The straw man: it believes its sample.
 */
export function meanVariancePolicy(
  members: readonly string[],
  { bars = 504, weightMax = 1 }: MeanVarianceOptions = {},
): PortfolioPolicy {
  return ({ scheduled, assets, history }) => {
    const panel = scheduled ? windowPanel(history, members, bars) : undefined;
    if (panel === undefined || panel.assets.length * weightMax < 1) return undefined;
    const { assets: held } = panel;
    const covariance = sampleCovariance(panel);
    const expectedReturns = Float64Array.from(held, (_, i) => {
      let sum = 0;
      for (let t = 0; t < bars; t++) sum += panel.values[t * held.length + i];
      return sum / bars;
    });
    const rates = history.cashRates?.subarray(-bars);
    const riskFree = rates === undefined ? 0 : rates.reduce((sum, rate) => sum + rate, 0) / bars; // without rates cash earns nothing
    const limits = { default: { max: weightMax } };
    const best = maximizeRatio(
      { assets: held, covariance, expectedReturns, objective: {}, limits },
      { risk: 'volatility', riskFree },
    );
    const weights =
      best.status === 'optimal' || best.status === 'fallback'
        ? best.weights
        : minimumVarianceWeights(covariance, resolveWeightLimits(limits, held));
    return weightsInOrder(Object.fromEntries(held.map((asset, i) => [asset, weights[i]])), assets);
  };
}
