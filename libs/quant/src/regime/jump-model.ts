import { invariant } from '@allostat/kernel';

/** A fitted statistical jump model: K centres of D standardised features; plain data. */
export interface JumpModel {
  readonly kind: 'jump-model';
  readonly centers: readonly (readonly number[])[];
  /** What a change of state costs, in units of half a squared standardised distance. */
  readonly jumpPenalty: number;
  readonly objective: number;
  readonly states: Int32Array;
  readonly converged: boolean;
}

export interface FitJumpModelOptions {
  readonly states: number;
  readonly jumpPenalty: number;
  readonly maxIterations?: number;
  readonly tolerance?: number;
}

/**
 * Fits a statistical jump model: minimises Σ ½|x_t - θ_{s_t}|² + λ · (number of changes of state) by turns over the path
 * (dynamic programming) and the centres (means).
 *
 * `data` is T x D by rows, standardised. Starts are deterministic: groups of equal count by each feature in turn; the best
 * is kept. States are ordered by the first feature's centre, highest first. Uses the whole sample: for training only.
 * Method: Bemporad and others (2018), Nystrup, Lindström and Madsen (2020).
 */
export function fitJumpModel(data: Float64Array, dimensions: number, options: FitJumpModelOptions): JumpModel {
  const { states: k, jumpPenalty, maxIterations = 1000, tolerance = 1e-8 } = options;
  const t = data.length / dimensions;
  invariant(k >= 2 && t > 10 * k, () => `need at least 2 states and ${10 * k} observations, got ${k} and ${t}`);
  invariant(jumpPenalty >= 0, () => `jumpPenalty must be >= 0, got ${jumpPenalty}`);
  let best: JumpModel | undefined;
  for (let feature = 0; feature < dimensions; feature++) {
    const found = descend(
      data,
      dimensions,
      startBy(data, dimensions, feature, k),
      jumpPenalty,
      maxIterations,
      tolerance,
    );
    if (best === undefined || found.objective < best.objective) best = found;
  }
  invariant(best !== undefined, 'dimensions must be at least 1');
  return ordered(best);
}

/**
 * One step of the online form: V_k = loss_k + min(V_k, min V + λ). `values` is the state to keep (K numbers, least one 0);
 * the current state is where it is least. Uses only the past.
 */
export function jumpModelStep(model: JumpModel, values: readonly number[], features: ArrayLike<number>): number[] {
  const reach = Math.min(...values) + model.jumpPenalty;
  const next = model.centers.map((center, k) => halfSquare(features, 0, center) + Math.min(values[k], reach));
  const least = Math.min(...next);
  return next.map((value) => value - least);
}

function startBy(data: Float64Array, d: number, feature: number, k: number): number[][] {
  const t = data.length / d;
  const order = Array.from({ length: t }, (_, s) => s).sort(
    (a, b) => data[a * d + feature] - data[b * d + feature] || a - b,
  );
  const groups = new Int32Array(t);
  order.forEach((s, rank) => (groups[s] = Math.floor((rank * k) / t)));
  return means(data, d, groups, k);
}

function means(
  data: Float64Array,
  d: number,
  states: Int32Array,
  k: number,
  previous?: readonly (readonly number[])[],
) {
  const sums = Array.from({ length: k }, () => new Array<number>(d).fill(0));
  const counts = new Array<number>(k).fill(0);
  states.forEach((state, s) => {
    counts[state]++;
    for (let i = 0; i < d; i++) sums[state][i] += data[s * d + i];
  });
  // a state that nothing is in keeps its centre
  return sums.map((sum, j) =>
    counts[j] > 0 || previous === undefined ? sum.map((v) => v / counts[j]) : [...previous[j]],
  );
}

function descend(
  data: Float64Array,
  d: number,
  start: number[][],
  jumpPenalty: number,
  maxIterations: number,
  tolerance: number,
): JumpModel {
  let centers = start;
  let objective = Infinity;
  let states = new Int32Array(data.length / d);
  for (let i = 0; i < maxIterations; i++) {
    const path = bestPath(data, d, centers, jumpPenalty);
    const gain = objective - path.objective;
    const same = i > 0 && path.states.every((state, s) => state === states[s]);
    ({ objective, states } = path);
    if (same || gain <= tolerance)
      return { kind: 'jump-model', centers, jumpPenalty, objective, states, converged: true };
    centers = means(data, d, states, centers.length, centers);
  }
  return { kind: 'jump-model', centers, jumpPenalty, objective, states, converged: false };
}

function bestPath(data: Float64Array, d: number, centers: readonly (readonly number[])[], jumpPenalty: number) {
  const t = data.length / d;
  const k = centers.length;
  const from = new Int32Array(t * k);
  let values = centers.map((center) => halfSquare(data, 0, center));
  for (let s = 1; s < t; s++) {
    const least = values.indexOf(Math.min(...values));
    values = centers.map((center, j) => {
      const stay = values[j] <= values[least] + jumpPenalty;
      from[s * k + j] = stay ? j : least;
      return halfSquare(data, s * d, center) + (stay ? values[j] : values[least] + jumpPenalty);
    });
  }
  const objective = Math.min(...values);
  const states = new Int32Array(t);
  states[t - 1] = values.indexOf(objective);
  for (let s = t - 1; s > 0; s--) states[s - 1] = from[s * k + states[s]];
  return { objective, states };
}

function halfSquare(data: ArrayLike<number>, offset: number, center: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < center.length; i++) sum += (data[offset + i] - center[i]) ** 2;
  return sum / 2;
}

function ordered(model: JumpModel): JumpModel {
  const order = model.centers.map((_, k) => k).sort((a, b) => model.centers[b][0] - model.centers[a][0] || a - b);
  return {
    ...model,
    centers: order.map((k) => model.centers[k]),
    states: model.states.map((state) => order.indexOf(state)),
  };
}
