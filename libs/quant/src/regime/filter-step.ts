import { invariant } from '@allostat/kernel';
import { lowerCholesky } from './lower-cholesky';
import type { FourRegime, RegimeBlock, RegimeFeatures, RegimeModel } from './regime-model';
import { FOUR_REGIMES } from './regime-model';
import { studentTStep } from './student-t-density';

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
  let features: readonly string[] = [];
  let evidence: readonly (readonly number[])[] = [];
  let logScore = 0;
  let mixed: Mixed | undefined;
  for (let b = 0; b < model.blocks.length; b++) {
    const block = model.blocks[b];
    const x = bar === undefined ? [] : standardised(block, bar);
    const missing = countMissing(x);
    if (bar === undefined || missing === x.length) continue;
    const seen = missing === 0 ? undefined : x.flatMap((value, j) => (Number.isNaN(value) ? [] : [j]));
    const known = seen === undefined ? x : seen.map((j) => x[j]);
    const densities = densitiesOf(prepare(block, model.degreesOfFreedom, seen), model.degreesOfFreedom, known);
    // only the returns are independent from bar to bar, so only they are a proper score
    const own = b === 0 ? mix(predicted, densities) : undefined;
    if (own !== undefined) logScore = own.logTotal;
    const alone = features.length === 0 && block.weight === 1;
    mixed = alone ? own : undefined;
    evidence = alone ? densities : joined(evidence, densities, block.weight);
    const names = seen === undefined ? block.features : seen.map((j) => block.features[j]);
    features = features.length === 0 ? names : [...features, ...names];
  }
  if (features.length === 0)
    return { probabilities: predicted, predicted, logScore, features, evidence: predicted.map(() => []) };
  const { logTotal, shares } = mixed ?? mix(predicted, evidence);
  const probabilities = Number.isFinite(logTotal) ? shares : predicted;
  return { probabilities, predicted, logScore, features, evidence };
}

const joined = (
  evidence: readonly (readonly number[])[],
  densities: readonly (readonly number[])[],
  weight: number,
): number[][] =>
  densities.map((row, i) => {
    const before = evidence.length === 0 ? [] : evidence[i];
    const both = new Array<number>(before.length + row.length);
    for (let j = 0; j < before.length; j++) both[j] = before[j];
    for (let j = 0; j < row.length; j++) both[before.length + j] = row[j] * weight;
    return both;
  });

/** Features of a block in its own units; NaN where the bar has none. */
function standardised({ features, center, scale }: RegimeBlock, bar: RegimeFeatures): number[] {
  const x = new Array<number>(features.length);
  for (let j = 0; j < features.length; j++) {
    const value: number | undefined = bar.values[features[j]];
    x[j] = value === undefined ? NaN : (value - center[j]) / scale[j];
  }
  return x;
}

function countMissing(x: readonly number[]): number {
  let missing = 0;
  for (let j = 0; j < x.length; j++) if (Number.isNaN(x[j])) missing++;
  return missing;
}

/** What the density of a block, or of those of its features that are seen, needs and no bar changes; one a state. */
type PreparedBlock = readonly {
  readonly location: Float64Array;
  readonly cholesky: Float64Array;
  readonly constants: Float64Array;
}[];

/** A cache by identity of the block, no state. */
const prepared = new WeakMap<RegimeBlock, Map<string, PreparedBlock>>();

/** The marginal of a Student-t is a Student-t: of the seen features only their own location and scale are needed. */
function prepare(block: RegimeBlock, degreesOfFreedom: number, seen?: readonly number[]): PreparedBlock {
  const key = seen === undefined ? String(degreesOfFreedom) : `${degreesOfFreedom} ${seen.join()}`;
  let known = prepared.get(block);
  if (known === undefined) prepared.set(block, (known = new Map()));
  const found = known.get(key);
  if (found !== undefined) return found;
  const d = block.features.length;
  const columns = seen ?? block.features.map((_, j) => j);
  const m = columns.length;
  const fresh = block.emissions.map(({ location, cholesky }) => {
    const lower = seen === undefined ? Float64Array.from(cholesky) : marginalCholesky(cholesky, seen, d);
    return {
      location: Float64Array.from(columns, (j) => location[j]),
      cholesky: lower,
      constants: Float64Array.from(
        columns,
        (j, i) => studentTStep(degreesOfFreedom, i) - Math.log(lower[i * m + i]) - Math.log(block.scale[j]),
      ),
    };
  });
  known.set(key, fresh);
  return fresh;
}

/** Log density of each feature under each state, given the features before it; original units. */
function densitiesOf(states: PreparedBlock, degreesOfFreedom: number, x: readonly number[]): number[][] {
  const d = x.length;
  const solved = new Array<number>(d);
  const densities = new Array<number[]>(states.length);
  for (let k = 0; k < states.length; k++) {
    const { location, cholesky, constants } = states[k];
    const parts = new Array<number>(d);
    let distance = 0;
    let before = 0;
    for (let i = 0; i < d; i++) {
      let rest = x[i] - location[i];
      for (let j = 0; j < i; j++) rest -= cholesky[i * d + j] * solved[j];
      const z = rest / cholesky[i * d + i];
      solved[i] = z;
      distance += z * z;
      const tail = ((degreesOfFreedom + i + 1) / 2) * Math.log1p(distance / degreesOfFreedom);
      parts[i] = constants[i] - tail + before;
      before = tail;
    }
    densities[k] = parts;
  }
  return densities;
}

/** log Σ of joint densities, and each state's share. */
interface Mixed {
  readonly logTotal: number;
  readonly shares: number[];
}

/** log Σ q_k exp(Σ parts_k), and each state's share of it. */
function mix(predicted: readonly number[], parts: readonly (readonly number[])[]): Mixed {
  const k = predicted.length;
  const shares = new Array<number>(k);
  let top = -Infinity;
  for (let i = 0; i < k; i++) {
    let sum = 0;
    const row = parts[i];
    for (let j = 0; j < row.length; j++) sum += row[j];
    shares[i] = sum;
    if (sum > top) top = sum;
  }
  let total = 0;
  for (let i = 0; i < k; i++) {
    shares[i] = predicted[i] * Math.exp(shares[i] - top);
    total += shares[i];
  }
  for (let i = 0; i < k; i++) shares[i] /= total;
  return { logTotal: Math.log(total) + top, shares };
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
  const next = new Array<number>(p.length);
  for (let j = 0; j < p.length; j++) {
    let sum = 0;
    for (let i = 0; i < p.length; i++) sum += p[i] * transition[i][j];
    next[j] = sum;
  }
  return next;
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
