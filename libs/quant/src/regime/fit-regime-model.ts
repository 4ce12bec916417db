import { AllostatError, invariant } from '@allostat/kernel';
import {
  fitStudentTHmm,
  type FeatureBlock,
  type FitStudentTHmmOptions,
  type StudentTHmmFit,
} from './fit-student-t-hmm';
import { nameStates } from './name-states';
import { nameByRule } from './naming-rule';
import { FOUR_REGIMES, type FourRegime, type RegimeFeatures, type RegimeGate, type RegimeModel } from './regime-model';
import { windowGroupings, type Grouping } from './window-starts';

/** Returns that the model sees by default; those absent from a history are left out of its model. */
export const DEFAULT_REGIME_FEATURES: readonly string[] = [
  'return.equity.1d',
  'return.bond.1d',
  'return.credit.1d',
  'return.gold.1d',
  'return.commodity.1d',
  'return.real-estate.1d',
  'return.inflation-linked.1d',
];

/** Power to which smooth features count: one observation a month. */
const SLOW_WEIGHT = 1 / 21;

export interface FitRegimeModelOptions {
  readonly features?: readonly string[];
  /** Smooth features (levels, changes over months) to be used beside the returns, tempered; none by default. */
  readonly slowFeatures?: readonly string[];
  /** Tail index of the emissions; the most likely of 4, 5, 7, 10 and 30 when absent. */
  readonly degreesOfFreedom?: number;
  readonly maxIterations?: number;
  readonly tolerance?: number;
  /** Least number of complete bars; 500 by default. */
  readonly minObservations?: number;
}

/** Mean stay in each regime and where it leads, as prior: the monthly naming of 1931-2018, in bars. Never expansion to recovery. */
const MEAN_STAY_BARS: Readonly<Record<FourRegime, number>> = {
  expansion: 470,
  tightening: 210,
  crisis: 175,
  recovery: 115,
};
const FORBIDDEN: Readonly<Record<FourRegime, readonly FourRegime[]>> = {
  expansion: ['recovery'],
  tightening: ['recovery'],
  crisis: ['expansion', 'tightening'],
  recovery: [],
};
/** Weight of that prior, in bars a row. */
const PRIOR_BARS = 500;
/** Mean stay assumed before the states have names. */
const UNNAMED_STAY_BARS = 250;
const DEGREES_GRID = [4, 5, 7, 10, 30];
const START_DEGREES = 7;
const STATES = FOUR_REGIMES.length;
/** Bars' worth of the pooled scale mixed into each state's: more blurs the small states, measured on the simulated market. */
const SCALE_PRIOR_BARS = 2;
const STATE_BARS_MIN = 40;
const SCALE_RATIO_MIN = 1.5;

/**
 * Fits a Student-t hidden Markov model of named regimes to a history of features.
 *
 * Four states are fitted from four deterministic starts, the most likely fit is kept and every start is reported. States get their names from their centroids (`nameStates`) and stand in canonical order. A history
 * that does not show several regimes gives a model of one state (`gate.identified` is false). Uses the whole history:
 * train on the past, then filter what follows. Throws `AllostatError` `REGIME.SHORT_HISTORY` when too few bars are complete.
 */
