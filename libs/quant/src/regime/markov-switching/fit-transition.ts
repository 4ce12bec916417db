import { solveSmall } from '../../linalg/solve-small';
import { softmax, type SwitchingModel } from './switching-model';

/** A few steps raise the likelihood; the next round of the fit goes on from there. */
const NEWTON_STEPS = 2;
/** Keeps logits finite when drivers separate the moves perfectly; far below what a bar of data is worth. */
const RIDGE = 1e-6;
/** Bars that hardly belong to a state say nothing about how it is left. */
const NEGLIGIBLE = 1e-10;

/**
 * Logits of the moves, weighted by their probability: a multinomial logit on the drivers by Newton's method with halved steps, against
 * the last state. Without drivers these are the logs of the shares. `priorBars` are bars of staying added to every state.
 */
export function fitTransition(
  moves: Float64Array,
  k: number,
  options: {
    readonly drivers: readonly (readonly number[])[] | undefined;
    readonly priorBars: number;
    readonly start: SwitchingModel['transition'] | undefined;
  },
): number[][][] {
  const { drivers, priorBars, start } = options;
  return Array.from({ length: k }, (_, i) =>
    drivers === undefined || drivers[0].length === 0
      ? shares(moves, k, i, priorBars)
      : logit(moves, k, i, drivers, priorBars, start?.[i]),
  );
}

function shares(moves: Float64Array, k: number, i: number, priorBars: number): number[][] {
  const counts = new Float64Array(k);
  counts[i] = priorBars;
  for (let t = 0; t < moves.length / (k * k); t++) for (let j = 0; j < k; j++) counts[j] += moves[(t * k + i) * k + j];
  const total = counts.reduce((a, b) => a + b, 0);
  return Array.from(counts, (count) => [count > 0 ? Math.log(count / total) : -Infinity]);
}

function logit(
  moves: Float64Array,
  k: number,
  i: number,
  drivers: readonly (readonly number[])[],
  priorBars: number,
  start: readonly (readonly number[])[] | undefined,
): number[][] {
  const width = drivers[0].length + 1;
  const rows = drivers.map((row) => [1, ...row]);
  // prior bars are spread over the sample, so that they say nothing about the drivers
  const spread = priorBars / rows.length;
  const weight = (t: number, j: number): number => moves[(t * k + i) * k + j] + (j === i ? spread : 0);
  const totals = Float64Array.from(rows, (_, t) => {
    let total = 0;
    for (let j = 0; j < k; j++) total += weight(t, j);
    return total;
  });
  const zero = (): number[][] => Array.from({ length: k }, () => new Array<number>(width).fill(0));
  let beta =
    start === undefined || start.some((row) => !Number.isFinite(row[0])) ? zero() : start.map((row) => [...row]);
  const value = (at: readonly (readonly number[])[]): number => {
    let sum = 0;
    rows.forEach((row, t) => {
      if (totals[t] < NEGLIGIBLE) return;
      const p = probabilities(at, row);
      for (let j = 0; j < k; j++) if (weight(t, j) > 0) sum += weight(t, j) * Math.log(p[j]);
    });
    for (const row of at) for (const b of row) sum -= RIDGE * b * b;
    return sum;
  };
  let best = value(beta);
  for (let iteration = 0; iteration < NEWTON_STEPS; iteration++) {
    const step = newtonStep(rows, beta, weight, totals, k);
    let factor = 1;
    let next = moved(beta, step, factor);
    let reached = value(next);
    while (reached < best && factor > 1e-6) {
      factor /= 2;
      next = moved(beta, step, factor);
      reached = value(next);
    }
    if (!(reached > best)) break;
    const gain = reached - best;
    [beta, best] = [next, reached];
    if (gain < 1e-12 * (1 + Math.abs(best))) break;
  }
  return beta;
}

const probabilities = (beta: readonly (readonly number[])[], row: readonly number[]): Float64Array =>
  softmax(beta.map((coefficients) => coefficients.reduce((sum, b, d) => sum + b * row[d], 0)));

function moved(beta: readonly (readonly number[])[], step: readonly number[], factor: number): number[][] {
  const width = beta[0].length;
  return beta.map((row, j) => row.map((b, d) => (j === beta.length - 1 ? 0 : b + factor * step[j * width + d])));
}

/** Newton's step of the free coefficients: those of all states but the last. */
function newtonStep(
  rows: readonly (readonly number[])[],
  beta: readonly (readonly number[])[],
  weight: (t: number, j: number) => number,
  totals: Float64Array,
  k: number,
): number[] {
  const width = rows[0].length;
  const free = (k - 1) * width;
  const gradient = new Array<number>(free).fill(0);
  const hessian = Array.from({ length: free }, () => new Array<number>(free).fill(0));
  rows.forEach((row, t) => {
    const total = totals[t];
    if (total < NEGLIGIBLE) return;
    const p = probabilities(beta, row);
    for (let a = 0; a < k - 1; a++) {
      for (let d = 0; d < width; d++) gradient[a * width + d] += (weight(t, a) - total * p[a]) * row[d];
      for (let b = 0; b < k - 1; b++) {
        const curvature = total * p[a] * ((a === b ? 1 : 0) - p[b]);
        for (let d = 0; d < width; d++)
          for (let e = 0; e < width; e++) hessian[a * width + d][b * width + e] += curvature * row[d] * row[e];
      }
    }
  });
  for (let a = 0; a < free; a++) {
    gradient[a] -= 2 * RIDGE * beta[Math.floor(a / width)][a % width];
    hessian[a][a] += 2 * RIDGE;
  }
  return solveSmall(hessian, gradient);
}
