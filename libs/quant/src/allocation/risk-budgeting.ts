import { InputError, invariant } from '@allostat/kernel';
import { canonicalOrder, reorderAssets, type AssetMatrix } from '../linalg/asset-matrix';
import { cholesky, choleskySolve } from '../linalg/cholesky';
import { dot, multiply, total } from '../linalg/products';
import { correlationOf } from '../moments/sample-covariance';
import { solveQuadraticProgram, type LinearRow } from '../optimization/dual-active-set';
import type { Allocated, AllocationConflict } from './allocation-result';
import { findLimitConflict } from './limit-conflict';
import { limitViolation } from './project-weights';
import { resolveWeightLimits, type ResolvedLimits, type WeightLimits } from './weight-limits';

/** Share of risk of each asset, or of groups that cover every asset once (split equally inside). Positive; scaled to sum to 1. */
export type RiskBudget =
  | { readonly byAsset: Readonly<Record<string, number>> }
  | {
      readonly byGroup: readonly {
        readonly name: string;
        readonly assets: readonly string[];
        readonly budget: number;
      }[];
    };

export interface RiskBudgetingOptions {
  /** Left out: equal shares. */
  readonly budget?: RiskBudget;
  readonly limits?: WeightLimits;
}

export type RiskBudgetingResult =
  | (Allocated & {
      /** Share of variance per asset; equals the budget to 1e-10 unless a limit binds. */
      readonly contributions: Float64Array;
      /** Largest relative gap between contribution and budget. */
      readonly budgetGap: number;
      readonly iterations: number;
    })
  | AllocationConflict;

/**
 * Weights whose shares of portfolio variance equal a budget: the least of x'Sx / 2 - sum b_i ln x_i, scaled to sum to 1.
 * Maillard, Roncalli and Teiletche (2010), J. Portfolio Management 36; Spinu (2013), SSRN 2297383. Unique for positive
 * budgets. Newton with exact line control, warm-started by coordinate descent; where limits bind the same objective is
 * minimised under them, so contributions miss the budget no more than they must. Throws `InputError` on an asset without variance.
 */
export function riskBudgeting(covariance: AssetMatrix, options: RiskBudgetingOptions = {}): RiskBudgetingResult {
  const order = canonicalOrder(covariance.assets);
  const sorted = reorderAssets(covariance, order);
  const n = sorted.assets.length;
  const limits = resolveWeightLimits(options.limits ?? {}, sorted.assets);
  const conflict = findLimitConflict(limits);
  if (conflict !== undefined) return { status: 'infeasible', assets: covariance.assets, conflict };
  const budget = budgetShares(options.budget, sorted.assets);
  const { correlation, volatilities } = correlationOf(sorted);
  // in units of each asset's own volatility the problem is scale free
  let { x, iterations } = minimise(correlation, budget);
  let weights = normalised(x.map((value, i) => value / volatilities[i]));
  const projected = limitViolation(weights, limits) > 1e-12;
  if (projected) {
    const held = minimiseUnderLimits({ correlation, volatilities, budget, limits, start: x });
    ({ x, iterations } = held);
    weights = normalised(x.map((value, i) => value / volatilities[i]));
  }
  const product = multiply(sorted.values, weights, n);
  const variance = dot(product, weights);
  const shares = product.map((value, i) => (value * weights[i]) / variance);
  const gap = shares.reduce((worst, share, i) => Math.max(worst, Math.abs(share / budget[i] - 1)), 0);
  return {
    status: 'allocated',
    assets: covariance.assets,
    weights: restored(weights, order),
    contributions: restored(shares, order),
    budgetGap: gap,
    violation: Math.max(0, limitViolation(weights, limits)),
    projected,
    iterations,
  };
}

/** Equal risk contributions without limits, in the order of the covariance. */
export function equalRiskWeights(covariance: AssetMatrix): Float64Array {
  const n = covariance.assets.length;
  const { correlation, volatilities } = correlationOf(covariance);
  const { x } = minimise(correlation, new Float64Array(n).fill(1 / n));
  return normalised(x.map((value, i) => value / volatilities[i]));
}

/** Budget of each asset, summing to 1; throws `InputError` on a missing, unknown, repeated or non-positive budget. */
export function budgetShares(budget: RiskBudget | undefined, assets: readonly string[]): Float64Array {
  const n = assets.length;
  if (budget === undefined) return new Float64Array(n).fill(1 / n);
  const shares = new Map<string, number>();
  const add = (asset: string, share: number): void => {
    if (!assets.includes(asset))
      throw new InputError(`the risk budget names ${asset}, which is not in the universe`, { field: asset });
    if (shares.has(asset)) throw new InputError(`${asset} has two risk budgets`, { field: asset });
    if (!(share > 0 && share < Infinity)) {
      throw new InputError(
        `the risk budget of ${asset} is ${share}; it must be above 0`,
        { field: asset },
        'leave the asset out instead',
      );
    }
    shares.set(asset, share);
  };
  if ('byAsset' in budget) for (const [asset, share] of Object.entries(budget.byAsset)) add(asset, share);
  else
    for (const group of budget.byGroup)
      for (const asset of group.assets) add(asset, group.budget / group.assets.length);
  const values = Float64Array.from(assets, (asset) => {
    const share = shares.get(asset);
    if (share === undefined)
      throw new InputError(`${asset} has no risk budget`, { field: asset }, 'give every asset one');
    return share;
  });
  const sum = total(values);
  return values.map((value) => value / sum);
}

