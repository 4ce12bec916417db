import { invariant, halfLifeDecay } from '@allostat/kernel';

/** Bars after which a return counts half in the recent moments, and in the trend. */
const RECENT_HALF_LIFE_BARS = 40;
const TREND_HALF_LIFE_BARS = 126;
const BARS_PER_YEAR = 252;

/**
 * Running sums over the returns of a universe; element (i, j) at `i * n + j`, over the bars on which both have a return.
 * Replaced and never changed by an update.
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
): UniverseMomentsState {
  const n = state.assets.length;
  invariant(returns.length === n, () => `${n} assets need ${n} returns, got ${returns.length}`);
  const next = {
    assets: state.assets,
    bars: state.bars.slice(),
    sums: state.sums.slice(),
    products: state.products.slice(),
    recentWeights: state.recentWeights.slice(),
    recentProducts: state.recentProducts.slice(),
    trendSums: state.trendSums.slice(),
    trendWeights: state.trendWeights.slice(),
  };
  const recent = halfLifeDecay(RECENT_HALF_LIFE_BARS);
  const trend = halfLifeDecay(TREND_HALF_LIFE_BARS);
  for (let i = 0; i < n; i++) {
    const a = returns[i];
    if (a === undefined) continue;
    next.trendSums[i] = trend * next.trendSums[i] + a;
    next.trendWeights[i] = trend * next.trendWeights[i] + 1;
    for (let j = 0; j < n; j++) {
      const b = returns[j];
      if (b === undefined) continue;
      const at = i * n + j;
      next.bars[at] += 1;
      next.sums[at] += a;
      next.products[at] += a * b;
      next.recentWeights[at] = recent * next.recentWeights[at] + 1;
      next.recentProducts[at] = recent * next.recentProducts[at] + a * b;
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
