import { multiply } from '../linalg/products';
import { LinearModelBuilder, type LinearModel } from './linear-model';
import type { LimitStatement, RiskTerm, TotalTerm } from './limit-statements';
import type { PortfolioProblem } from './portfolio-problem';
import { covarianceOf, meansOf, probabilitiesOf, requireWeights, scenarioMeansOf, scenariosOf } from './problem-data';
import { taxedLots } from './tax-lots';

export interface LinearModelOptions {
  /** Replaces x'Hx by tangents at these weights, with one epigraph column: what a mixed-integer solver can take. */
  readonly tangents?: readonly Float64Array[];
}

/** A problem stated for a linear or quadratic solver; the first columns are the weights, the unit is the problem's own. */
export interface StatedProblem {
  readonly model: LinearModel;
  /** Constant that the model's objective leaves out. */
  readonly constant: number;
}

/** What keeps a problem from being stated in linear and quadratic form; undefined when nothing does. */
export function unstatable(
  { objective, costs }: PortfolioProblem,
  statements: readonly LimitStatement[],
): string | undefined {
  if ((objective.volatility ?? 0) > 0 || (objective.trackingError ?? 0) > 0)
    return 'a standard deviation in the objective';
  if (statements.some((s) => s.kind === 'risk' && (s.term === 'volatility' || s.term === 'trackingError'))) {
    return 'a limit on a standard deviation';
  }
  if ((objective.tradingCost ?? 0) > 0 && costs?.impact?.some((k) => k > 0)) return 'market impact by the 3/2 power';
  return undefined;
}

/** States a problem (canonical order, `unstatable` undefined) with one column for every scenario, trade and lot. */
export function portfolioLinearModel(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
  { tangents }: LinearModelOptions = {},
): StatedProblem {
  const n = problem.assets.length;
  const builder = new LinearModelBuilder();
  for (let i = 0; i < n; i++) builder.column(0, -10, 10);
  builder.row(
    problem.assets.map((_, i) => [i, 1] as const),
    problem.limits?.budget ?? 1,
    problem.limits?.budget ?? 1,
  );
  const means =
    (problem.objective.expectedReturn ?? 0) > 0 || statements.some((s) => s.kind === 'return')
      ? meansOf(problem)
      : undefined;
  if (means) for (let i = 0; i < n; i++) builder.addCost(i, -(problem.objective.expectedReturn ?? 0) * means[i]);
  addRisks(builder, problem, statements);
  addTotals(builder, problem, statements);
  for (const statement of statements) {
    if (statement.kind === 'bounds') {
      for (const { index, sign, bound } of statement.rows) {
        if (sign === 1) builder.tighten(index, bound, Infinity);
        else builder.tighten(index, -Infinity, -bound);
      }
    } else if (statement.kind === 'linear') builder.row(dense(statement.weights), statement.bound, Infinity);
    else if (statement.kind === 'return') builder.row(dense(means as Float64Array), statement.bound, Infinity);
  }
  addCardinality(builder, problem);
  const { hessian, pull, constant } = quadratic(problem);
  for (let i = 0; i < n; i++) builder.addCost(i, pull[i]);
  if (hessian === undefined || tangents === undefined) {
    return { model: builder.build(hessian && { size: n, values: hessian }), constant };
  }
  const epigraph = builder.column(1, 0, Infinity);
  for (const at of tangents) {
    const slope = multiply(hessian, at, n);
    const value = slope.reduce((sum, s, i) => sum + 0.5 * s * at[i], 0);
    builder.row([...dense(slope.map((s) => -s)), [epigraph, 1]], -value, Infinity);
  }
  return { model: builder.build(), constant };
}

function dense(values: Float64Array): (readonly [number, number])[] {
  return Array.from(values, (value, i) => [i, value] as const);
}

