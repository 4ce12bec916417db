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
  const seen = bar === undefined ? [] : seenBlocks(model, bar);
  if (seen.length === 0)
    return { probabilities: predicted, predicted, logScore: 0, features: [], evidence: predicted.map(() => []) };
  const features = namesOf(model, seen);
  const evidence: number[][] = [];
  const sums: number[] = [];
  for (let i = 0; i < k; i++) {
    evidence.push([]);
    sums.push(0);
  }
  let logScore = 0;
  for (let b = 0; b < seen.length; b++) {
    const own = addDensities(seen[b], evidence, sums);
    // only the returns are independent from bar to bar, so only they are a proper score
    if (seen[b].isReturns) logScore = logMixture(predicted, own);
  }
  const shares = mixed(predicted, sums);
  return { probabilities: shares ?? predicted, predicted, logScore, features, evidence };
}

function seenBlocks(model: RegimeModel, bar: RegimeFeatures): SeenBlock[] {
  const seen: SeenBlock[] = [];
  for (let b = 0; b < model.blocks.length; b++) {
    const block = readBlock(model, b, bar);
    if (block !== undefined) seen.push(block);
  }
  return seen;
}

/** What a bar says of one block: its values in the block's own units, and the densities that they are measured with. */
interface SeenBlock {
  readonly names: readonly string[];
  readonly x: readonly number[];
  readonly states: PreparedBlock;
  readonly weight: number;
  readonly degreesOfFreedom: number;
  /** The first block holds the returns that the forecast is scored on. */
  readonly isReturns: boolean;
}

/** Undefined when the bar has no feature of the block. */
function readBlock(model: RegimeModel, b: number, bar: RegimeFeatures): SeenBlock | undefined {
  const block = model.blocks[b];
  const { features, center, scale, weight } = block;
  const { degreesOfFreedom } = model;
  const { values } = bar;
  const d = features.length;
  const x: number[] = [];
  let missing = 0;
  for (let j = 0; j < d; j++) {
    const value: number | undefined = values[features[j]];
    if (value === undefined) missing++;
    x.push(value === undefined ? NaN : (value - center[j]) / scale[j]);
  }
  if (missing === d) return undefined;
  const isReturns = b === 0;
  if (missing === 0)
    return { names: features, x, states: prepare(block, degreesOfFreedom), weight, degreesOfFreedom, isReturns };
  const columns = x.flatMap((value, j) => (Number.isNaN(value) ? [] : [j]));
  const states = prepare(block, degreesOfFreedom, columns);
  const names = columns.map((j) => features[j]);
  return { names, x: columns.map((j) => x[j]), states, weight, degreesOfFreedom, isReturns };
}

/** A cache by identity of the model, no state: the names of all its features. */
const allNames = new WeakMap<RegimeModel, readonly string[]>();

function namesOf(model: RegimeModel, seen: readonly SeenBlock[]): readonly string[] {
  if (seen.length === 1) return seen[0].names;
  if (seen.length < model.blocks.length || seen.some(({ names }, b) => names !== model.blocks[b].features))
    return joinedNames(seen);
  let all = allNames.get(model);
  if (all === undefined) allNames.set(model, (all = joinedNames(seen)));
  return all;
}

function joinedNames(seen: readonly SeenBlock[]): string[] {
  const names: string[] = [];
  for (let b = 0; b < seen.length; b++) for (let j = 0; j < seen[b].names.length; j++) names.push(seen[b].names[j]);
  return names;
}

/** What the density of a block, or of those of its features that are seen, needs and no bar changes; one a state. */
type PreparedBlock = readonly {
  readonly location: Float64Array;
  readonly cholesky: Float64Array;
  readonly constants: Float64Array;
  /** (ν + i + 1) / 2 of the feature i. */
  readonly halves: Float64Array;
}[];

/** Caches by identity of the block, no state: of all its features, and of those that a bar had. */
const whole = new WeakMap<RegimeBlock, { readonly degreesOfFreedom: number; readonly states: PreparedBlock }>();
const partial = new WeakMap<RegimeBlock, Map<string, PreparedBlock>>();

