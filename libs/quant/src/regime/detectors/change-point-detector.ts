import { invariant } from '@allostat/kernel';
import { logGamma } from '../log-gamma';
import type { DetectorState, RegimeDetector } from './regime-detector';

/** Scale of the training window, prior of every new run, and the level above which a run counts as wild. */
export interface ChangePointModel {
  readonly priorVariance: number;
  readonly wildVariance: number;
}

/** Weights of the run lengths that are still likely, with the statistics of each run; plain data. */
export interface ChangePointState extends DetectorState {
  readonly weights: readonly number[];
  readonly counts: readonly number[];
  readonly squares: readonly number[];
  /** Weight of runs shorter than ten bars: something has just changed. */
  readonly changeProbability: number;
}

export interface ChangePointOptions {
  /** Expected bars between changes. */
  readonly meanRunBars: number;
  /** How many bars of the training variance a new run starts with. */
  readonly priorBars: number;
}

const WEIGHT_MIN = 1e-4;
const RUNS_MAX = 600;
const FRESH_BARS = 10;

/**
 * Bayesian online change-point detection on the variance of the first number (Adams and MacKay, 2007; inverse-gamma runs,
 * Student-t predictive, constant hazard). Unlikely run lengths are pruned, so that a bar costs a bounded amount. State 1
 * is the weight of runs whose variance is above the training window's upper level: an early watch, not a name.
 */
export function changePointDetector(
  options: ChangePointOptions = { meanRunBars: 250, priorBars: 10 },
): RegimeDetector<ChangePointModel, ChangePointState> {
  const hazard = 1 / options.meanRunBars;
  return {
    id: `change-point-${options.meanRunBars}`,
    fit: (history) => {
      invariant(history.length >= 100, () => `need at least 100 observations, got ${history.length}`);
      const squares = history.map((row) => row[0] ** 2);
      const priorVariance = squares.reduce((a, b) => a + b, 0) / squares.length;
      return { priorVariance, wildVariance: priorVariance * 1.5 };
    },
    start: () => ({ weights: [1], counts: [0], squares: [0], probabilities: [1, 0], changeProbability: 1 }),
    update: (model, state, observation) => step(model, state, observation[0], hazard, options.priorBars),
    forecast: (_model, state, bars) => {
      const stay = Math.pow(1 - hazard, bars);
      return state.probabilities.map((p) => stay * p + (1 - stay) * 0.5);
    },
  };
}

function step(model: ChangePointModel, state: ChangePointState, x: number, hazard: number, priorBars: number) {
  const variances = state.counts.map(
    (count, i) => (priorBars * model.priorVariance + state.squares[i]) / (priorBars + count),
  );
  const logs = state.weights.map((w, i) => Math.log(w) + logPredictive(x, variances[i], priorBars + state.counts[i]));
  const top = Math.max(...logs);
  const joint = logs.map((value) => Math.exp(value - top));
  const total = joint.reduce((a, b) => a + b, 0);
  const runs = [
    { weight: hazard, count: 0, square: 0 },
    ...joint.map((value, i) => ({
      weight: ((1 - hazard) * value) / total,
      count: state.counts[i] + 1,
      square: state.squares[i] + x * x,
    })),
  ]
    .filter((run) => run.weight >= WEIGHT_MIN)
    .slice(0, RUNS_MAX);
  const sum = runs.reduce((a, run) => a + run.weight, 0);
  const weights = runs.map((run) => run.weight / sum);
  const above = runs.map(
    (run) => (priorBars * model.priorVariance + run.square) / (priorBars + run.count) > model.wildVariance,
  );
  const wild = weights.reduce((a, w, i) => a + (above[i] ? w : 0), 0);
  return {
    weights,
    counts: runs.map((run) => run.count),
    squares: runs.map((run) => run.square),
    probabilities: [1 - wild, wild],
    changeProbability: weights.reduce((a, w, i) => a + (runs[i].count < FRESH_BARS ? w : 0), 0),
  };
}

/** Log density of a Student-t with mean 0, squared scale `variance` and `n` degrees of freedom. */
function logPredictive(x: number, variance: number, n: number): number {
  const constant = logGamma((n + 1) / 2) - logGamma(n / 2) - 0.5 * Math.log(n * Math.PI * variance);
  return constant - ((n + 1) / 2) * Math.log1p((x * x) / (n * variance));
}
