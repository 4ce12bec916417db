import { invariant, halfLifeDecay } from '@allostat/kernel';
import { checkAssetNames, type AssetMatrix } from '../linalg/asset-matrix';
import { cholesky } from '../linalg/cholesky';
import { nearestCorrelation } from '../linalg/nearest-correlation';
import { covarianceFrom } from './sample-covariance';

export interface EwmaCovarianceSettings {
  /** Bars after which an observation counts half in the variance of one asset. */
  readonly volatilityHalfLifeBars: number;
  /** Bars after which an observation counts half in a correlation; usually the longer one. */
  readonly correlationHalfLifeBars: number;
}

/** All that the estimator knows; plain data, replaced and never changed by an update. */
export interface EwmaCovarianceState extends EwmaCovarianceSettings {
  readonly assets: readonly string[];
  readonly bars: number;
  /** Bars with a return, and the last of them (1 is the first bar, 0 never), per asset. */
  readonly observations: Int32Array;
  readonly lastSeen: Int32Array;
  /** Decayed sums of squared returns and of their weights, per asset. */
  readonly squares: Float64Array;
  readonly weights: Float64Array;
  /** Decayed sums over the bars on which both assets have a return: r_i r_j, and r_i^2 (row i, column j). */
  readonly products: Float64Array;
  readonly commonSquares: Float64Array;
}

export interface EwmaCovarianceOptions {
  /** 0..1: how far correlations move to their average. Default 0. */
  readonly shrinkage?: number;
  /** Assets with fewer returns are reported as uncovered. Default 20. */
  readonly observationsMin?: number;
  /** Assets without a return for more bars are reported as uncovered. Default three volatility half-lives. */
  readonly gapBarsMax?: number;
}

export interface EwmaCovarianceEstimate {
  /** Assets that the estimate covers, in the order of the state; the arrays below follow it. */
  readonly assets: readonly string[];
  /** Known assets without enough recent returns: not estimated, and why. */
  readonly uncovered: readonly {
    readonly asset: string;
    readonly reason: 'too-few-returns' | 'stale' | 'never-moved';
  }[];
  /** Per bar; positive semi-definite. */
  readonly covariance: AssetMatrix;
  /** Standard deviation per bar. */
  readonly volatilities: Float64Array;
  readonly correlation: Float64Array;
  /** Mean of the off-diagonal correlations before shrinkage. Undefined with fewer than two assets. */
  readonly averageCorrelation: number | undefined;
  readonly shrinkage: number;
  /** True when gaps made the pairwise correlations indefinite and the nearest correlation matrix stands in. */
  readonly repaired: boolean;
  readonly bars: number;
}

/** A state that has seen nothing. Half-lives are in bars, above 0. */
export function initialEwmaCovariance(
  assets: readonly string[],
  { volatilityHalfLifeBars, correlationHalfLifeBars }: EwmaCovarianceSettings,
): EwmaCovarianceState {
  checkAssetNames(assets);
  invariant(volatilityHalfLifeBars > 0, () => `volatilityHalfLifeBars must be > 0, got ${volatilityHalfLifeBars}`);
  invariant(correlationHalfLifeBars > 0, () => `correlationHalfLifeBars must be > 0, got ${correlationHalfLifeBars}`);
  const n = assets.length;
  return {
    assets: [...assets],
    volatilityHalfLifeBars,
    correlationHalfLifeBars,
    bars: 0,
    observations: new Int32Array(n),
    lastSeen: new Int32Array(n),
    squares: new Float64Array(n),
    weights: new Float64Array(n),
    products: new Float64Array(n * n),
    commonSquares: new Float64Array(n * n),
  };
}

/** The state after one bar of simple returns, `undefined` where an asset has none (closed, not yet listed). */
export function updateEwmaCovariance(
  state: EwmaCovarianceState,
  returns: ArrayLike<number | undefined>,
): EwmaCovarianceState {
  const n = state.assets.length;
  invariant(returns.length === n, () => `${n} assets need ${n} returns, got ${returns.length}`);
  const decayVolatility = halfLifeDecay(state.volatilityHalfLifeBars);
  const decayCorrelation = halfLifeDecay(state.correlationHalfLifeBars);
  const bars = state.bars + 1;
  const observations = state.observations.slice();
  const lastSeen = state.lastSeen.slice();
  const squares = state.squares.map((value) => value * decayVolatility);
  const weights = state.weights.map((value) => value * decayVolatility);
  const products = new Float64Array(n * n);
  const commonSquares = new Float64Array(n * n);
  const values = Float64Array.from({ length: n }, (_, i) => (returns[i] === undefined ? NaN : (returns[i] as number)));
  for (let i = 0, k = 0; i < n; i++) {
    const r = values[i];
    if (returns[i] === undefined) {
      for (let j = 0; j < n; j++, k++) {
        products[k] = state.products[k] * decayCorrelation;
        commonSquares[k] = state.commonSquares[k] * decayCorrelation;
      }
      continue;
    }
    invariant(Number.isFinite(r), () => `return of ${state.assets[i]} is ${r}; give a finite number or undefined`);
    observations[i]++;
    lastSeen[i] = bars;
    const square = r * r;
    squares[i] += square;
    weights[i] += 1;
    for (let j = 0; j < n; j++, k++) {
      const other = values[j];
      const product = state.products[k] * decayCorrelation;
      const common = state.commonSquares[k] * decayCorrelation;
      products[k] = Number.isNaN(other) ? product : product + r * other;
      commonSquares[k] = Number.isNaN(other) ? common : common + square;
    }
  }
  return { ...state, bars, observations, lastSeen, squares, weights, products, commonSquares };
}

