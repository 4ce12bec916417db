import { factorVariances, type FactorCovariance } from '../linalg/factor-covariance';
import { dot, multiply } from '../linalg/products';
import { portfolioReturns } from '../linalg/return-panel';
import { BoundsPart } from './interior-point/bounds-part';
import { EqualityPart, type Equality } from './interior-point/equality-part';
import { FactorPart } from './interior-point/factor-part';
import { GlobalsPart } from './interior-point/globals-part';
import { LinearPart } from './interior-point/linear-part';
import type { Part, Point } from './interior-point/part';
import type { RowStart } from './interior-point/rows';
import type { ConicProgram } from './interior-point/solve-interior-point';
import { limitRows, type LimitRows } from './limit-rows';
import { boundsOf, type LimitStatement } from './limit-statements';
import { pieceParts, type PieceGroup } from './piece-groups';
import type { PortfolioProblem } from './portfolio-problem';
import { covarianceOf, covarianceProduct, meansOf, requireWeights } from './problem-data';
import { RiskParts, type Overlooked, type PlacedRisk } from './risk-parts';
import type { Screen } from './screen-scenarios';
import { weightForces, type WeightForce } from './weight-forces';

export interface BuildOptions {
  /** Adds a variable to every limit by which it may be missed, and minimises these instead of the objective. */
  readonly elastic?: boolean;
  /** Multiplies the size of the first slacks; another start for a problem that did not converge. */
  readonly startScale?: number;
  /** The problem's first guess, when it was made before. */
  readonly guess?: FirstGuess;
  /** Weights (canonical order) from which to start, moved inside their bounds. */
  readonly startWeights?: Float64Array;
  /** Scenarios that tail measures look at, all when left out; see `overlooked`. */
  readonly screen?: Screen;
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
  readonly overlooked: () => Overlooked;
  /** What pushes the weights at the solution. */
  readonly forces: () => WeightForce[];
  /** Program objective times this is the objective in the problem's units. */
  readonly objectiveUnit: number;
}

/** States a problem (assets in canonical order) and a list of limits as a program for the interior point. */
export function buildProgram(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
  { elastic = false, startScale = 1, startWeights: wanted, screen, ...rest }: BuildOptions = {},
): BuiltProgram {
  const n = problem.assets.length;
  const guess = rest.guess ?? firstGuess(problem);
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
    ...(screen ? { screen } : {}),
  });
  const globals = risks.globals;
  const relaxations = elastic ? statements.map((_, k) => globals + k) : [];
  const point: Point = { w: start, g: new Float64Array(globals + relaxations.length) };
  relaxations.forEach((index) => (point.g[index] = 1));
  const cost: Point = { w: new Float64Array(n), g: new Float64Array(point.g.length) };
  let border = point.g.length;
  // who starts near the answer starts with prices in balance, or the first steps only balance them
  const least = (0.5 * startScale) / Math.max(4, n);
  const begin: RowStart = wanted ? { least, product: 0.01 * startScale } : { least, multiplier: 0.1 };

  const parts: Part[] = [];
  const priced: Priced[] = [];
  const made = risks.build(point, border, startScale);
  border += made.border;
  parts.push(...made.parts);
  for (const { index, weight } of made.costs) cost.g[index] += weight;

  const { bounds, linear, totals, readers } = limitRows(problem, statements, {
    unit,
    start,
    fixed,
    risks,
    relaxations,
  });
  const boundsPart = new BoundsPart(bounds, point, begin);
  const linearPart = new LinearPart(linear, border, point, begin);
  border += linear.length;
  parts.push(boundsPart, linearPart);
  const multipliers = { bounds: boundsPart.rows[0], linear: linearPart.rows[0] };
  for (const { name, from, rows, unit: own } of readers) {
    priced.push({ name, price: () => rows.reduce((sum, row) => sum + multipliers[from].z[row], 0) * own });
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
  const equalities = budgetAndFixed(problem, fixed);
  parts.push(new EqualityPart(equalities, border, [...fixed.keys()]));
  border += equalities.length;

  const byFactors = factorCost(problem, objective);
  const quadratic = addObjective(problem, { objective: byFactors.rest, cost, unit, scaled });
  if (byFactors.covariance) {
    parts.push(new FactorPart(byFactors.covariance, (2 * byFactors.weight * unit) / scaled, border));
    border += byFactors.covariance.factors;
  }
  const program: ConicProgram = { point, cost, parts, border, ...(quadratic ? { quadratic } : {}) };
  const objectiveUnit = scaled / unit;
  return {
    program,
    objectiveUnit,
    overlooked: () => risks.overlooked(point),
    forces: () =>
      weightForces({
        point,
        risks: made.placed.map((placed) => withLimit(placed, statements, readers)),
        bounds: boundsPart,
        linear: linearPart,
        readers,
        groups,
        objectiveUnit,
      }),
    prices: () => merged(priced.map(({ name, price }) => ({ limit: name, price: price() * objectiveUnit }))),
    misses: () =>
      statements.map((statement, k) => ({
        limit: statement.name,
        by: point.g[relaxations[k]] / (statement.kind === 'return' || statement.kind === 'risk' ? unit : 1),
      })),
  };
}

