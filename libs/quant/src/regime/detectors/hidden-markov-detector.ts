import { invariant } from '@allostat/kernel';
import { fitStudentTHmm, type StudentTHmmFit } from '../fit-student-t-hmm';
import { logNormaliser, squaredMahalanobis } from '../student-t-density';
import { windowGroupings } from '../window-starts';
import type { DetectorState, RegimeDetector } from './regime-detector';

/** A fitted model; observations are standardised by `center` and `scale` first. */
export interface HiddenMarkovModel {
  readonly center: readonly number[];
  readonly scale: readonly number[];
  readonly degreesOfFreedom: number;
  readonly locations: readonly Float64Array[];
  readonly choleskys: readonly Float64Array[];
  readonly transition: readonly (readonly number[])[];
  readonly logLikelihood: number;
  readonly converged: boolean;
}

export interface HiddenMarkovOptions {
  readonly states: number;
  /** Tail index; `Infinity` gives a Gaussian model; the most likely of 4, 5, 7, 10 and 30 when absent. */
  readonly degreesOfFreedom?: number;
}

const DEGREES_GRID = [4, 5, 7, 10, 30];
const STAY = 0.98;
const OUTER_SHARE = 0.8;

/** A hidden Markov model with Student-t (or Gaussian) emissions, filtered forward. */
export function hiddenMarkovDetector(options: HiddenMarkovOptions): RegimeDetector<HiddenMarkovModel> {
  const { states: k, degreesOfFreedom } = options;
  invariant(k >= 2, () => `states must be at least 2, got ${k}`);
  const family = degreesOfFreedom === Infinity ? 'gaussian' : `student-t${degreesOfFreedom ?? ''}`;
  return {
    id: `${family}-hmm-${k}`,
    fit: (history) => fit(history, options),
    start: (model) => ({ probabilities: model.transition.map(() => 1 / k) }),
    update: (model, state, observation) => update(model, state, observation),
    forecast: (model, state, bars) => {
      let ahead = state.probabilities;
      for (let i = 0; i < bars; i++) ahead = propagate(ahead, model.transition);
      return ahead;
    },
  };
}

function fit(history: readonly (readonly number[])[], { states: k, degreesOfFreedom }: HiddenMarkovOptions) {
  const d = history[0].length;
  const t = history.length;
  const center = Array.from({ length: d }, (_, i) => history.reduce((sum, row) => sum + row[i], 0) / t);
  const scale = center.map((mean, i) => Math.sqrt(history.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0) / t));
  invariant(
    scale.every((s) => s > 0),
    'every feature must vary over the history',
  );
  const data = Float64Array.from(history.flatMap((row) => row.map((value, i) => (value - center[i]) / scale[i])));
  const transition = new Float64Array(k * k).fill((1 - STAY) / (k - 1));
  for (let i = 0; i < k; i++) transition[i * k + i] = STAY;
  const run = (start: Float64Array, nu: number) => ({
    nu,
    fit: fitStudentTHmm([{ data, dimensions: d, weight: 1 }], {
      start,
      states: k,
      degreesOfFreedom: nu,
      transition,
      transitionPrior: transition,
      scalePrior: 2,
      maxIterations: 300,
      tolerance: 1e-8,
    }),
  });
  const mostLikely = (runs: readonly ReturnType<typeof run>[]) =>
    runs.reduce((a, b) => (b.fit.logLikelihood > a.fit.logLikelihood ? b : a));
  const first = mostLikely(starts(data, d, k).map((start) => run(start, degreesOfFreedom ?? 7)));
  const grid = degreesOfFreedom === undefined ? DEGREES_GRID : [];
  const best = mostLikely([first, ...grid.map((nu) => run(first.fit.gamma, nu))]);
  return toModel(best.fit, center, scale, best.nu, t);
}

/** Memberships to start from: the outer fifth of the first feature, and groups by behaviour around each bar. */
function starts(data: Float64Array, d: number, k: number): Float64Array[] {
  const t = data.length / d;
  const soft = (groupOf: (s: number) => number) => {
    const start = new Float64Array(t * k);
    for (let s = 0; s < t; s++) for (let j = 0; j < k; j++) start[s * k + j] = j === groupOf(s) ? 0.9 : 0.1 / (k - 1);
    return start;
  };
  const groupings = windowGroupings(data, d, k, [42]).map(({ groups }) => soft((s) => groups[s]));
  if (k > 2) return groupings;
  const sizes = Array.from({ length: t }, (_, s) => Math.abs(data[s * d]));
  const cut = [...sizes].sort((a, b) => a - b)[Math.floor(OUTER_SHARE * t)];
  return [soft((s) => (sizes[s] > cut ? 1 : 0)), ...groupings];
}

function toModel(
  best: StudentTHmmFit,
  center: readonly number[],
  scale: readonly number[],
  degreesOfFreedom: number,
  t: number,
): HiddenMarkovModel {
  const { locations, choleskys } = best.emissions[0];
  const k = locations.length;
  const order = locations.map((_, i) => i).sort((a, b) => choleskys[a][0] - choleskys[b][0] || a - b);
  return {
    center,
    scale,
    degreesOfFreedom,
    locations: order.map((i) => locations[i]),
    choleskys: order.map((i) => choleskys[i]),
    transition: order.map((i) => order.map((j) => best.transition[i * k + j])),
    logLikelihood: best.logLikelihood - t * scale.reduce((sum, s) => sum + Math.log(s), 0),
    converged: best.converged,
  };
}

function update(model: HiddenMarkovModel, state: DetectorState, observation: readonly number[]): DetectorState {
  const d = observation.length;
  const x = Float64Array.from(observation, (value, i) => (value - model.center[i]) / model.scale[i]);
  const scratch = new Float64Array(d);
  const nu = model.degreesOfFreedom;
  const predicted = propagate(state.probabilities, model.transition);
  const logs = model.locations.map((location, k) => {
    const distance = squaredMahalanobis(x, 0, location, model.choleskys[k], scratch);
    const tail = nu === Infinity ? distance / 2 : ((nu + d) / 2) * Math.log1p(distance / nu);
    return logNormaliser(model.choleskys[k], d, nu) - tail;
  });
  const top = Math.max(...logs);
  const joint = predicted.map((q, k) => q * Math.exp(logs[k] - top));
  const total = joint.reduce((a, b) => a + b, 0);
  return { probabilities: total > 0 ? joint.map((value) => value / total) : predicted };
}

function propagate(p: readonly number[], transition: readonly (readonly number[])[]): number[] {
  return p.map((_, j) => p.reduce((sum, value, i) => sum + value * transition[i][j], 0));
}
