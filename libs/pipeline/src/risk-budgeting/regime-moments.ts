import { cholesky, fromEigen, symmetricEigen } from '@allostat/quant';
import { REGIME_NAMES, type RegimeName, type RegimeProbabilities } from '../regime-detection/events';
import { presentReturns, type SumOptions } from './present-returns';

/**
 * Bars of long-run evidence that stand beside those of a regime: with as many bars of its own, a regime's moments are half its
 * own and half those of the whole past.
 */
const PRIOR_BARS = 252;

/**
 * Running sums of returns, each bar weighted by the filtered probability of each regime at its close; blocks of n x n in the
 * order of `REGIME_NAMES`, over bars on which both instruments have a return. Replaced and never changed by an update, unless its only
 * holder says so.
 */
export interface RegimeMomentsState {
  readonly assets: readonly string[];
  readonly weights: Float64Array;
  readonly sums: Float64Array;
  readonly products: Float64Array;
}

/** Moments of one regime, per bar, shrunk towards the whole past by how much was seen of the regime. */
export interface RegimeMomentsOf {
  readonly regime: RegimeName;
  /** Probability-weighted bars, per asset. */
  readonly bars: readonly number[];
  readonly mean: readonly number[];
  /** Positive semi-definite; element (i, j) at `i * n + j`. */
  readonly covariance: readonly number[];
}

export function initialRegimeMoments(assets: readonly string[]): RegimeMomentsState {
  const blocks = (): Float64Array => new Float64Array(REGIME_NAMES.length * assets.length * assets.length);
  return { assets: [...assets], weights: blocks(), sums: blocks(), products: blocks() };
}

/** Adds the returns of one bar under the probabilities known at its close. */
export function updateRegimeMoments(
  state: RegimeMomentsState,
  returns: readonly (number | undefined)[],
  probabilities: RegimeProbabilities,
  { inPlace = false }: SumOptions = {},
): RegimeMomentsState {
  const n = state.assets.length;
  const { assets: present, values } = presentReturns(returns, n);
  const [weights, sums, products] = [state.weights, state.sums, state.products].map((blocks) =>
    inPlace ? blocks : blocks.slice(),
  );
  for (const [k, name] of REGIME_NAMES.entries()) {
    const p = probabilities[name];
    if (p === 0) continue;
    for (let row = 0; row < present.length; row++) {
      const from = (k * n + present[row]) * n;
      const own = p * values[row];
      for (let column = 0; column < present.length; column++) {
        const at = from + present[column];
        weights[at] += p;
        sums[at] += own;
        products[at] += own * values[column];
      }
    }
  }
  return { assets: state.assets, weights, sums, products };
}

/**
 * Moments of `assets` in each regime from the bars so far. Mean and covariance are n_k / (n_k + 252) the regime's own and for the rest
 * those over all regimes: a conjugate prior worth a year of bars. A regime that was never seen has the moments of the whole past.
 */
export function regimeMoments(state: RegimeMomentsState, assets: readonly string[]): RegimeMomentsOf[] {
  const at = assets.map((asset) => state.assets.indexOf(asset));
  const all = pooled(state);
  return REGIME_NAMES.map((regime, k) => {
    const own = momentsOf(state, k);
    const m = at.length;
    const mean = at.map((i) => shrunk(own.bars(i, i), own.mean(i), all.mean(i)));
    const covariance = new Float64Array(m * m);
    at.forEach((i, row) =>
      at.forEach((j, column) => {
        covariance[row * m + column] = shrunk(own.bars(i, j), own.covariance(i, j), all.covariance(i, j));
      }),
    );
    return {
      regime,
      bars: at.map((i) => own.bars(i, i)),
      mean,
      covariance: Array.from(semiDefinite(covariance, m)),
    };
  });
}

function shrunk(bars: number, own: number, all: number): number {
  return bars > 0 ? (bars * own + PRIOR_BARS * all) / (bars + PRIOR_BARS) : all;
}

interface PairMoments {
  bars(i: number, j: number): number;
  mean(i: number): number;
  covariance(i: number, j: number): number;
}

function momentsOf({ assets, weights, sums, products }: RegimeMomentsState, block: number): PairMoments {
  const n = assets.length;
  const at = (i: number, j: number): number => (block * n + i) * n + j;
  return {
    bars: (i, j) => weights[at(i, j)],
    mean: (i) => (weights[at(i, i)] > 0 ? sums[at(i, i)] / weights[at(i, i)] : 0),
    // two that were never seen on one bar count as uncorrelated
    covariance: (i, j) => {
      const w = weights[at(i, j)];
      return w > 0 ? (products[at(i, j)] - (sums[at(i, j)] * sums[at(j, i)]) / w) / w : 0;
    },
  };
}

function pooled(state: RegimeMomentsState): PairMoments {
  const size = state.assets.length * state.assets.length;
  const total = (blocks: Float64Array): Float64Array =>
    Float64Array.from({ length: size }, (_, e) => {
      let sum = 0;
      for (let k = 0; k < REGIME_NAMES.length; k++) sum += blocks[k * size + e];
      return sum;
    });
  const { assets, weights, sums, products } = state;
  return momentsOf({ assets, weights: total(weights), sums: total(sums), products: total(products) }, 0);
}

/** The matrix itself, or without its negative eigenvalues, which pairs of unequal histories can cause. */
function semiDefinite(values: Float64Array, n: number): Float64Array {
  if (cholesky(values, n).status === 'factored') return values;
  const { values: eigenvalues, vectors } = symmetricEigen(values, n);
  return fromEigen(
    eigenvalues.map((value) => Math.max(0, value)),
    vectors,
    n,
  );
}
