import { portfolioReturns, type ReturnPanel } from '../linalg/return-panel';
import type { LimitStatement } from './limit-statements';
import type { PortfolioProblem } from './portfolio-problem';

/** From so many scenarios on it pays to look at the worst ones first. */
const manyScenarios = 1000;

/** Mass of the largest tail that a problem with many scenarios measures, or undefined where screening does not pay. */
export function screenedTail(problem: PortfolioProblem, statements: readonly LimitStatement[]): number | undefined {
  const { returns, objective, limits, confidence } = problem;
  if (returns === undefined || returns.periods < manyScenarios) return undefined;
  const limited = (term: string): boolean => statements.some((s) => s.kind === 'risk' && s.term === term);
  const tails: number[] = [];
  if ((objective.cvar ?? 0) > 0 || limited('cvar')) tails.push(1 - (confidence?.cvar ?? 0.95));
  if (limited('floor')) tails.push(limits?.floor?.probability ?? 0.05);
  const most = Math.max(0, ...tails);
  return most > 0 && most <= 0.2 ? most : undefined;
}

/**
 * The scenarios in which the weights lose most: `share` of all. Problems with CVaR or a floor start from these: the others do
 * not enter the measure as long as their losses stay below the threshold, which is checked after the solve.
 */
export function worstScenarios(returns: ReturnPanel, weights: Float64Array, share: number): Int32Array {
  const series = portfolioReturns(returns, weights);
  const order = Array.from(series, (_, t) => t).sort((a, b) => series[a] - series[b] || a - b);
  return Int32Array.from(order.slice(0, Math.ceil(returns.periods * Math.min(1, share)))).sort();
}

/** The screened scenarios and those that were overlooked, or undefined when so many are needed that all should be. */
export function widenScreen(
  screened: Int32Array,
  overlooked: readonly number[],
  periods: number,
): Int32Array | undefined {
  const wide = Int32Array.from([...screened, ...overlooked]).sort();
  return wide.length > 0.8 * periods ? undefined : wide;
}
