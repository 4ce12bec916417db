import { invariant } from '@allostat/kernel';
import { fitSwitching } from '../markov-switching/fit-switching';
import { transitionUnder, type SwitchingModel } from '../markov-switching/switching-model';
import { windowGroupings } from '../window-starts';
import type { DetectorState, RegimeDetector } from './regime-detector';

/** A fitted model on observations standardised by `center` and `scale`, calmest state first. */
export interface MarkovSwitchingDetectorModel {
  readonly center: readonly number[];
  readonly scale: readonly number[];
  readonly switching: SwitchingModel;
  readonly logLikelihood: number;
  readonly converged: boolean;
}

/** Beliefs, and the drivers of the last bar (standardised): they drive the move out of it. Plain data. */
export interface MarkovSwitchingDetectorState extends DetectorState {
  readonly drivers: readonly number[];
}

const PRIOR_BARS = 20;
const BANDWIDTHS = [21, 42];

/**
 * Markov switching with time-varying transition probabilities: the first number of an observation has a mean and a variance in each
 * state; the others are drivers, which move the chance of every change. What is known at a bar drives the move out of it, so
 * that nothing looks ahead. Forecasts hold the drivers where they are.
 */
export function markovSwitchingDetector({
  states: k,
}: {
  readonly states: number;
}): RegimeDetector<MarkovSwitchingDetectorModel, MarkovSwitchingDetectorState> {
  invariant(k >= 2, () => `states must be at least 2, got ${k}`);
  return {
    id: `markov-switching-${k}`,
    fit: (history) => fit(history, k),
    start: (model) => ({
      probabilities: new Array<number>(k).fill(1 / k),
      drivers: new Array<number>(model.center.length - 1).fill(0),
    }),
    update: (model, state, observation) => {
      const [y, ...drivers] = observation.map((value, i) => (value - model.center[i]) / model.scale[i]);
      const predicted = propagate(state.probabilities, transitionUnder(model.switching.transition, state.drivers));
      return { probabilities: weigh(predicted, model.switching, y), drivers };
    },
    forecast: (model, state, bars) => {
      const transition = transitionUnder(model.switching.transition, state.drivers);
      let ahead = state.probabilities;
      for (let i = 0; i < bars; i++) ahead = propagate(ahead, transition);
      return ahead;
    },
  };
}

function fit(history: readonly (readonly number[])[], k: number): MarkovSwitchingDetectorModel {
  const n = history.length;
  invariant(n >= 50 * k, () => `need at least ${50 * k} observations for ${k} states, got ${n}`);
  const center = history[0].map((_, i) => history.reduce((sum, row) => sum + row[i], 0) / n);
  const scale = center.map((mean, i) => {
    return Math.sqrt(history.reduce((sum, row) => sum + (row[i] - mean) * (row[i] - mean), 0) / n);
  });
  invariant(
    scale.every((s) => s > 0),
    'every number of an observation must vary over the history',
  );
  const rows = history.map((row) => row.map((value, i) => (value - center[i]) / scale[i]));
  const y = rows.map(([value]) => value);
  const drivers =
    rows[0].length > 1 ? [rows[0].slice(1).map(() => 0), ...rows.slice(0, -1).map((row) => row.slice(1))] : [];
  const sample = { y, ...(drivers.length > 0 && { drivers }) };
  const fits = windowGroupings(Float64Array.from(y), 1, k, BANDWIDTHS).map(({ groups }) => {
    const start = new Float64Array(n * k).fill(0.1 / (k - 1));
    groups.forEach((group, t) => (start[t * k + group] = 0.9));
    return fitSwitching(sample, { states: k, start, priorBars: PRIOR_BARS, tolerance: 1e-7, maxIterations: 500 });
  });
  const best = fits.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
  return {
    center,
    scale,
    switching: calmestFirst(best.model),
    logLikelihood: best.logLikelihood - n * Math.log(scale[0]),
    converged: best.converged,
  };
}

function calmestFirst(model: SwitchingModel): SwitchingModel {
  const order = model.variances.map((_, i) => i).sort((a, b) => model.variances[a] - model.variances[b] || a - b);
  const sorted = <T>(values: readonly T[]): T[] => order.map((i) => values[i]);
  return {
    intercepts: sorted(model.intercepts),
    slopes: sorted(model.slopes),
    lags: sorted(model.lags),
    variances: sorted(model.variances),
    transition: sorted(model.transition).map((row) => sorted(row)),
  };
}

function weigh(predicted: readonly number[], { intercepts, variances }: SwitchingModel, y: number): readonly number[] {
  const logs = intercepts.map((mean, i) => -0.5 * (((y - mean) * (y - mean)) / variances[i] + Math.log(variances[i])));
  const top = Math.max(...logs);
  const joint = predicted.map((q, i) => q * Math.exp(logs[i] - top));
  const total = joint.reduce((a, b) => a + b, 0);
  return total > 0 ? joint.map((value) => value / total) : predicted;
}

function propagate(p: readonly number[], transition: Float64Array): number[] {
  const k = p.length;
  return p.map((_, j) => p.reduce((sum, value, i) => sum + value * transition[i * k + j], 0));
}