/** A risk with the row of the limit on it, if there is one. */
function withLimit(
  placed: Omit<PlacedRisk, 'limit'>,
  statements: readonly LimitStatement[],
  readers: LimitRows['readers'],
): PlacedRisk {
  const name = statements.find((s) => s.kind === 'risk' && s.term === placed.term)?.name;
  const reader = name === undefined ? undefined : readers.find((r) => r.from === 'linear' && r.name === name);
  return reader === undefined ? placed : { ...placed, limit: { name: reader.name, row: reader.rows[0] } };
}

/** Rows of one name (both sides of an equation) count together. */
function merged(prices: { limit: string; price: number }[]): { limit: string; price: number }[] {
  const sums = new Map<string, number>();
  for (const { limit, price } of prices) sums.set(limit, (sums.get(limit) ?? 0) + price);
  return [...sums].map(([limit, price]) => ({ limit, price }));
}

export interface FirstGuess {
  readonly unit: number;
  readonly weights: Float64Array;
}

/**
 * A first guess and its size: weights in inverse proportion to each asset's standard deviation. The guess is where the
 * solver starts; returns are measured in units of its standard deviation, so that all numbers are near 1.
 */
export function firstGuess(problem: PortfolioProblem): FirstGuess {
  const { returns, covariance, factorCovariance, expectedReturns, assets } = problem;
  const n = assets.length;
  const variances = new Float64Array(n);
  if (returns) {
    const { values, periods } = returns;
    for (let t = 0, k = 0; t < periods; t++)
      for (let i = 0; i < n; i++, k++) variances[i] += (values[k] * values[k]) / periods;
  } else if (factorCovariance) variances.set(factorVariances(factorCovariance));
  else if (covariance) for (let i = 0; i < n; i++) variances[i] = covariance.values[i * n + i];
  else if (expectedReturns) for (let i = 0; i < n; i++) variances[i] = expectedReturns[i] * expectedReturns[i];
  const typical = Float64Array.from(variances).sort()[n >> 1];
  if (!(typical > 0)) return { unit: 1, weights: new Float64Array(n).fill(1 / n) };
  // an asset that hardly moves must not take all of the guess
  const weights = variances.map((variance) => 1 / Math.sqrt(Math.max(variance, 1e-4 * typical)));
  const sum = weights.reduce((x, y) => x + y, 0);
  for (let i = 0; i < n; i++) weights[i] /= sum;
  let size = 0;
  if (returns) for (const r of portfolioReturns(returns, weights)) size += (r * r) / returns.periods;
  else if (covariance || factorCovariance) size = dot(covarianceProduct(problem, weights), weights);
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
      for (const slope of covarianceProduct(problem, start)) size = Math.max(size, 2 * weight * Math.abs(slope) * unit);
    } else if (term === 'distance' || term === 'squaredDistance') size = Math.max(size, 0.5 * weight * unit);
    else if (term === 'tradingCost' || term === 'tax' || term === 'borrowCost')
      size = Math.max(size, 1e-3 * weight * unit);
    else size = Math.max(size, weight);
  }
  return size > 0 ? size : 1;
}

/** A variance by factors is a part of its own; what the matrix of weights has to hold is the rest. */
function factorCost(
  { factorCovariance }: PortfolioProblem,
  objective: PortfolioProblem['objective'],
): { covariance?: FactorCovariance; weight: number; rest: PortfolioProblem['objective'] } {
  const { variance, ...rest } = objective;
  if (factorCovariance === undefined || !variance) return { weight: 0, rest: objective };
  return { covariance: factorCovariance, weight: variance, rest };
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

/** The budget, and one equation for each weight that its bounds leave no room. */
function budgetAndFixed(problem: PortfolioProblem, fixed: ReadonlyMap<number, number>): Equality[] {
  const n = problem.assets.length;
  const equalities: Equality[] = [{ weights: new Float64Array(n).fill(1), value: problem.limits?.budget ?? 1 }];
  for (const [index, value] of fixed) {
    const weights = new Float64Array(n);
    weights[index] = 1;
    equalities.push({ weights, value });
  }
  return equalities;
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
