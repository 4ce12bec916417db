import { solveQuadraticProgram } from '../optimization/dual-active-set';
import { total } from '../linalg/products';
import type { ResolvedLimits } from './weight-limits';

/**
 * The weights nearest to `target` (relative squares: sum of (w - t)^2 / t) that meet all limits and sum to 1; unique.
 * Inside a group that has to shrink, all members that touch no limit of their own shrink by one factor, so the
 * allocation's proportions survive. The limits must be feasible (`findLimitConflict`).
 */
export function projectWeights(target: Float64Array, limits: ResolvedLimits): Float64Array {
  const n = target.length;
  const scale = target.map((value) => Math.max(value, 1e-6));
  const solution = solveQuadraticProgram({
    hessian: scale.map((value) => 1 / value),
    cost: target.map((value, i) => -value / scale[i]),
    equalities: [
      { indices: Array.from({ length: n }, (_, i) => i), coefficients: new Array<number>(n).fill(1), bound: 1 },
    ],
    inequalities: limits.named.flatMap((limit) => limit.rows),
  });
  if (solution.status !== 'optimal') return target;
  return solution.x.map((value, i) => Math.min(limits.max[i], Math.max(limits.min[i], value)));
}

/** Largest violation of a limit or of the sum, 0 when all are met. */
export function limitViolation(weights: Float64Array, limits: ResolvedLimits): number {
  let worst = Math.abs(total(weights) - 1);
  for (const limit of limits.named) {
    for (const row of limit.rows) {
      let sum = 0;
      for (let k = 0; k < row.indices.length; k++) sum += row.coefficients[k] * weights[row.indices[k]];
      worst = Math.max(worst, row.bound - sum);
    }
  }
  return worst;
}