function quadratic(problem: PortfolioProblem): { hessian?: Float64Array; pull: Float64Array; constant: number } {
  const n = problem.assets.length;
  const { variance = 0, trackingVariance = 0, squaredDistance = 0 } = problem.objective;
  const pull = new Float64Array(n);
  let constant = 0;
  if (variance + trackingVariance + squaredDistance === 0) return { pull, constant };
  const hessian = new Float64Array(n * n);
  if (variance + trackingVariance > 0) {
    const covariance = covarianceOf(problem).values;
    for (let k = 0; k < hessian.length; k++) hessian[k] = 2 * (variance + trackingVariance) * covariance[k];
    if (trackingVariance > 0) {
      const reference = requireWeights(problem.reference, 'reference', 'tracking variance');
      multiply(covariance, reference, n).forEach((value, i) => {
        pull[i] -= 2 * trackingVariance * value;
        constant += trackingVariance * value * reference[i];
      });
    }
  }
  if (squaredDistance > 0) {
    const reference = requireWeights(problem.reference, 'reference', 'squared distance');
    for (let i = 0; i < n; i++) {
      hessian[i * n + i] += 2 * squaredDistance;
      pull[i] -= 2 * squaredDistance * reference[i];
      constant += squaredDistance * reference[i] * reference[i];
    }
  }
  return { hessian, pull, constant };
}

function addRisks(builder: LinearModelBuilder, problem: PortfolioProblem, statements: readonly LimitStatement[]): void {
  const terms: RiskTerm[] = [
    'cvar',
    'floor',
    'cdar',
    'maximumDrawdown',
    'averageDrawdown',
    'meanAbsoluteDeviation',
    'shortfall',
  ];
  for (const term of terms) {
    const weight = term === 'floor' ? 0 : (problem.objective[term as 'cvar'] ?? 0);
    const limits = statements.filter((s) => s.kind === 'risk' && s.term === term) as { bound: number }[];
    if (weight === 0 && limits.length === 0) continue;
    const risk = builder.column(weight, -Infinity, Math.min(Infinity, ...limits.map(({ bound }) => bound)));
    const panel = scenariosOf(problem, term);
    const n = panel.assets.length;
    const p = probabilitiesOf(problem, panel.periods);
    const count = panel.periods;
    const row = (t: number): (readonly [number, number])[] => dense(panel.values.subarray(t * n, (t + 1) * n));
    if (term === 'cdar' || term === 'maximumDrawdown' || term === 'averageDrawdown') {
      const d = Array.from({ length: count }, () => builder.column(0, 0, Infinity));
      for (let t = 0; t < count; t++) {
        builder.row([...row(t), [d[t], 1], ...(t > 0 ? [[d[t - 1], -1] as const] : [])], 0, Infinity);
        if (term === 'maximumDrawdown')
          builder.row(
            [
              [risk, 1],
              [d[t], -1],
            ],
            0,
            Infinity,
          );
      }
      if (term === 'averageDrawdown')
        builder.row([[risk, 1], ...d.map((column) => [column, -1 / count] as const)], 0, Infinity);
      if (term === 'cdar') {
        const tail = 1 - (problem.confidence?.cdar ?? 0.95);
        addTail(builder, {
          risk,
          losses: d.map((column) => [[column, 1] as const]),
          charges: p.map(() => 1 / (count * tail)),
        });
      }
    } else if (term === 'cvar' || term === 'floor') {
      const tail =
        term === 'cvar' ? 1 - (problem.confidence?.cvar ?? 0.95) : (problem.limits?.floor?.probability ?? 0.05);
      const losses = Array.from(p, (_, t) => row(t).map(([i, r]) => [i, -r] as const));
      addTail(builder, { risk, losses, charges: p.map((probability) => probability / tail) });
    } else {
      const mad = term === 'meanAbsoluteDeviation';
      const mean = mad ? scenarioMeansOf(problem) : new Float64Array(n);
      const target = mad ? 0 : (problem.shortfallTarget ?? 0);
      const excess = Array.from({ length: count }, () => builder.column(0, 0, Infinity));
      for (let t = 0; t < count; t++) {
        builder.row([...row(t).map(([i, r]) => [i, r - mean[i]] as const), [excess[t], 1]], target, Infinity);
      }
      builder.row([[risk, 1], ...excess.map((column, t) => [column, -(mad ? 2 : 1) * p[t]] as const)], 0, Infinity);
    }
  }
}

/** risk >= threshold + charges . (loss - threshold)+. */
function addTail(
  builder: LinearModelBuilder,
  {
    risk,
    losses,
    charges,
  }: { risk: number; losses: readonly (readonly (readonly [number, number])[])[]; charges: Float64Array },
): void {
  const threshold = builder.column(0, -Infinity, Infinity);
  const excess = losses.map(() => builder.column(0, 0, Infinity));
  losses.forEach((loss, t) =>
    builder.row([...loss.map(([i, value]) => [i, -value] as const), [excess[t], 1], [threshold, 1]], 0, Infinity),
  );
  builder.row([[risk, 1], [threshold, -1], ...excess.map((column, t) => [column, -charges[t]] as const)], 0, Infinity);
}

