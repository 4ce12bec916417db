import { dot, dotRange } from '../../linalg/products';
import { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';
import type { RowFamily } from './row-family';

export interface ConicProgram {
  readonly point: Point;
  /** Linear cost of weights and of global variables. */
  readonly cost: Point;
  /** Quadratic cost 1/2 w'Pw, n x n, or none. */
  readonly quadratic?: Float64Array;
  readonly parts: readonly Part[];
  /** Length of the border: globals, then multipliers of coupling rows and equalities. */
  readonly border: number;
}

export interface InteriorPointOptions {
  /** Relative duality gap and residuals at which to stop. Default 1e-11: the loop goes on while it still improves. */
  readonly tolerance?: number;
  /** Gap and residuals that count as solved. Default 1e-8. */
  readonly acceptable?: number;
  readonly iterationsMax?: number;
}

export interface InteriorPointResult {
  readonly status: 'optimal' | 'not-converged';
  readonly iterations: number;
  readonly objective: number;
  /** Sum of slack times multiplier over max(1, |objective|). */
  readonly gap: number;
  readonly primalResidual: number;
  readonly dualResidual: number;
}

/**
 * Primal-dual interior point with Mehrotra's predictor and corrector, from a start that need not be feasible.
 * Every part eliminates its own variables, so a step costs one factorisation of the size of the weights. All is
 * deterministic: one thread, fixed order of sums. The point is moved in place.
 */
export function solveInteriorPoint(
  program: ConicProgram,
  { tolerance = 1e-11, acceptable = 1e-8, iterationsMax = 120 }: InteriorPointOptions = {},
): InteriorPointResult {
  const { point, parts } = program;
  const n = point.w.length;
  const dense = program.quadratic !== undefined || parts.some((part) => part.dense);
  const system = new NewtonSystem(n, program.border, { dense });
  const dual: Point = { w: new Float64Array(n), g: new Float64Array(point.g.length) };
  const rows = parts.flatMap((part) => part.rows);
  const count = Math.max(
    1,
    rows.reduce((sum, r) => sum + r.count, 0),
  );
  const curved = program.quadratic !== undefined || parts.some((part) => part.curved);
  let best: Snapshot | undefined;
  let stalled = 0;
  let iterations = 0;
  for (; ; iterations++) {
    const state = measure(program, dual, rows);
    const score = Math.max(state.gap, state.primalResidual, state.dualResidual);
    if (!Number.isFinite(score)) break;
    stalled = best === undefined || score < 0.9 * best.score ? 0 : stalled + 1;
    if (best === undefined || score < best.score) best = snapshot({ state, score }, point, rows);
    if (score <= tolerance || iterations >= iterationsMax) break;
    if (stalled >= (best.score <= acceptable ? 3 : 30)) break;
    system.begin(program.quadratic);
    for (const r of rows) r.prepare();
    for (const part of parts) part.assemble(system, point);
    system.factorise();
    const mean = rows.reduce((sum, r) => sum + r.complementarity(), 0) / count;
    direction(parts, system, dual, { centre: 0, corrected: false });
    const probe = stepLengths(rows, curved, 1);
    const affine = rows.reduce((sum, r) => sum + r.complementarity(probe.primal, probe.dual), 0) / count;
    // never aim far below the gap asked for: slacks of 1e-20 spoil the residuals that still have to vanish
    const least = (0.1 * tolerance * Math.max(1, Math.abs(state.objective))) / (count * mean);
    // a product, not a power: engines round powers differently
    const share = affine / mean;
    const sigma = Math.min(1, Math.max(1e-6, least, share * share * share));
    direction(parts, system, dual, { centre: sigma * mean, corrected: true });
    const step = stepLengths(rows, curved, mean < 1e-6 ? 0.998 : 0.985);
    for (let i = 0; i < n; i++) point.w[i] += step.primal * system.dw[i];
    for (let k = 0; k < point.g.length; k++) point.g[k] += step.primal * system.db[k];
    for (const part of parts) part.advance(step.primal, step.dual);
  }
  if (best === undefined) {
    return {
      status: 'not-converged',
      iterations,
      objective: NaN,
      gap: Infinity,
      primalResidual: Infinity,
      dualResidual: Infinity,
    };
  }
  point.w.set(best.w);
  point.g.set(best.g);
  rows.forEach((r, k) => r.z.set((best as Snapshot).z[k]));
  return { ...best.state, iterations, status: best.score <= acceptable ? 'optimal' : 'not-converged' };
}

/** The best point so far: rounding can spoil the last steps. */
interface Snapshot {
  readonly state: Omit<InteriorPointResult, 'status' | 'iterations'>;
  readonly score: number;
  readonly w: Float64Array;
  readonly g: Float64Array;
  readonly z: readonly Float64Array[];
}

function snapshot(
  { state, score }: { state: Snapshot['state']; score: number },
  point: Point,
  rows: readonly RowFamily[],
): Snapshot {
  return { state, score, w: point.w.slice(), g: point.g.slice(), z: rows.map((r) => r.z.slice()) };
}

function measure(
  { point, cost, quadratic, parts }: ConicProgram,
  dual: Point,
  rows: readonly RowFamily[],
): Omit<InteriorPointResult, 'status' | 'iterations'> {
  dual.w.set(cost.w);
  dual.g.set(cost.g);
  let objective = dot(cost.w, point.w) + dot(cost.g, point.g);
  if (quadratic) {
    const n = point.w.length;
    for (let i = 0; i < n; i++) {
      const sum = dotRange(quadratic, i * n, point.w, n);
      dual.w[i] += sum;
      objective += 0.5 * sum * point.w[i];
    }
  }
  let primalResidual = 0;
  let dualResidual = 0;
  for (const part of parts) part.residuals(point, dual);
  for (const part of parts) {
    const own = part.ownInfeasibility();
    primalResidual = Math.max(primalResidual, own.primal);
    dualResidual = Math.max(dualResidual, own.dual);
    objective += part.cost(point);
  }
  let gap = 0;
  for (const r of rows) {
    gap += r.complementarity();
    primalResidual = Math.max(primalResidual, r.infeasibility());
  }
  for (const value of dual.w) dualResidual = Math.max(dualResidual, Math.abs(value));
  for (const value of dual.g) dualResidual = Math.max(dualResidual, Math.abs(value));
  return { objective, gap: gap / Math.max(1, Math.abs(objective)), primalResidual, dualResidual };
}

function direction(
  parts: readonly Part[],
  system: NewtonSystem,
  dual: Point,
  { centre, corrected }: { readonly centre: number; readonly corrected: boolean },
): void {
  system.bw.fill(0);
  system.bb.fill(0);
  for (let i = 0; i < dual.w.length; i++) system.bw[i] = -dual.w[i];
  for (let k = 0; k < dual.g.length; k++) system.bb[k] = -dual.g[k];
  for (const part of parts) {
    for (const r of part.rows) r.aim(centre, corrected);
    part.load(system);
  }
  // the predictor only tells how far to aim: its digits do not reach the answer
  system.solve({ refined: corrected });
  for (const part of parts) part.expand(system);
}

function stepLengths(rows: readonly RowFamily[], curved: boolean, share: number): { primal: number; dual: number } {
  const limits = { primal: 1e300, dual: 1e300 };
  for (const r of rows) r.stepLimits(limits);
  const primal = Math.min(1, share * limits.primal);
  const dual = Math.min(1, share * limits.dual);
  return curved ? { primal: Math.min(primal, dual), dual: Math.min(primal, dual) } : { primal, dual };
}