/**
 * Exponentially weighted covariance per bar, mean taken as zero; uses only the bars fed so far.
 * Variances and correlations have half-lives of their own (as in skfolio); every pair is measured on the bars that both
 * assets share, so a late listing neither weakens a correlation nor borrows another asset's history. Where gaps make the
 * pairwise matrix indefinite the nearest correlation matrix stands in, and `repaired` says so.
 */
export function ewmaCovariance(
  state: EwmaCovarianceState,
  { shrinkage = 0, observationsMin = 20, gapBarsMax = 3 * state.volatilityHalfLifeBars }: EwmaCovarianceOptions = {},
): EwmaCovarianceEstimate {
  invariant(shrinkage >= 0 && shrinkage <= 1, () => `shrinkage must lie in 0..1, got ${shrinkage}`);
  const n = state.assets.length;
  const kept: number[] = [];
  const uncovered: { asset: string; reason: 'too-few-returns' | 'stale' | 'never-moved' }[] = [];
  for (let i = 0; i < n; i++) {
    const asset = state.assets[i];
    if (state.observations[i] < observationsMin) uncovered.push({ asset, reason: 'too-few-returns' });
    else if (state.bars - state.lastSeen[i] > gapBarsMax) uncovered.push({ asset, reason: 'stale' });
    else if (!(state.squares[i] > 0)) uncovered.push({ asset, reason: 'never-moved' });
    else kept.push(i);
  }
  const m = kept.length;
  const assets = kept.map((i) => state.assets[i]);
  const volatilities = Float64Array.from(kept, (i) => Math.sqrt(state.squares[i] / state.weights[i]));
  const pairwise = pairwiseCorrelation(state, kept);
  const repaired = m > 1 && !isGram(state, kept) && cholesky(pairwise, m).status !== 'factored';
  const correlation = repaired ? nearestCorrelation(pairwise, m).values : pairwise;
  let sum = 0;
  for (let i = 0; i < m; i++) for (let j = 0; j < i; j++) sum += correlation[i * m + j];
  const averageCorrelation = m > 1 ? (2 * sum) / (m * (m - 1)) : undefined;
  if (averageCorrelation !== undefined && shrinkage > 0) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        if (i !== j) correlation[i * m + j] += shrinkage * (averageCorrelation - correlation[i * m + j]);
      }
    }
  }
  const covariance = covarianceFrom(assets, volatilities, correlation);
  return {
    assets,
    uncovered,
    covariance,
    volatilities,
    correlation,
    averageCorrelation,
    shrinkage,
    repaired,
    bars: state.bars,
  };
}

/** The batch form: feeds every row of a T x n table (`undefined` or NaN where an asset has no return) and estimates once. */
export function covarianceEwma(
  assets: readonly string[],
  rows: readonly ArrayLike<number | undefined>[],
  options: EwmaCovarianceSettings & EwmaCovarianceOptions,
): EwmaCovarianceEstimate {
  let state = initialEwmaCovariance(assets, options);
  for (const row of rows) {
    state = updateEwmaCovariance(
      state,
      Array.from(row, (value) => (Number.isNaN(value) ? undefined : value)),
    );
  }
  return ewmaCovariance(state, options);
}

function pairwiseCorrelation(state: EwmaCovarianceState, kept: readonly number[]): Float64Array {
  const n = state.assets.length;
  const m = kept.length;
  const out = new Float64Array(m * m);
  for (let a = 0; a < m; a++) {
    out[a * m + a] = 1;
    for (let b = 0; b < a; b++) {
      const i = kept[a];
      const j = kept[b];
      const scale = Math.sqrt(state.commonSquares[i * n + j] * state.commonSquares[j * n + i]);
      // two assets that never traded on the same bar say nothing about their correlation: zero is the neutral prior
      const value = scale > 0 ? Math.max(-1, Math.min(1, state.products[i * n + j] / scale)) : 0;
      out[a * m + b] = out[b * m + a] = value;
    }
  }
  return out;
}

/** Without gaps the matrix is a Gram matrix: positive semi-definite whatever its rank, nothing to repair. */
function isGram(state: EwmaCovarianceState, kept: readonly number[]): boolean {
  const n = state.assets.length;
  const { commonSquares } = state;
  for (const i of kept) {
    const own = commonSquares[i * n + i];
    for (const j of kept) if (commonSquares[i * n + j] !== own) return false;
  }
  return true;
}
