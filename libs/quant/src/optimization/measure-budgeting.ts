import { InputError } from '@allostat/kernel';
import { budgetShares, type RiskBudget } from '../allocation/risk-budgeting';
import type { ReturnPanel } from '../linalg/return-panel';
import { BoundsPart } from './interior-point/bounds-part';
import { LogPart } from './interior-point/log-part';
import { solveInteriorPoint } from './interior-point/solve-interior-point';
import { solverVersion, type SolutionCertificate } from './optimize-portfolio';
import { canonicalProblem } from './problem-data';
import { RiskParts } from './risk-parts';

export type BudgetedMeasure =
  'cvar' | 'cdar' | 'maximumDrawdown' | 'averageDrawdown' | 'meanAbsoluteDeviation' | 'volatility';

export interface MeasureBudgetingOptions {
  readonly measure: BudgetedMeasure;
  /** Left out: equal shares. */
  readonly budget?: RiskBudget;
  readonly confidence?: number;
}

export interface MeasureBudgetingResult {
  readonly assets: readonly string[];
  readonly weights: Float64Array;
  readonly certificate: SolutionCertificate;
}

/**
 * Long-only weights whose shares of a risk of degree 1 equal a budget: the least of risk(x) - sum b_i ln x_i, scaled to 1.
 * Unique weights; where scenarios tie at the quantile the risk has several subgradients and the budget holds for one of
 * them (Mausser and Romanko, 2018). Throws `InputError` when a portfolio exists that has no such risk.
 */
export function measureBudgeting(
  returns: ReturnPanel,
  { measure, budget, confidence = 0.95 }: MeasureBudgetingOptions,
): MeasureBudgetingResult {
  const { problem, order } = canonicalProblem({
    assets: returns.assets,
    returns,
    objective: { [measure]: 1 },
    confidence: { cvar: confidence, cdar: confidence },
  });
  const n = returns.assets.length;
  const shares = budgetShares(budget, problem.assets);
  let square = 0;
  for (const value of returns.values) square += value * value;
  const unit = 1 / Math.sqrt(square / returns.values.length);
  const risks = new RiskParts(problem, {
    statements: [],
    objective: problem.objective,
    unit,
    price: (weight) => weight,
  });
  const point = { w: new Float64Array(n).fill(1 / n), g: new Float64Array(risks.globals) };
  const cost = { w: new Float64Array(n), g: new Float64Array(risks.globals) };
  const made = risks.build(point, risks.globals, 1);
  for (const { index, weight } of made.costs) cost.g[index] += weight;
  const bounds = new BoundsPart(
    Array.from({ length: n }, (_, index) => ({ index, sign: 1 as const, bound: 0 })),
    point,
    { least: 1e-12, multiplier: 0.1 / n },
  );
  const result = solveInteriorPoint({
    point,
    cost,
    parts: [...made.parts, bounds, new LogPart(shares)],
    border: risks.globals + made.border,
  });
  const sum = point.w.reduce((a, b) => a + b, 0);
  if (result.status !== 'optimal') {
    throw new InputError(
      `${measure} budgeting did not converge (gap ${result.gap.toExponential(1)})`,
      {},
      `it has no answer when some portfolio has no ${measure}; budget volatility instead`,
    );
  }
  const weights = new Float64Array(n);
  order.forEach((position, i) => (weights[position] = point.w[i] / sum));
  return {
    assets: returns.assets,
    weights,
    certificate: {
      status: 'optimal',
      primalResidual: result.primalResidual,
      dualResidual: result.dualResidual,
      gap: result.gap,
      iterations: result.iterations,
      solver: solverVersion,
    },
  };
}
