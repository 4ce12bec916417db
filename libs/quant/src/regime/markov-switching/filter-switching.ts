import { invariant } from '@allostat/kernel';
import { stationaryOf, transitionUnder, type SwitchingModel, type SwitchingSample } from './switching-model';

const LOG_TWO_PI = Math.log(2 * Math.PI);

/** Beliefs about the state at each bar that has all its lags; rows of K. `smoothed` sees the whole sample: research only. */
export interface SwitchingBeliefs {
  readonly logLikelihood: number;
  readonly predicted: Float64Array;
  readonly filtered: Float64Array;
  readonly smoothed: Float64Array;
  /** Per bar, K x K: probability of the move into it given the whole sample, from (rows) to (columns). */
  readonly moves: Float64Array;
}

/**
 * Hamilton's filter and Kim's smoother, exact: the chain of states is followed as tuples of the last p + 1 states, p being the number
 * of lags. The state before the sample has the distribution that the first transition matrix leaves as it is.
 */
export function filterSwitching(model: SwitchingModel, sample: SwitchingSample): SwitchingBeliefs {
  const k = model.intercepts.length;
  const order = model.lags[0].length;
  const n = sample.y.length - order;
  invariant(n > 0, () => `the sample has ${sample.y.length} values, more than the ${order} lags are needed`);
  const tuples = power(k, order + 1);
  const transitions = sample.drivers?.map((row) => transitionUnder(model.transition, row));
  const constant = transitionUnder(model.transition, sample.drivers?.[0]);
  const at = (t: number): Float64Array => transitions?.[t] ?? constant;
  const densities = logDensities(model, sample, tuples);
  const predicted = new Float64Array(n * tuples);
  const filtered = new Float64Array(n * tuples);
  let before = firstTuples(at, k, order);
  let logLikelihood = 0;
  for (let t = 0; t < n; t++) {
    const prior = predicted.subarray(t * tuples, (t + 1) * tuples);
    step(before, at(t + order), k, prior);
    const posterior = filtered.subarray(t * tuples, (t + 1) * tuples);
    logLikelihood += update(prior, densities.subarray(t * tuples, (t + 1) * tuples), posterior);
    before = posterior;
  }
  const smoothed = smooth(filtered, predicted, (t) => at(t + order), k, tuples);
  const marginal = (rows: Float64Array): Float64Array => marginals(rows, k, tuples);
  return {
    logLikelihood,
    predicted: marginal(predicted),
    filtered: marginal(filtered),
    smoothed: marginal(smoothed),
    moves: movesOf(smoothed, filtered, predicted, { at: (t) => at(t + order), first: firstTuples(at, k, order) }, k),
  };
}

/** Newest state of a tuple is its last digit to the base K, the state before it the next, and so on. */
const newest = (tuple: number, k: number): number => tuple % k;

function power(k: number, times: number): number {
  let product = 1;
  for (let i = 0; i < times; i++) product *= k;
  return product;
}

/** Distribution of the tuple that ends one bar before the first that has all its lags. */
function firstTuples(at: (t: number) => Float64Array, k: number, order: number): Float64Array {
  let tuples: Float64Array = stationaryOf(at(0));
  for (let i = 0; i < order; i++) {
    const next = new Float64Array(tuples.length * k);
    tuples.forEach((p, tuple) => {
      for (let j = 0; j < k; j++) next[tuple * k + j] = p * at(i)[newest(tuple, k) * k + j];
    });
    tuples = next;
  }
  return tuples;
}

function step(from: Float64Array, transition: Float64Array, k: number, into: Float64Array): void {
  const tuples = from.length;
  into.fill(0);
  for (let tuple = 0; tuple < tuples; tuple++)
    for (let j = 0; j < k; j++) into[(tuple * k + j) % tuples] += from[tuple] * transition[newest(tuple, k) * k + j];
}

/** Bayes' rule in place of `posterior`; returns the log density of the observation. */
function update(prior: Float64Array, logs: Float64Array, posterior: Float64Array): number {
  const top = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  let total = 0;
  for (let i = 0; i < prior.length; i++) total += posterior[i] = prior[i] * Math.exp(logs[i] - top);
  for (let i = 0; i < prior.length; i++) posterior[i] /= total;
  return Math.log(total) + top;
}

function logDensities(model: SwitchingModel, sample: SwitchingSample, tuples: number): Float64Array {
  const { intercepts, slopes, lags, variances } = model;
  const k = intercepts.length;
  const order = lags[0].length;
  const { y, regressors } = sample;
  const mean = (t: number, state: number): number =>
    slopes[state].reduce((sum, slope, m) => sum + slope * (regressors as readonly number[][])[t][m], intercepts[state]);
  const logs = new Float64Array((y.length - order) * tuples);
  for (let t = order; t < y.length; t++) {
    for (let tuple = 0; tuple < tuples; tuple++) {
      const now = newest(tuple, k);
      let residual = y[t] - mean(t, now);
      let rest = Math.floor(tuple / k);
      for (const [l, coefficient] of lags[now].entries()) {
        residual -= coefficient * (y[t - 1 - l] - mean(t - 1 - l, newest(rest, k)));
        rest = Math.floor(rest / k);
      }
      const variance = variances[now];
      logs[(t - order) * tuples + tuple] = -0.5 * ((residual * residual) / variance + Math.log(variance) + LOG_TWO_PI);
    }
  }
  return logs;
}

function smooth(
  filtered: Float64Array,
  predicted: Float64Array,
  at: (t: number) => Float64Array,
  k: number,
  tuples: number,
): Float64Array {
  const n = filtered.length / tuples;
  const smoothed = Float64Array.from(filtered);
  for (let t = n - 2; t >= 0; t--) {
    const transition = at(t + 1);
    for (let tuple = 0; tuple < tuples; tuple++) {
      let ratio = 0;
      for (let j = 0; j < k; j++) {
        const next = (t + 1) * tuples + ((tuple * k + j) % tuples);
        if (predicted[next] > 0) ratio += (transition[newest(tuple, k) * k + j] * smoothed[next]) / predicted[next];
      }
      smoothed[t * tuples + tuple] = filtered[t * tuples + tuple] * ratio;
    }
  }
  return smoothed;
}

function movesOf(
  smoothed: Float64Array,
  filtered: Float64Array,
  predicted: Float64Array,
  { at, first }: { readonly at: (t: number) => Float64Array; readonly first: Float64Array },
  k: number,
): Float64Array {
  const tuples = first.length;
  const n = filtered.length / tuples;
  const moves = new Float64Array(n * k * k);
  for (let t = 0; t < n; t++) {
    const from = t === 0 ? first : filtered.subarray((t - 1) * tuples, t * tuples);
    const transition = at(t);
    for (let tuple = 0; tuple < tuples; tuple++) {
      const i = newest(tuple, k);
      for (let j = 0; j < k; j++) {
        const next = t * tuples + ((tuple * k + j) % tuples);
        if (predicted[next] > 0)
          moves[(t * k + i) * k + j] += (from[tuple] * transition[i * k + j] * smoothed[next]) / predicted[next];
      }
    }
  }
  return moves;
}

function marginals(rows: Float64Array, k: number, tuples: number): Float64Array {
  const n = rows.length / tuples;
  const sums = new Float64Array(n * k);
  for (let t = 0; t < n; t++)
    for (let tuple = 0; tuple < tuples; tuple++) sums[t * k + newest(tuple, k)] += rows[t * tuples + tuple];
  return sums;
}
