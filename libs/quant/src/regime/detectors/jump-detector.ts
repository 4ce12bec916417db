import { fitJumpModel, jumpModelStep, type JumpModel } from '../jump-model';
import type { DetectorState, RegimeDetector } from './regime-detector';

/** A jump model with the moments its features are standardised by, and how often its states followed each other. */
export interface JumpDetectorModel {
  readonly jumps: Pick<JumpModel, 'kind' | 'centers' | 'jumpPenalty' | 'objective' | 'converged'> & {
    states: Int32Array;
  };
  readonly center: readonly number[];
  readonly scale: readonly number[];
  readonly transition: readonly (readonly number[])[];
}

export interface JumpDetectorState extends DetectorState {
  readonly values: readonly number[];
}

/**
 * A statistical jump model followed online. Its features are the squares' logarithms that the caller gives, such as the
 * log volatility of several half-lives. The probability shown is the evidence of the running state, (V₂ - V₁) / λ between
 * one half and one: an order of confidence, not a calibrated frequency.
 */
export function jumpDetector(options: {
  readonly states: number;
  readonly jumpPenalty: number;
}): RegimeDetector<JumpDetectorModel, JumpDetectorState> {
  const { states: k, jumpPenalty } = options;
  return {
    id: `jump-model-${k}-${jumpPenalty}`,
    fit: (history) => fit(history, options),
    start: () => ({ values: new Array<number>(k).fill(0), probabilities: new Array<number>(k).fill(1 / k) }),
    update: (model, state, observation) => {
      const row = observation.map((value, i) => (value - model.center[i]) / model.scale[i]);
      const values = jumpModelStep(model.jumps, state.values, row);
      return { values, probabilities: evidence(values, jumpPenalty) };
    },
    forecast: (model, state, bars) => {
      let ahead: readonly number[] = state.probabilities;
      for (let i = 0; i < bars; i++)
        ahead = ahead.map((_, j) => ahead.reduce((sum, p, from) => sum + p * model.transition[from][j], 0));
      return ahead;
    },
  };
}

function evidence(values: readonly number[], jumpPenalty: number): number[] {
  const best = values.indexOf(Math.min(...values));
  const second = Math.min(...values.filter((_, k) => k !== best));
  const strength = jumpPenalty > 0 ? Math.min(1, (second - values[best]) / jumpPenalty) : 1;
  const share = (1 + strength) / 2;
  return values.map((_, k) => (k === best ? share : (1 - share) / (values.length - 1)));
}

function fit(history: readonly (readonly number[])[], options: { states: number; jumpPenalty: number }) {
  const d = history[0].length;
  const t = history.length;
  const center = Array.from({ length: d }, (_, i) => history.reduce((sum, row) => sum + row[i], 0) / t);
  const scale = center.map((mean, i) => Math.sqrt(history.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0) / t));
  const data = Float64Array.from(history.flatMap((row) => row.map((value, i) => (value - center[i]) / scale[i])));
  const fitted = fitJumpModel(data, d, options);
  // calmest first: the lowest centre of the first feature
  const k = options.states;
  const jumps = {
    ...fitted,
    centers: [...fitted.centers].reverse(),
    states: fitted.states.map((state) => k - 1 - state),
  };
  const counts = Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_v, j) => (i === j ? 1 : 1 / t)));
  for (let s = 1; s < t; s++) counts[jumps.states[s - 1]][jumps.states[s]]++;
  const transition = counts.map((row) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((count) => count / sum);
  });
  return { jumps, center, scale, transition };
}
