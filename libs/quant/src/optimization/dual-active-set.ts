import { invariant } from '@allostat/kernel';

/** One linear limit: sum of `coefficients[k] * x[indices[k]]` at least (or exactly, for equalities) `bound`. */
export interface LinearRow {
  readonly indices: readonly number[];
  readonly coefficients: readonly number[];
  readonly bound: number;
}

export interface QuadraticProgram {
  /** Diagonal of the Hessian, or a function that solves H x = b into a new array. H must be positive definite. */
  readonly hessian: Float64Array | ((b: Float64Array) => Float64Array);
  /** Linear cost, length n. */
  readonly cost: Float64Array;
  readonly equalities: readonly LinearRow[];
  readonly inequalities: readonly LinearRow[];
}

export type QuadraticSolution =
  | {
      readonly status: 'optimal';
      readonly x: Float64Array;
      /** Multipliers: equalities first (any sign), then inequalities (>= 0). */
      readonly multipliers: Float64Array;
      readonly iterations: number;
    }
  /** Positions (equalities first, then inequalities) of rows that exclude each other. */
  | { readonly status: 'infeasible'; readonly rows: readonly number[]; readonly iterations: number };

interface Active {
  readonly row: number;
  readonly sign: number;
  multiplier: number;
  /** H^-1 times the signed row. */
  readonly direction: Float64Array;
}

/**
 * Minimises 1/2 x'Hx + c'x under linear limits, exactly and in finitely many steps; for small problems (each step costs
 * the cube of the number of active rows). Dual active set of Goldfarb and Idnani (1983), Math. Programming 27; of equally
 * violated rows the first is taken. The answer is unique because H is positive definite.
 */
export function solveQuadraticProgram(
  { hessian, cost, equalities, inequalities }: QuadraticProgram,
  { tolerance = 1e-13, iterationsMax = 20_000 } = {},
): QuadraticSolution {
  const rows = [...equalities, ...inequalities];
  const n = cost.length;
  const solveHessian =
    typeof hessian === 'function' ? hessian : (b: Float64Array) => b.map((value, i) => value / hessian[i]);
  const x = solveHessian(cost.map((value) => -value));
  const active: Active[] = [];
  const isActive = new Uint8Array(rows.length);
  let iterations = 0;
  const activity = (row: LinearRow): number => {
    let sum = 0;
    for (let k = 0; k < row.indices.length; k++) sum += row.coefficients[k] * x[row.indices[k]];
    return sum;
  };
  const dense = (row: LinearRow, sign: number): Float64Array => {
    const out = new Float64Array(n);
    for (let k = 0; k < row.indices.length; k++) out[row.indices[k]] += sign * row.coefficients[k];
    return out;
  };
  for (;;) {
    const entering = mostViolated(rows, equalities.length, { activity, isActive, tolerance });
    if (entering < 0) break;
    const row = rows[entering];
    const sign = activity(row) > row.bound ? -1 : 1; // only an equality can be violated from above
    const normal = dense(row, sign);
    const solved = solveHessian(normal);
    let multiplier = 0;
    for (;;) {
      iterations++;
      invariant(iterations <= iterationsMax, () => `quadratic program stopped after ${iterationsMax} steps`);
      const r = activeMultipliers(active, rows, solved);
      const z = solved.slice();
      active.forEach(({ direction }, k) => {
        for (let i = 0; i < n; i++) z[i] -= r[k] * direction[i];
      });
      const slope = dotOf(z, normal);
      const reach = dotOf(solved, normal);
      let drop = -1;
      let dualStep = Infinity;
      active.forEach((entry, k) => {
        if (entry.row >= equalities.length && r[k] > 1e-14 && entry.multiplier / r[k] < dualStep) {
          dualStep = entry.multiplier / r[k];
          drop = k;
        }
      });
      const gap = sign * (row.bound - activity(row));
      const primalStep = slope > 1e-12 * reach ? gap / slope : Infinity;
      const step = Math.min(dualStep, primalStep);
      if (step === Infinity) {
        const conflict = active.filter((_, k) => r[k] < -1e-12 || active[k].row < equalities.length);
        return {
          status: 'infeasible',
          rows: [...conflict.map((entry) => entry.row), entering].sort((p, q) => p - q),
          iterations,
        };
      }
      active.forEach((entry, k) => (entry.multiplier -= step * r[k]));
      multiplier += step;
      if (primalStep !== Infinity) for (let i = 0; i < n; i++) x[i] += step * z[i];
      if (primalStep <= dualStep) {
        active.push({ row: entering, sign, multiplier, direction: solved });
        isActive[entering] = 1;
        break;
      }
      isActive[active[drop].row] = 0;
      active.splice(drop, 1);
    }
  }
  const multipliers = new Float64Array(rows.length);
  for (const { row, sign, multiplier } of active) multipliers[row] = sign * multiplier;
  return { status: 'optimal', x, multipliers, iterations };
}

function mostViolated(
  rows: readonly LinearRow[],
  equalityCount: number,
  { activity, isActive, tolerance }: { activity: (row: LinearRow) => number; isActive: Uint8Array; tolerance: number },
): number {
  let worst = -1;
  let most = 0;
  for (let k = 0; k < rows.length; k++) {
    if (isActive[k]) continue;
    const gap = rows[k].bound - activity(rows[k]);
    const violation = k < equalityCount ? Math.abs(gap) : gap;
    const allowed = tolerance * Math.max(1, Math.abs(rows[k].bound));
    // equalities first: they can never be dropped again
    if (k < equalityCount && violation > allowed) return k;
    if (violation > allowed && violation > most) {
      most = violation;
      worst = k;
    }
  }
  return worst;
}

/** Multipliers that keep the active rows where they are while x moves along `solved`. */
function activeMultipliers(active: readonly Active[], rows: readonly LinearRow[], solved: Float64Array): Float64Array {
  const m = active.length;
  const along = (entry: Active, v: Float64Array): number => {
    const { indices, coefficients } = rows[entry.row];
    let sum = 0;
    for (let k = 0; k < indices.length; k++) sum += coefficients[k] * v[indices[k]];
    return entry.sign * sum;
  };
  const gram = new Float64Array(m * m);
  const right = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    right[i] = along(active[i], solved);
    for (let j = 0; j <= i; j++) gram[i * m + j] = along(active[i], active[j].direction);
  }
  // Cholesky of the Gram matrix in place
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * m + j];
      for (let k = 0; k < j; k++) sum -= gram[i * m + k] * gram[j * m + k];
      gram[i * m + j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / gram[j * m + j];
    }
  }
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < i; k++) right[i] -= gram[i * m + k] * right[k];
    right[i] /= gram[i * m + i];
  }
  for (let i = m - 1; i >= 0; i--) {
    for (let k = i + 1; k < m; k++) right[i] -= gram[k * m + i] * right[k];
    right[i] /= gram[i * m + i];
  }
  return right;
}

function dotOf(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
