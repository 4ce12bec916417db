import { assetMatrix, PortfolioMeasures, portfolioVolatility } from '@allostat/quant';
import type { Mandate } from '../mandate/mandate';
import type { RiskModel } from '../risk-budgeting/risk-model';
import type { SolvedObjective } from './solve-objective';

const PERIODS_PER_YEAR: Readonly<Record<Mandate['rebalance']['every'], number>> = { week: 52, month: 12, quarter: 4 };

/**
 * What a trade is worth until the next regular decision, as a fraction of value: half the price of risk times the yearly
 * tracking variance between what is held and the target, for the share of a year until then. Instruments without an
 * estimate carry no tracking risk here.
 */
export function tradeGain(
  riskAversion: number,
  { every }: Mandate['rebalance'],
  {
    previous,
    target,
    model,
  }: {
    readonly previous: ReadonlyMap<string, number>;
    readonly target: ReadonlyMap<string, number>;
    readonly model: RiskModel;
  },
): number {
  const gap = model.assets.map((id) => (target.get(id) ?? 0) - (previous.get(id) ?? 0)); // not held
  const tracking = portfolioVolatility(gap, assetMatrix(model.assets, model.covariance));
  return ((riskAversion / 2) * tracking ** 2) / PERIODS_PER_YEAR[every];
}

/**
 * What new weights gain over the old ones by the mandate's own objectives, before trading cost, in units of return until the next
 * regular decision; `undefined` when expected return or trading cost are not among the terms, for then the two cannot be compared.
 */
export function objectiveGain({ problem }: SolvedObjective, weights: ReadonlyMap<string, number>): number | undefined {
  const { expectedReturn, tradingCost, ...rest } = problem.objective;
  if (expectedReturn === undefined || tradingCost === undefined) return undefined;
  const free = { ...problem, objective: { ...rest, expectedReturn } };
  const worth = (w: Float64Array): number => -new PortfolioMeasures(free, w).objective(free.objective) / expectedReturn;
  const after = Float64Array.from(problem.assets, (id) => weights.get(id) as number);
  return worth(after) - worth(problem.previousWeights as Float64Array);
}
