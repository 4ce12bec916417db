import { multiply, quadraticForm } from '../linalg/products';
import { portfolioReturns } from '../linalg/return-panel';
import { BoundsPart, type Bound } from './interior-point/bounds-part';
import { EqualityPart, type Equality } from './interior-point/equality-part';
import { GlobalsPart } from './interior-point/globals-part';
import { LinearPart, type LinearInequality } from './interior-point/linear-part';
import type { Part, Point } from './interior-point/part';
import type { ConicProgram } from './interior-point/solve-interior-point';
import { boundsOf, type LimitStatement, type RiskTerm } from './limit-statements';
import { pieceParts, type PieceGroup } from './piece-groups';
import type { PortfolioProblem } from './portfolio-problem';
import { covarianceOf, meansOf, requireWeights } from './problem-data';
import { RiskParts } from './risk-parts';

export interface BuildOptions {
  /** Adds a variable to every limit by which it may be missed, and minimises these instead of the objective. */
  readonly elastic?: boolean;
  /** Multiplies the size of the first slacks; another start for a problem that did not converge. */
  readonly startScale?: number;
  /** Weights (canonical order) from which to start, moved inside their bounds. */
  readonly startWeights?: Float64Array;
  /** Scenarios that CVaR looks at; see `overlooked`. */
  readonly screened?: Int32Array;
}

/** How to read one limit's multiplier out of a solved program. */
interface Priced {
  readonly name: string;
  readonly price: () => number;
}

export interface BuiltProgram {
  readonly program: ConicProgram;
  /** Improvement of the objective per unit by which each limit is relaxed, >= 0. */
  readonly prices: () => { readonly limit: string; readonly price: number }[];
  /** Elastic only: how far each limit is missed, in its own unit. */
  readonly misses: () => { readonly limit: string; readonly by: number }[];
  /** Scenarios that had to be looked at and were not: the solution counts only when there are none. */
  readonly overlooked: () => number[];
  /** Program objective times this is the objective in the problem's units. */
  readonly objectiveUnit: number;
}

/** States a problem (assets in canonical order) and a list of limits as a program for the interior point. */
export function buildProgram(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
  { elastic = false, startScale = 1, startWeights: wanted, screened }: BuildOptions = {},
): BuiltProgram {
  const n = problem.assets.length;
  const guess = firstGuess(problem);
  const { unit } = guess;
  const objective = elastic ? {} : problem.objective;
  const fixed = elastic ? new Map<number, number>() : fixedWeights(statements, n);
  const start = startWeights(problem, { statements, fixed, wanted: wanted ?? guess.weights });
  const scaled = scaleOf(problem, objective, start, unit);
  const risks = new RiskParts(problem, {
    statements,
    objective,
    unit,
    price: (weight) => weight / scaled,
    ...(screened ? { screened } : {}),
  });
  const globals = risks.globals;
  const relaxations = elastic ? statements.map((_, k) => globals + k) : [];
  const point: Point = { w: start, g: new Float64Array(globals + relaxations.length) };
  relaxations.forEach((index) => (point.g[index] = 1));
  const cost: Point = { w: new Float64Array(n), g: new Float64Array(point.g.length) };
  let border = point.g.length;
  const begin = { least: (0.5 * startScale) / Math.max(4, n), multiplier: 0.1 };

  const parts: Part[] = [];
  const priced: Priced[] = [];
  const made = risks.build(point, border, startScale);
  border += made.border;
  parts.push(...made.parts);
  for (const { index, weight } of made.costs) cost.g[index] += weight;

  const relaxationOf = (k: number): { relaxation?: number } =>
    elastic && !statements[k].implicit ? { relaxation: relaxations[k] } : {};
  const bounds: Bound[] = [];
  const linear: LinearInequality[] = [];
  const totals: { name: string; statement: Extract<LimitStatement, { kind: 'total' }>; relaxation?: number }[] = [];
  const readers: { name: string; from: 'bounds' | 'linear'; rows: number[]; unit: number }[] = [];
  const means = statements.some(({ kind }) => kind === 'return')
    ? meansOf(problem).map((value) => unit * value)
    : start;
  statements.forEach((statement, k) => {
    const { name } = statement;
    if (statement.kind === 'bounds') {
      const rows = statement.rows.filter(({ index }) => !fixed.has(index));
      readers.push({ name, from: 'bounds', rows: rows.map((_, j) => bounds.length + j), unit: 1 });
      for (const row of rows) bounds.push({ ...row, ...relaxationOf(k) });
    } else if (statement.kind === 'total') totals.push({ name, statement, ...relaxationOf(k) });
    else {
      const row = linearRow(statement, { n, means, unit, riskOf: (term) => risks.globalOf(term) });
      const relaxed = elastic ? [...row.globals, [relaxations[k], 1] as const] : row.globals;
      readers.push({ name, from: 'linear', rows: [linear.length], unit: statement.kind === 'linear' ? 1 : unit });
      linear.push({ ...row, globals: relaxed });
    }
  });
  if (elastic) {
    // far beyond any portfolio, but the program stays bounded when all other bounds are left out
    for (let index = 0; index < n; index++)
      bounds.push({ index, sign: 1, bound: -10 }, { index, sign: -1, bound: -10 });
  }
  const boundsPart = new BoundsPart(bounds, point, begin);
  const linearPart = new LinearPart(linear, border, point, begin);
  border += linear.length;
  parts.push(boundsPart, linearPart);
  for (const { name, from, rows, unit: own } of readers) {
    const source = from === 'bounds' ? boundsPart : linearPart;
    priced.push({ name, price: () => rows.reduce((sum, row) => sum + source.rows[0].z[row], 0) * own });
  }
  const groups: PieceGroup[] = pieceParts(problem, {
    objective,
    totals,
    point,
    border,
    price: (weight) => (weight * unit) / scaled,
    begin,
  });
  for (const group of groups) {
    border += group.totals.length;
    parts.push(group.part);
    group.totals.forEach((name, k) => priced.push({ name, price: () => group.part.rows[2].z[k] }));
  }
  if (elastic) {
    parts.push(new GlobalsPart(relaxations, point, { least: 0.1, multiplier: 0.1 }));
    statements.forEach((statement, k) => (cost.g[relaxations[k]] = missPrice(statement, unit)));
  }
  const equalities: Equality[] = [{ weights: new Float64Array(n).fill(1), value: problem.limits?.budget ?? 1 }];
  for (const [index, value] of fixed) {
    equalities.push({ weights: new Float64Array(n).fill(0).map((_, i) => (i === index ? 1 : 0)), value });
  }
  parts.push(new EqualityPart(equalities, border, [...fixed.keys()]));
  border += equalities.length;

  const quadratic = addObjective(problem, { objective, cost, unit, scaled });
  const program: ConicProgram = { point, cost, parts, border, ...(quadratic ? { quadratic } : {}) };
  const objectiveUnit = scaled / unit;
  return {
    program,
    objectiveUnit,
    overlooked: () => risks.overlooked(point),
    prices: () => merged(priced.map(({ name, price }) => ({ limit: name, price: price() * objectiveUnit }))),
    misses: () =>
      statements.map((statement, k) => ({
        limit: statement.name,
        by: point.g[relaxations[k]] / (statement.kind === 'return' || statement.kind === 'risk' ? unit : 1),
      })),
  };
}

