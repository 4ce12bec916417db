import { decayOfHalfLife } from './ewm-covariance';

const HALF_LIFE_BARS = 125;
const DECAY = decayOfHalfLife(HALF_LIFE_BARS);
const PAIRS_MIN = 250;

/** Exponentially weighted means of a squared return, the one before it, and their products. Plain data. */
export interface ClusteringState {
  /** Pairs of bars seen. */
  readonly pairs: number;
  readonly now: number;
  readonly before: number;
  readonly nowSquare: number;
  readonly beforeSquare: number;
  readonly product: number;
  readonly last?: number;
}

export function initialClustering(): ClusteringState {
  return { pairs: 0, now: 0, before: 0, nowSquare: 0, beforeSquare: 0, product: 0 };
}

/** One return forward. `decay` 1 weighs all bars alike; default a half-life of 125 bars. */
export function updateClustering(state: ClusteringState, change: number, decay = DECAY): ClusteringState {
  const square = change * change;
  const { last } = state;
  if (last === undefined) return { ...state, last: square };
  const gain = Math.max(1 - decay, 1 / (state.pairs + 1));
  const step = (mean: number, value: number): number => mean + gain * (value - mean);
  return {
    pairs: state.pairs + 1,
    now: step(state.now, square),
    before: step(state.before, last),
    nowSquare: step(state.nowSquare, square * square),
    beforeSquare: step(state.beforeSquare, last * last),
    product: step(state.product, square * last),
    last: square,
  };
}

export interface Clustering {
  /** Correlation of squared returns with those of the bar before. */
  readonly autocorrelation: number;
  /** Engle's test (1982) with one lag: effective bars times the squared correlation; chi-squared with one degree of freedom. */
  readonly lagrangeMultiplier: number;
}

/** How volatility clusters; undefined until 250 pairs of bars are known, or when returns do not vary in size. */
export function clusteringOf(state: ClusteringState, decay = DECAY): Clustering | undefined {
  const { pairs, now, before, nowSquare, beforeSquare, product } = state;
  const scale = (nowSquare - now * now) * (beforeSquare - before * before);
  if (pairs < PAIRS_MIN || !(scale > 0)) return undefined;
  const autocorrelation = (product - now * before) / Math.sqrt(scale);
  const effective = decay === 1 ? pairs : Math.min(pairs, (1 + decay) / (1 - decay));
  return { autocorrelation, lagrangeMultiplier: effective * autocorrelation * autocorrelation };
}