/** The marginal of a Student-t is a Student-t: of the seen features only their own location and scale are needed. */
function prepare(block: RegimeBlock, degreesOfFreedom: number, seen?: readonly number[]): PreparedBlock {
  if (seen === undefined) {
    const found = whole.get(block);
    if (found?.degreesOfFreedom === degreesOfFreedom) return found.states;
    const states = preparedOf(block, degreesOfFreedom);
    whole.set(block, { degreesOfFreedom, states });
    return states;
  }
  const key = `${degreesOfFreedom} ${seen.join()}`;
  let known = partial.get(block);
  if (known === undefined) partial.set(block, (known = new Map()));
  const found = known.get(key);
  if (found !== undefined) return found;
  const states = preparedOf(block, degreesOfFreedom, seen);
  known.set(key, states);
  return states;
}

function preparedOf(block: RegimeBlock, degreesOfFreedom: number, seen?: readonly number[]): PreparedBlock {
  const d = block.features.length;
  const columns = seen ?? block.features.map((_, j) => j);
  const m = columns.length;
  return block.emissions.map(({ location, cholesky }) => {
    const lower = seen === undefined ? Float64Array.from(cholesky) : marginalCholesky(cholesky, seen, d);
    return {
      location: Float64Array.from(columns, (j) => location[j]),
      cholesky: lower,
      halves: Float64Array.from(columns, (_, i) => (degreesOfFreedom + i + 1) / 2),
      constants: Float64Array.from(
        columns,
        (j, i) => studentTStep(degreesOfFreedom, i) - Math.log(lower[i * m + i]) - Math.log(block.scale[j]),
      ),
    };
  });
}

/** Reused between calls, always written before it is read: squared distances, and what forward substitution has solved. */
let distances = new Float64Array(64);
let solved = new Float64Array(16);

/**
 * Log density of each feature of a block under each state, given the features before it, in original units and times the weight of the
 * block: onto the rows of `evidence`, and added to the sum of the state. Returns the sums of the block alone, without its weight.
 */
function addDensities(
  { x, states, weight, degreesOfFreedom }: SeenBlock,
  evidence: readonly number[][],
  sums: number[],
): number[] {
  const d = x.length;
  measureDistances(x, states, degreesOfFreedom);
  const own: number[] = [];
  for (let k = 0, at = 0; k < states.length; k++) {
    const { constants, halves } = states[k];
    const row = evidence[k];
    let sum = sums[k];
    let alone = 0;
    let before = 0;
    for (let i = 0; i < d; i++, at++) {
      const tail = halves[i] * Math.log1p(distances[at]);
      const part = constants[i] - tail + before;
      row.push(part * weight);
      sum += part * weight;
      alone += part;
      before = tail;
    }
    sums[k] = sum;
    own.push(alone);
  }
  return own;
}

/** Squared distance of the first i + 1 features from each state, in its scale and over the degrees of freedom; states x features. */
function measureDistances(x: readonly number[], states: PreparedBlock, degreesOfFreedom: number): void {
  const d = x.length;
  if (distances.length < d * states.length) distances = new Float64Array(d * states.length);
  if (solved.length < d) solved = new Float64Array(d);
  for (let k = 0, at = 0; k < states.length; k++) {
    const { location, cholesky } = states[k];
    let distance = 0;
    for (let i = 0, c = 0; i < d; i++, c += d, at++) {
      let rest = x[i] - location[i];
      for (let j = 0; j < i; j++) rest -= cholesky[c + j] * solved[j];
      const z = rest / cholesky[c + i];
      solved[i] = z;
      distance += z * z;
      distances[at] = distance / degreesOfFreedom;
    }
  }
}

/** log Σ q_k exp(sum_k). */
function logMixture(predicted: readonly number[], sums: readonly number[]): number {
  const top = largest(sums);
  let total = 0;
  for (let i = 0; i < sums.length; i++) total += predicted[i] * Math.exp(sums[i] - top);
  return Math.log(total) + top;
}

/** Each state's share of Σ q_k exp(sum_k); undefined when that is no positive number. */
function mixed(predicted: readonly number[], sums: readonly number[]): number[] | undefined {
  const top = largest(sums);
  const shares: number[] = [];
  let total = 0;
  for (let i = 0; i < sums.length; i++) {
    const share = predicted[i] * Math.exp(sums[i] - top);
    shares.push(share);
    total += share;
  }
  if (!(total > 0 && Number.isFinite(top))) return undefined;
  for (let i = 0; i < sums.length; i++) shares[i] /= total;
  return shares;
}

function largest(values: readonly number[]): number {
  let top = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] > top) top = values[i];
  return top;
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