/** Rows of one name (both sides of an equation) count together. */
function merged(prices: { limit: string; price: number }[]): { limit: string; price: number }[] {
  const sums = new Map<string, number>();
  for (const { limit, price } of prices) sums.set(limit, (sums.get(limit) ?? 0) + price);
  return [...sums].map(([limit, price]) => ({ limit, price }));
}

/**
 * A first guess and its size: weights in inverse proportion to each asset's standard deviation. The guess is where the
 * solver starts; returns are measured in units of its standard deviation, so that all numbers are near 1.
 */
export function firstGuess(problem: PortfolioProblem): { readonly unit: number; readonly weights: Float64Array } {
  const { returns, covariance, expectedReturns, assets } = problem;
  const n = assets.length;
  const variances = new Float64Array(n);
  if (returns) {
    const { values, periods } = returns;
    for (let t = 0, k = 0; t < periods; t++)
      for (let i = 0; i < n; i++, k++) variances[i] += (values[k] * values[k]) / periods;
  } else if (covariance) for (let i = 0; i < n; i++) variances[i] = covariance.values[i * n + i];
  else if (expectedReturns) for (let i = 0; i < n; i++) variances[i] = expectedReturns[i] * expectedReturns[i];
  const typical = Float64Array.from(variances).sort()[n >> 1];
  if (!(typical > 0)) return { unit: 1, weights: new Float64Array(n).fill(1 / n) };
  // an asset that hardly moves must not take all of the guess
  const weights = variances.map((variance) => 1 / Math.sqrt(Math.max(variance, 1e-4 * typical)));
  const sum = weights.reduce((x, y) => x + y, 0);
  for (let i = 0; i < n; i++) weights[i] /= sum;
  let size = 0;
  if (returns) for (const r of portfolioReturns(returns, weights)) size += (r * r) / returns.periods;
  else if (covariance) size = quadraticForm(covariance.values, weights);
  return { unit: 1 / Math.sqrt(size > 1e-6 * typical ? size : typical), weights };
}