function addTotals(
  builder: LinearModelBuilder,
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
): void {
  const n = problem.assets.length;
  const { objective, costs, tax } = problem;
  const limit = (term: TotalTerm, columns: readonly number[], share: number): void => {
    for (const s of statements) {
      if (s.kind === 'total' && s.term === term)
        builder.row(
          columns.map((c) => [c, share] as const),
          -Infinity,
          s.bound,
        );
    }
  };
  const asked = (term: TotalTerm): boolean => statements.some((s) => s.kind === 'total' && s.term === term);
  const legs = (
    base: Float64Array,
    up: (i: number) => number,
    down: (i: number) => number,
  ): { up: number[]; down: number[] } => {
    const made = { up: [] as number[], down: [] as number[] };
    for (let i = 0; i < n; i++) {
      made.up.push(builder.column(up(i), 0, Infinity));
      made.down.push(builder.column(down(i), 0, Infinity));
      builder.row(
        [
          [i, 1],
          [made.up[i], -1],
          [made.down[i], 1],
        ],
        base[i],
        base[i],
      );
    }
    return made;
  };
  if ((objective.tradingCost ?? 0) > 0 || asked('turnover')) {
    const { linear } = costs ?? {};
    const cost = (i: number): number =>
      (objective.tradingCost ?? 0) * (typeof linear === 'number' ? linear : (linear?.[i] ?? 0));
    const { up, down } = legs(requireWeights(problem.previousWeights, 'previousWeights', 'trading'), cost, cost);
    limit('turnover', [...up, ...down], 0.5);
  }
  if ((objective.borrowCost ?? 0) > 0 || asked('leverage') || asked('short')) {
    const { up, down } = legs(
      new Float64Array(n),
      () => 0,
      (i) => (objective.borrowCost ?? 0) * (problem.borrowCosts?.[i] ?? 0),
    );
    limit('leverage', [...up, ...down], 1);
    limit('short', down, 1);
  }
  if ((objective.distance ?? 0) > 0 || asked('activeShare')) {
    const cost = (): number => 0.5 * (objective.distance ?? 0);
    const { up, down } = legs(requireWeights(problem.reference, 'reference', 'distance'), cost, cost);
    limit('activeShare', [...up, ...down], 0.5);
  }
  if ((objective.tax ?? 0) > 0 && tax) {
    const previous = requireWeights(problem.previousWeights, 'previousWeights', 'tax');
    for (const { asset, lots, locked } of taxedLots(tax.lots, tax)) {
      const i = problem.assets.indexOf(asset);
      const pieces = lots.map((lot) => builder.column((objective.tax ?? 0) * lot.rate, 0, lot.weight));
      pieces.push(builder.column((objective.tax ?? 0) * Math.max(0, lots[lots.length - 1].rate), 0, Infinity));
      const bought = builder.column(0, 0, locked ? 0 : Infinity);
      builder.row([[i, 1], [bought, -1], ...pieces.map((c) => [c, 1] as const)], previous[i], previous[i]);
    }
  }
}

/** A switch for every asset: off means weight 0, on means at least the threshold; at most `cardinality` are on. Long only. */
function addCardinality(builder: LinearModelBuilder, { assets, limits = {} }: PortfolioProblem): void {
  const { cardinality, threshold } = limits;
  if (cardinality === undefined && threshold === undefined) return;
  const switches = assets.map((asset, i) => {
    const most = limits.byAsset?.[asset]?.max ?? limits.default?.max ?? 1;
    const on = builder.column(0, 0, 1, true);
    builder.row(
      [
        [i, 1],
        [on, -most],
      ],
      -Infinity,
      0,
    );
    if (threshold !== undefined)
      builder.row(
        [
          [i, 1],
          [on, -threshold],
        ],
        0,
        Infinity,
      );
    return on;
  });
  if (cardinality !== undefined)
    builder.row(
      switches.map((on) => [on, 1] as const),
      -Infinity,
      cardinality,
    );
}