export function fitRegimeModel(history: readonly RegimeFeatures[], options: FitRegimeModelOptions = {}): RegimeModel {
  const { degreesOfFreedom = START_DEGREES, maxIterations = 200, tolerance = 1e-7, minObservations = 500 } = options;
  const returns = availableFeatures(history, options.features ?? DEFAULT_REGIME_FEATURES);
  const slow = availableFeatures(history, options.slowFeatures ?? []);
  const wanted = [...returns, ...slow];
  const used = history.flatMap((bar, i) => (wanted.every((f) => bar.values[f] !== undefined) ? [i] : []));
  if (returns.length === 0 || used.length < minObservations) {
    throw new AllostatError(
      'REGIME.SHORT_HISTORY',
      `${used.length} of ${history.length} bars are complete; a regime model needs ${minObservations}`,
      'give a longer history, or fewer features',
    );
  }
  const blocks = [standardise(history, used, returns, 1)];
  if (slow.length > 0) blocks.push(standardise(history, used, slow, SLOW_WEIGHT));
  const base = { degreesOfFreedom, maxIterations, tolerance, scalePrior: SCALE_PRIOR_BARS };
  const single = fitStudentTHmm(blocks, { ...base, ...singleState(used.length) });
  const candidates = fitStarts(blocks, STATES, base, [ruleGrouping(nameByRule(used.map((i) => history[i])))]);
  const best = mostLikely(candidates);
  const gate = identify(mostLikely(fitStarts(blocks, 2, base)), single, blocks, used.length);
  const grid = options.degreesOfFreedom === undefined ? DEGREES_GRID : [options.degreesOfFreedom];
  const named = gate.identified
    ? nameAndRefit(blocks, best, base, grid)
    : { fit: single, names: nameStates([{ volatility: 1 }]), degreesOfFreedom };
  const { fit: chosen, names: stateNames } = named;
  const logScale = used.length * blocks.reduce((sum, block) => sum + block.weight * block.logScale, 0);
  return {
    kind: 'student-t-hmm',
    blocks: blocks.map(({ features, center, scale, weight }, b) => ({
      features,
      center,
      scale,
      weight,
      emissions: chosen.emissions[b].locations.map((location, k) => ({
        location: [...location],
        cholesky: [...chosen.emissions[b].choleskys[k]],
      })),
    })),
    degreesOfFreedom: named.degreesOfFreedom,
    names: stateNames,
    initial: [...chosen.initial],
    transition: rows(chosen.transition, stateNames.length),
    gate,
    training: {
      from: history[used[0]].asOf,
      to: history[used[used.length - 1]].asOf,
      observations: used.length,
      logLikelihood: chosen.logLikelihood - logScale,
      iterations: chosen.iterations,
      converged: chosen.converged,
      starts: candidates.map(({ name, fit }) => ({
        name,
        logLikelihood: fit.logLikelihood - logScale,
        converged: fit.converged,
      })),
    },
  };
}

/** Features that at least half of the history has; equity comes first by convention. */
function availableFeatures(history: readonly RegimeFeatures[], wanted: readonly string[]): string[] {
  return wanted.filter((f) => history.filter((bar) => bar.values[f] !== undefined).length >= history.length / 2);
}

function standardise(
  history: readonly RegimeFeatures[],
  used: readonly number[],
  features: readonly string[],
  weight: number,
) {
  const d = features.length;
  const data = new Float64Array(used.length * d);
  used.forEach((i, t) => features.forEach((f, j) => (data[t * d + j] = history[i].values[f])));
  const center: number[] = [];
  const scale: number[] = [];
  let logScale = 0;
  for (let j = 0; j < d; j++) {
    let mean = 0;
    let square = 0;
    for (let t = 0; t < used.length; t++) mean += data[t * d + j] / used.length;
    for (let t = 0; t < used.length; t++) square += (data[t * d + j] - mean) ** 2 / used.length;
    invariant(square > 0, () => `feature ${features[j]} does not vary over the training window`);
    center.push(mean);
    scale.push(Math.sqrt(square));
    logScale += Math.log(Math.sqrt(square));
    for (let t = 0; t < used.length; t++) data[t * d + j] = (data[t * d + j] - mean) / Math.sqrt(square);
  }
  return { data, dimensions: d, weight, features, center, scale, logScale };
}

interface Candidate {
  readonly name: string;
  readonly fit: StudentTHmmFit;
}
type FitBase = Pick<FitStudentTHmmOptions, 'degreesOfFreedom' | 'maxIterations' | 'tolerance' | 'scalePrior'>;

/** The most likely fit, those that give a state hardly any bars left aside where there are others. */
function mostLikely(candidates: readonly Candidate[]): StudentTHmmFit {
  const sound = candidates.filter(({ fit }) => smallestMass(fit) >= STATE_BARS_MIN);
  return (sound.length > 0 ? sound : candidates).reduce((a, b) => (b.fit.logLikelihood > a.fit.logLikelihood ? b : a))
    .fit;
}

function smallestMass({ gamma, initial }: StudentTHmmFit): number {
  const masses = new Float64Array(initial.length);
  gamma.forEach((value, i) => (masses[i % masses.length] += value));
  return Math.min(...masses);
}

