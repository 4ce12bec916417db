import { minimumVarianceWeights } from '../../allocation/minimum-variance';
import { resolveWeightLimits } from '../../allocation/weight-limits';
import {
  ewmaCovariance,
  initialEwmaCovariance,
  updateEwmaCovariance,
  type EwmaCovarianceState,
} from '../../moments/covariance-ewma';
import type { MarketHistory } from '../market-history';
import { weightsInOrder, type PortfolioPolicy } from '../portfolio-policy';

export interface MinimumVarianceOptions {
  readonly volatilityHalfLifeBars?: number;
  readonly correlationHalfLifeBars?: number;
  readonly shrinkage?: number;
  /** Largest weight of one asset. */
  readonly weightMax?: number;
  /** Returns that an asset needs before it may be held; default 252. */
  readonly observationsMin?: number;
}

/** Long-only weights of least variance on an exponentially weighted covariance. Make it anew for each run: it keeps its estimate. */
export function minimumVariancePolicy(
  members: readonly string[],
  {
    volatilityHalfLifeBars = 40,
    correlationHalfLifeBars = 80,
    shrinkage = 0.2,
    weightMax = 0.35,
    observationsMin = 252,
  }: MinimumVarianceOptions = {},
): PortfolioPolicy {
  let state = initialEwmaCovariance(members, { volatilityHalfLifeBars, correlationHalfLifeBars });
  return ({ scheduled, assets, history, row }) => {
    if (!scheduled) return undefined;
    for (let t = state.bars + 1; t <= row; t++) state = fed(state, history, t);
    const { covariance } = ewmaCovariance(state, { shrinkage, observationsMin });
    // with fewer assets than the cap can hold the cap would leave nothing to choose
    if (covariance.assets.length * weightMax < 1) return undefined;
    const limits = resolveWeightLimits({ default: { max: weightMax } }, covariance.assets);
    const weights = minimumVarianceWeights(covariance, limits);
    return weightsInOrder(Object.fromEntries(covariance.assets.map((asset, i) => [asset, weights[i]])), assets);
  };
}

function fed(state: EwmaCovarianceState, { assets, levels }: MarketHistory, row: number): EwmaCovarianceState {
  const n = assets.length;
  return updateEwmaCovariance(
    state,
    state.assets.map((asset) => {
      const i = assets.indexOf(asset);
      const change = levels[row * n + i] / levels[(row - 1) * n + i] - 1;
      return Number.isNaN(change) ? undefined : change;
    }),
  );
}
