import type { LinearRow } from '../optimization/dual-active-set';
import { solveQuadraticProgram } from '../optimization/dual-active-set';
import type { NamedLimit, ResolvedLimits } from './weight-limits';

/** Limits that no weights summing to 1 can meet together. */
export interface LimitConflict {
  /** A smallest set: leave out any one of them and the others can be met. */
  readonly limits: readonly string[];
  /** How far to move which limits (minima down, maxima up; weight units) so that weights exist; the sum of moves is least. */
  readonly relaxation: readonly { readonly limit: string; readonly by: number }[];
}

/** The conflict among the limits, or undefined when some weights meet them all. Weights always sum to 1. */
export function findLimitConflict(limits: ResolvedLimits): LimitConflict | undefined {
  const n = limits.min.length;
  const budget: LinearRow = { indices: range(n), coefficients: range(n).map(() => 1), bound: 1 };
  const first = conflictingRows(limits.named, budget, n);
  if (first === undefined) return undefined;
  let kept = limits.named.filter((_, k) => first.has(k));
  for (const candidate of [...kept]) {
    const without = kept.filter((limit) => limit !== candidate);
    if (conflictingRows(without, budget, n) !== undefined) kept = without;
  }
  return { limits: kept.map((limit) => limit.name), relaxation: leastRelaxation(limits.named, budget, n) };
}

/** Positions of the named limits that exclude each other, or undefined when they can be met. */
function conflictingRows(named: readonly NamedLimit[], budget: LinearRow, n: number): Set<number> | undefined {
  const owner = named.flatMap((limit, k) => limit.rows.map(() => k));
  const solution = solveQuadraticProgram({
    hessian: new Float64Array(n).fill(1),
    cost: new Float64Array(n).fill(-1 / n),
    equalities: [budget],
    inequalities: named.flatMap((limit) => limit.rows),
  });
  if (solution.status === 'optimal') return undefined;
  return new Set(solution.rows.filter((row) => row > 0).map((row) => owner[row - 1]));
}

/** Least sum of moves; the small quadratic term only chooses among equally cheap answers. */
function leastRelaxation(named: readonly NamedLimit[], budget: LinearRow, n: number): { limit: string; by: number }[] {
  const movable = named.map(
    (limit) => limit.name !== 'weights are not negative' && limit.name !== 'weights are at most 1',
  );
  const moves = named.map((_, k) => n + k);
  const size = n + named.length;
  const cost = new Float64Array(size);
  cost.fill(-1e-4 / n, 0, n).fill(1, n);
  const inequalities = named.flatMap((limit, k) =>
    limit.rows.map((row) =>
      movable[k]
        ? { indices: [...row.indices, moves[k]], coefficients: [...row.coefficients, 1], bound: row.bound }
        : row,
    ),
  );
  for (const index of moves) inequalities.push({ indices: [index], coefficients: [1], bound: 0 });
  const solution = solveQuadraticProgram({
    hessian: new Float64Array(size).fill(1e-4),
    cost,
    equalities: [budget],
    inequalities,
  });
  // only the definition of a long-only portfolio cannot be moved, and it can always be met
  if (solution.status !== 'optimal') return [];
  return named.map((limit, k) => ({ limit: limit.name, by: solution.x[moves[k]] })).filter(({ by }) => by > 1e-9);
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