function minimise(s: Float64Array, budget: Float64Array): { x: Float64Array; iterations: number } {
  const n = budget.length;
  const x = budget.map((share) => Math.sqrt(share));
  const g = multiply(s, x, n);
  const scale = 1 / Math.sqrt(dot(g, x));
  for (let i = 0; i < n; i++) {
    x[i] *= scale;
    g[i] *= scale;
  }
  let iterations = 0;
  const worst = (): number => {
    let gap = 0;
    for (let i = 0; i < n; i++) gap = Math.max(gap, Math.abs(x[i] * g[i] - budget[i]) / budget[i]);
    return gap;
  };
  // coordinate descent: cheap and globally convergent
  for (let gap = worst(); iterations < 200 && gap > 1e-3; gap = worst()) {
    iterations++;
    for (let i = 0; i < n; i++) {
      const own = s[i * n + i];
      const rest = g[i] - own * x[i];
      const next = (-rest + Math.sqrt(rest * rest + 4 * own * budget[i])) / (2 * own);
      const change = next - x[i];
      x[i] = next;
      for (let j = 0, k = i * n; j < n; j++, k++) g[j] += change * s[k];
    }
  }
  for (let last = Infinity; iterations < 400;) {
    const gap = worst();
    if (gap < 1e-14 || (gap < 1e-11 && gap >= last)) break;
    last = gap;
    iterations++;
    const hessian = s.slice();
    for (let i = 0; i < n; i++) hessian[i * n + i] += budget[i] / (x[i] * x[i]);
    const factor = cholesky(hessian, n);
    invariant(factor.status === 'factored', 'the correlation matrix is not positive semi-definite');
    const step = choleskySolve(
      factor,
      g.map((value, i) => budget[i] / x[i] - value),
    );
    // stays positive, and damped as self-concordance asks
    let decrement = 0;
    for (let i = 0; i < n; i++) decrement = Math.max(decrement, Math.abs(step[i]) / x[i]);
    const damp = decrement > 0.5 ? 1 / (1 + decrement) : 1;
    for (let i = 0; i < n; i++) x[i] += damp * step[i];
    g.set(multiply(s, x, n));
  }
  return { x, iterations };
}

/** The same objective with weight limits made homogeneous (row . w >= bound becomes (row - bound) . w >= 0): Newton steps by exact quadratic programs. */
function minimiseUnderLimits(problem: {
  correlation: Float64Array;
  volatilities: Float64Array;
  budget: Float64Array;
  limits: ResolvedLimits;
  start: Float64Array;
}): { x: Float64Array; iterations: number } {
  const { correlation: s, volatilities, budget, limits } = problem;
  const n = budget.length;
  const inequalities = limits.named.flatMap((limit) => limit.rows.map((row) => homogeneous(row, volatilities)));
  const value = (x: Float64Array): number => {
    let sum = dot(multiply(s, x, n), x) / 2;
    for (let i = 0; i < n; i++) sum -= budget[i] * Math.log(x[i]);
    return sum;
  };
  let x = problem.start;
  let iterations = 0;
  let feasible = false;
  for (; iterations < 200; iterations++) {
    const g = multiply(s, x, n);
    const hessian = s.slice();
    for (let i = 0; i < n; i++) hessian[i * n + i] += budget[i] / (x[i] * x[i]);
    const factor = cholesky(hessian, n);
    invariant(factor.status === 'factored', 'the correlation matrix is not positive semi-definite');
    // model: 1/2 y'Hy + c'y with c = gradient - H x
    const hx = multiply(hessian, x, n);
    const cost = g.map((gradient, i) => gradient - budget[i] / x[i] - hx[i]);
    const model = solveQuadraticProgram({
      hessian: (b) => choleskySolve(factor, b.slice()),
      cost,
      equalities: [],
      inequalities,
    });
    if (model.status !== 'optimal') break;
    const step = model.x.map((target, i) => target - x[i]);
    let change = 0;
    let most = 1;
    for (let i = 0; i < n; i++) {
      change = Math.max(change, Math.abs(step[i]) / x[i]);
      if (step[i] < 0) most = Math.min(most, (-0.99 * x[i]) / step[i]);
    }
    let length = most;
    const before = value(x);
    if (feasible) while (length > 1e-10 && value(x.map((v, i) => v + length * step[i])) > before) length /= 2;
    x = x.map((v, i) => v + length * step[i]);
    feasible ||= length === 1;
    if (change < 1e-13 || length <= 1e-10) break;
  }
  return { x, iterations };
}

function homogeneous({ indices, coefficients, bound }: LinearRow, volatilities: Float64Array): LinearRow {
  const n = volatilities.length;
  const dense = new Array<number>(n).fill(-bound);
  indices.forEach((index, k) => (dense[index] += coefficients[k]));
  return {
    indices: Array.from({ length: n }, (_, i) => i),
    coefficients: dense.map((coefficient, i) => coefficient / volatilities[i]),
    bound: 0,
  };
}

function normalised(x: Float64Array): Float64Array {
  const sum = total(x);
  return x.map((value) => value / sum);
}

function restored(values: Float64Array, order: Int32Array): Float64Array {
  const out = new Float64Array(values.length);
  order.forEach((position, i) => (out[position] = values[i]));
  return out;
}
