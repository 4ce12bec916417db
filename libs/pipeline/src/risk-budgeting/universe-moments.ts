import { halfLifeDecay } from '@allostat/kernel';
import { presentReturns, type SumOptions } from './present-returns';

/** Bars after which a return counts half in the recent moments, and in the trend. */
const RECENT_HALF_LIFE_BARS = 40;
const TREND_HALF_LIFE_BARS = 126;
const BARS_PER_YEAR = 252;

/**
 * Running sums over the returns of a universe; element (i, j) at `i * n + j`, over the bars on which both have a return.
 * Replaced and never changed by an update, unless its only holder says so.
 */
export interface UniverseMomentsState {
  readonly assets: readonly string[];
  readonly bars: Float64Array;
  readonly sums: Float64Array;
  readonly products: Float64Array;
  readonly recentWeights: Float64Array;
  readonly recentProducts: Float64Array;
  /** Decayed sums of returns and of their weights, per asset. */
  readonly trendSums: Float64Array;
  readonly trendWeights: Float64Array;
}

/** Moments of some assets of a universe, annualised; they use only returns up to the last update. */
export interface UniverseMoments {
  /** Returns seen, per asset. */
  readonly bars: readonly number[];
  /** Covariance over the whole past, about the mean. */
  readonly longRun: readonly number[];
  /** Mean products of recent returns, about zero: the forecast of variance. */
  readonly recent: readonly number[];
  /** Mean of recent returns over long-run volatility, cut off at -1 and 1. */
  readonly trend: readonly number[];
}

export function initialUniverseMoments(assets: readonly string[]): UniverseMomentsState {
  const n = assets.length;
  const square = (): Float64Array => new Float64Array(n * n);
  return {
    assets: [...assets],
    bars: square(),
    sums: square(),
    products: square(),
    recentWeights: square(),
    recentProducts: square(),
    trendSums: new Float64Array(n),
    trendWeights: new Float64Array(n),
  };
}

/** Adds the returns of one bar, one an asset, `undefined` where there is none. */
export function updateUniverseMoments(
  state: UniverseMomentsState,
  returns: readonly (number | undefined)[],
  { inPlace = false }: SumOptions = {},
): UniverseMomentsState {
  const n = state.assets.length;
  const { assets: present, values } = presentReturns(returns, n);
  const own = (sums: Float64Array): Float64Array => (inPlace ? sums : sums.slice());
  const next = {
    assets: state.assets,
    bars: own(state.bars),
    sums: own(state.sums),
    products: own(state.products),
    recentWeights: own(state.recentWeights),
    recentProducts: own(state.recentProducts),
    trendSums: own(state.trendSums),
    trendWeights: own(state.trendWeights),
  };
  const recent = halfLifeDecay(RECENT_HALF_LIFE_BARS);
  const trend = halfLifeDecay(TREND_HALF_LIFE_BARS);
  const { bars, sums, products, recentWeights, recentProducts } = next;
  for (let row = 0; row < present.length; row++) {
    const [i, a] = [present[row], values[row]];
    next.trendSums[i] = trend * next.trendSums[i] + a;
    next.trendWeights[i] = trend * next.trendWeights[i] + 1;
    for (let column = 0; column < present.length; column++) {
      const at = i * n + present[column];
      const product = a * values[column];
      bars[at] += 1;
      sums[at] += a;
      products[at] += product;
      recentWeights[at] = recent * recentWeights[at] + 1;
      recentProducts[at] = recent * recentProducts[at] + product;
    }
  }
  return next;
}

/** Moments of `assets`; two that never had a return on the same bar count as uncorrelated. */
export function universeMoments(state: UniverseMomentsState, assets: readonly string[]): UniverseMoments {
  const n = state.assets.length;
  const at = assets.map((asset) => state.assets.indexOf(asset));
  const longRun: number[] = [];
  const recent: number[] = [];
  for (const i of at) {
    for (const j of at) {
      const k = i * n + j;
      const bars = state.bars[k];
      const covariance =
        bars < 2 ? 0 : (state.products[k] - (state.sums[k] * state.sums[j * n + i]) / bars) / (bars - 1);
      longRun.push(covariance * BARS_PER_YEAR);
      recent.push(bars < 1 ? 0 : (state.recentProducts[k] / state.recentWeights[k]) * BARS_PER_YEAR);
    }
  }
  const trend = at.map((i, row) => {
    const volatility = Math.sqrt(longRun[row * at.length + row]);
    if (!(volatility > 0)) return 0;
    const mean = (state.trendSums[i] / state.trendWeights[i]) * BARS_PER_YEAR;
    return Math.max(-1, Math.min(1, mean / volatility));
  });
  return { bars: at.map((i) => state.bars[i * n + i]), longRun, recent, trend };
}