/** A size of the objective's slope, by which it is divided. */
function scaleOf(
  problem: PortfolioProblem,
  objective: PortfolioProblem['objective'],
  start: Float64Array,
  unit: number,
): number {
  let size = 0;
  for (const term of Object.keys(objective) as (keyof typeof objective)[]) {
    const weight = objective[term] ?? 0;
    if (weight === 0) continue;
    if (term === 'expectedReturn')
      for (const mean of meansOf(problem)) size = Math.max(size, weight * Math.abs(mean) * unit);
    else if (term === 'variance' || term === 'trackingVariance') {
      const covariance = covarianceOf(problem).values;
      for (const slope of multiply(covariance, start, start.length))
        size = Math.max(size, 2 * weight * Math.abs(slope) * unit);
    } else if (term === 'distance' || term === 'squaredDistance') size = Math.max(size, 0.5 * weight * unit);
    else if (term === 'tradingCost' || term === 'tax' || term === 'borrowCost')
      size = Math.max(size, 1e-3 * weight * unit);
    else size = Math.max(size, weight);
  }
  return size > 0 ? size : 1;
}

function fixedWeights(statements: readonly LimitStatement[], n: number): Map<number, number> {
  const { low, high } = boundsOf(statements, n);
  const fixed = new Map<number, number>();
  for (let i = 0; i < n; i++)
    if (high[i] - low[i] <= 1e-11 && high[i] - low[i] >= -1e-11) fixed.set(i, (low[i] + high[i]) / 2);
  return fixed;
}

/** The weights wanted, moved a hundredth of each range inside its bounds. */
function startWeights(
  problem: PortfolioProblem,
  {
    statements,
    fixed,
    wanted,
  }: {
    statements: readonly LimitStatement[];
    fixed: ReadonlyMap<number, number>;
    wanted: Float64Array;
  },
): Float64Array {
  const n = problem.assets.length;
  const { low, high } = boundsOf(statements, n);
  const budget = problem.limits?.budget ?? 1;
  return Float64Array.from({ length: n }, (_, i) => {
    const value = fixed.get(i);
    if (value !== undefined) return value;
    const lo = Math.max(low[i], -1);
    const hi = Math.min(high[i], 2);
    if (!(hi > lo)) return (lo + hi) / 2;
    return Math.min(hi - 0.01 * (hi - lo), Math.max(lo + 0.01 * (hi - lo), budget * wanted[i]));
  });
}

function linearRow(
  statement: Extract<LimitStatement, { kind: 'linear' | 'return' | 'risk' }>,
  { n, means, unit, riskOf }: { n: number; means: Float64Array; unit: number; riskOf: (term: RiskTerm) => number },
): LinearInequality {
  if (statement.kind === 'linear') return { weights: statement.weights, globals: [], bound: statement.bound };
  if (statement.kind === 'return') return { weights: means, globals: [], bound: statement.bound * unit };
  return { weights: new Float64Array(n), globals: [[riskOf(statement.term), -1]], bound: -statement.bound * unit };
}

/** Missing a risk limit by its own size costs as much as missing a weight limit by 1. */
function missPrice(statement: LimitStatement, unit: number): number {
  if (statement.kind === 'risk') return 1 / (unit * Math.max(Math.abs(statement.bound), 1e-3 / unit));
  return statement.kind === 'return' ? 1 / Math.max(1, Math.abs(statement.bound * unit)) : 1;
}

/** Adds the terms that live on the weights alone; returns the quadratic part if there is one. */
function addObjective(
  problem: PortfolioProblem,
  {
    objective,
    cost,
    unit,
    scaled,
  }: { objective: PortfolioProblem['objective']; cost: Point; unit: number; scaled: number },
): Float64Array | undefined {
  const n = problem.assets.length;
  const weight = unit / scaled;
  if (objective.expectedReturn) {
    meansOf(problem).forEach((mean, i) => (cost.w[i] -= (objective.expectedReturn as number) * mean * weight));
  }
  const curvature = (objective.variance ?? 0) + (objective.trackingVariance ?? 0);
  if (curvature === 0 && !objective.squaredDistance) return undefined;
  const quadratic = new Float64Array(n * n);
  if (curvature > 0) {
    const covariance = covarianceOf(problem).values;
    for (let k = 0; k < quadratic.length; k++) quadratic[k] = 2 * curvature * weight * covariance[k];
    if (objective.trackingVariance) {
      const reference = requireWeights(problem.reference, 'reference', 'tracking variance');
      const pull = multiply(covariance, reference, n);
      for (let i = 0; i < n; i++) cost.w[i] -= 2 * objective.trackingVariance * weight * pull[i];
    }
  }
  if (objective.squaredDistance) {
    const reference = requireWeights(problem.reference, 'reference', 'squared distance');
    for (let i = 0; i < n; i++) {
      quadratic[i * n + i] += 2 * objective.squaredDistance * weight;
      cost.w[i] -= 2 * objective.squaredDistance * weight * reference[i];
    }
  }
  return quadratic;
}