function fitStarts(
  blocks: readonly FeatureBlock[],
  k: number,
  base: FitBase,
  more: readonly Grouping[] = [],
): Candidate[] {
  const t = blocks[0].data.length / blocks[0].dimensions;
  const transition = new Float64Array(k * k).fill(1 / UNNAMED_STAY_BARS / (k - 1));
  for (let i = 0; i < k; i++) transition[i * k + i] = 1 - 1 / UNNAMED_STAY_BARS;
  const transitionPrior = transition.map((p) => p * PRIOR_BARS);
  return [...windowGroupings(blocks[0].data, blocks[0].dimensions, k), ...more].map(({ name, groups }) => {
    const start = new Float64Array(t * k);
    groups.forEach((group, s) => {
      for (let j = 0; j < k; j++) start[s * k + j] = group < 0 ? 1 / k : j === group ? 0.9 : 0.1 / (k - 1);
    });
    return { name, fit: fitStudentTHmm(blocks, { ...base, start, states: k, transition, transitionPrior }) };
  });
}

/** The rule's names as a grouping, -1 where it has none. */
function ruleGrouping(labels: readonly (FourRegime | undefined)[]): Grouping {
  const groups = Int32Array.from(labels, (label) => (label === undefined ? -1 : FOUR_REGIMES.indexOf(label)));
  return { name: 'names of the point-in-time rule', groups };
}

/** Puts the states in canonical order and fits on with the prior of the named transitions, forbidden ones included. */
function nameAndRefit(
  blocks: readonly FeatureBlock[],
  fit: StudentTHmmFit,
  base: FitBase,
  degreesGrid: readonly number[],
) {
  const { choleskys } = fit.emissions[0];
  const d = blocks[0].dimensions;
  const found = nameStates(
    choleskys.map((lower) => ({
      volatility: lower[0],
      ...(d < 2 ? {} : { stockBondCorrelation: lower[d] / Math.hypot(lower[d], lower[d + 1]) }),
    })),
  );
  const names = FOUR_REGIMES.filter((name) => found.includes(name));
  const k = names.length;
  const start = new Float64Array(fit.gamma.length);
  names.forEach((name, to) => {
    const from = found.indexOf(name);
    for (let s = 0; s < start.length / k; s++) start[s * k + to] = fit.gamma[s * k + from];
  });
  const transition = priorTransition(names);
  const transitionPrior = transition.map((p) => p * PRIOR_BARS);
  const refits = degreesGrid.map((degreesOfFreedom) => ({
    names,
    degreesOfFreedom,
    fit: fitStudentTHmm(blocks, { ...base, degreesOfFreedom, start, states: k, transition, transitionPrior }),
  }));
  return refits.reduce((a, b) => (b.fit.logLikelihood > a.fit.logLikelihood ? b : a));
}

function priorTransition(present: readonly FourRegime[]): Float64Array {
  const k = present.length;
  const matrix = new Float64Array(k * k);
  present.forEach((from, i) => {
    const allowed = present.filter((to) => to !== from && !FORBIDDEN[from].includes(to));
    // where every usual successor is missing from the history, any other state may follow
    const next = allowed.length > 0 ? allowed : present.filter((to) => to !== from);
    matrix[i * k + i] = 1 - 1 / MEAN_STAY_BARS[from];
    for (const to of next) matrix[i * k + present.indexOf(to)] = 1 / MEAN_STAY_BARS[from] / next.length;
  });
  return matrix;
}

function singleState(observations: number) {
  const one = new Float64Array([1]);
  return { start: new Float64Array(observations).fill(1), states: 1, transition: one, transitionPrior: one };
}

/** Whether there is more than one regime: two states are far enough apart in scale and gain more than their BIC penalty. */
function identify(
  pair: StudentTHmmFit,
  single: StudentTHmmFit,
  blocks: readonly FeatureBlock[],
  t: number,
): RegimeGate {
  const scales = pair.emissions[0].choleskys.map((lower) => lower[0]);
  const scaleRatio = Math.max(...scales) / Math.min(...scales);
  const added = 2 + blocks.reduce((sum, { dimensions: d }) => sum + d + (d * (d + 1)) / 2, 0);
  const gain = pair.logLikelihood - single.logLikelihood - (added / 2) * Math.log(t);
  return { identified: scaleRatio >= SCALE_RATIO_MIN && gain > 0, scaleRatio, gain };
}

const rows = (matrix: Float64Array, k: number): number[][] =>
  Array.from({ length: k }, (_, i) => [...matrix.subarray(i * k, (i + 1) * k)]);
