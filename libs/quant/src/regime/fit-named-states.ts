import {
  fitStudentTHmm,
  type FeatureBlock,
  type FitStudentTHmmOptions,
  type StudentTHmmFit,
} from './fit-student-t-hmm';
import { nameStates, type StateCentroid } from './name-states';
import { FOUR_REGIMES, type FourRegime } from './regime-model';
import { windowGroupings, type Grouping } from './window-starts';

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
export const PRIOR_BARS = 500;
/** Mean stay assumed before the states have names. */
const UNNAMED_STAY_BARS = 250;
export const STATE_BARS_MIN = 40;

/** One fit and the start it came from. */
export interface Candidate {
  readonly name: string;
  readonly fit: StudentTHmmFit;
}
export type FitBase = Pick<FitStudentTHmmOptions, 'degreesOfFreedom' | 'maxIterations' | 'tolerance' | 'scalePrior'>;

/** The most likely fit, those that give a state hardly any bars left aside where there are others. */
export function mostLikely(candidates: readonly Candidate[]): StudentTHmmFit {
  const sound = candidates.filter(({ fit }) => smallestMass(fit) >= STATE_BARS_MIN);
  return (sound.length > 0 ? sound : candidates).reduce((a, b) => (b.fit.logLikelihood > a.fit.logLikelihood ? b : a))
    .fit;
}

function smallestMass({ gamma, initial }: StudentTHmmFit): number {
  const masses = new Float64Array(initial.length);
  gamma.forEach((value, i) => (masses[i % masses.length] += value));
  return Math.min(...masses);
}

/** Fits k states from every deterministic start. */
export function fitStarts(
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
export function ruleGrouping(labels: readonly (FourRegime | undefined)[]): Grouping {
  const groups = Int32Array.from(labels, (label) => (label === undefined ? -1 : FOUR_REGIMES.indexOf(label)));
  return { name: 'names of the point-in-time rule', groups };
}

/** Puts the states in canonical order and fits on with the prior of the named transitions, forbidden ones included. */
export function nameAndRefit(
  blocks: readonly FeatureBlock[],
  fit: StudentTHmmFit,
  base: FitBase,
  degreesGrid: readonly number[],
) {
  const { choleskys } = fit.emissions[0];
  const d = blocks[0].dimensions;
  const centroids: StateCentroid[] = choleskys.map((lower) => ({
    volatility: lower[0],
    ...(d < 2 ? {} : { stockBondCorrelation: lower[d] / Math.hypot(lower[d], lower[d + 1]) }),
  }));
  const found = nameStates(centroids);
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
    centroids,
    degreesOfFreedom,
    fit: fitStudentTHmm(blocks, { ...base, degreesOfFreedom, start, states: k, transition, transitionPrior }),
  }));
  return refits.reduce((a, b) => (b.fit.logLikelihood > a.fit.logLikelihood ? b : a));
}

/** First guess and prior of the transitions between named states. */
export function priorTransition(present: readonly FourRegime[]): Float64Array {
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
