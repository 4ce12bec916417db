import { invariant } from '@allostat/kernel';
import { lowerCholesky } from './lower-cholesky';
import type { FourRegime, RegimeBlock, RegimeFeatures, RegimeModel } from './regime-model';
import { FOUR_REGIMES } from './regime-model';
import { studentTDensity } from './student-t-density';

/** Belief about the states of a model after a bar; plain data. */
export interface FilterState {
  readonly probabilities: readonly number[];
}

/** What one bar taught the filter. */
export interface FilterStep extends FilterState {
  /** Before the bar was seen. */
  readonly predicted: readonly number[];
  /** One-step-ahead log predictive density of the bar's features, in original units; 0 when none was observed. */
  readonly logScore: number;
  /** Features that were observed, and per state (rows) the weighted log density that each added (columns). */
  readonly features: readonly string[];
  readonly evidence: readonly (readonly number[])[];
}

/** The belief before the first bar. */
export function initialFilterState(model: RegimeModel): FilterState {
  return { probabilities: stationary(model.transition) };
}

/**
 * One step of the forward filter: predict by the transition matrix, then weigh by the density of the bar's features.
 * Uses only the state and the bar. A missing feature is left out of the density (its marginal is used); with none the
 * belief is the prediction. O(K² + K D²).
 */
export function filterStep(model: RegimeModel, state: FilterState, bar: RegimeFeatures | undefined): FilterStep {
  const k = model.names.length;
  invariant(
    state.probabilities.length === k,
    () => `state has ${state.probabilities.length} probabilities, model ${k}`,
  );
  const predicted = propagate(state.probabilities, model.transition);
  const features: string[] = [];
  const evidence: number[][] = predicted.map(() => []);
  let logScore = 0;
  model.blocks.forEach((block, b) => {
    const seen = block.features.flatMap((f, j) => (bar?.values[f] === undefined ? [] : [j]));
    if (bar === undefined || seen.length === 0) return;
    features.push(...seen.map((j) => block.features[j]));
    const densities = blockDensities(block, model.degreesOfFreedom, bar, seen);
    densities.forEach((parts, state) => evidence[state].push(...parts.map((part) => part * block.weight)));
    // only the returns are independent from bar to bar, so only they are a proper score
    if (b === 0) logScore = mix(predicted, densities).logTotal;
  });
  if (features.length === 0) return { probabilities: predicted, predicted, logScore, features, evidence };
  const { logTotal, shares } = mix(predicted, evidence);
  const probabilities = Number.isFinite(logTotal) ? shares : predicted;
  return { probabilities, predicted, logScore, features, evidence };
}

/** Log density of each observed feature of a block under each state, given the features before it; original units. */
function blockDensities(block: RegimeBlock, degreesOfFreedom: number, bar: RegimeFeatures, seen: readonly number[]) {
  const d = block.features.length;
  const x = seen.map((j) => (bar.values[block.features[j]] - block.center[j]) / block.scale[j]);
  const parts = new Float64Array(seen.length);
  return block.emissions.map(({ location, cholesky }) => {
    const whole = seen.length === d;
    const lower = whole ? cholesky : marginalCholesky(cholesky, seen, d);
    const at = whole ? location : seen.map((j) => location[j]);
    studentTDensity(x, at, lower, degreesOfFreedom, parts);
    return seen.map((j, i) => parts[i] - Math.log(block.scale[j]));
  });
}

/** log Σ q_k exp(Σ parts_k), and each state's share of it. */
function mix(predicted: readonly number[], parts: readonly (readonly number[])[]) {
  const logDensity = parts.map((row) => row.reduce((sum, part) => sum + part, 0));
  const top = Math.max(...logDensity);
  const joint = predicted.map((q, i) => q * Math.exp(logDensity[i] - top));
  const total = joint.reduce((sum, value) => sum + value, 0);
  return { logTotal: Math.log(total) + top, shares: joint.map((value) => value / total) };
}

/** Probabilities `bars` bars ahead: p A^bars. */
export function forecastStates(model: RegimeModel, probabilities: readonly number[], bars: number): number[] {
  invariant(Number.isInteger(bars) && bars >= 0, () => `bars must be an integer >= 0, got ${bars}`);
  let ahead = [...probabilities];
  for (let i = 0; i < bars; i++) ahead = propagate(ahead, model.transition);
  return ahead;
}

/** Probabilities of all four names; a name without a state has 0. */
export function nameProbabilities(model: RegimeModel, probabilities: readonly number[]): Record<FourRegime, number> {
  const named = { expansion: 0, tightening: 0, crisis: 0, recovery: 0 };
  for (const name of FOUR_REGIMES) {
    const at = model.names.indexOf(name);
    if (at >= 0) named[name] = probabilities[at];
  }
  return named;
}

function propagate(p: readonly number[], transition: readonly (readonly number[])[]): number[] {
  return p.map((_, j) => p.reduce((sum, value, i) => sum + value * transition[i][j], 0));
}

/** Long-run distribution by repeated squaring of the transition matrix. */
function stationary(transition: readonly (readonly number[])[]): number[] {
  let power = transition.map((row) => [...row]);
  for (let i = 0; i < 20; i++) power = power.map((row) => propagate(row, power));
  const sum = power[0].reduce((a, b) => a + b, 0);
  return power[0].map((value) => value / sum);
}

/** Cholesky factor of the scale of the observed features only. */
function marginalCholesky(cholesky: readonly number[], seen: readonly number[], d: number): Float64Array {
  const m = seen.length;
  const matrix = new Float64Array(m * m);
  seen.forEach((i, a) =>
    seen.forEach((j, b) => {
      let sum = 0;
      for (let k = 0; k <= Math.min(i, j); k++) sum += cholesky[i * d + k] * cholesky[j * d + k];
      matrix[a * m + b] = sum;
    }),
  );
  const lower = lowerCholesky(matrix, m);
  invariant(lower !== undefined, 'the scale of the observed features is not positive definite');
  return lower;
}
