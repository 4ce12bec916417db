import { InputError } from '@allostat/kernel';
import {
  optimizePortfolio,
  unsolved,
  type OptimizeOptions,
  type PortfolioResult,
  type PortfolioSolution,
  type UnsolvedPortfolio,
} from './optimize-portfolio';
import type { Objective, PortfolioProblem } from './portfolio-problem';

/** Risks by which return can be divided: all of degree 1. */
export const ratioRisks = [
  'volatility',
  'cvar',
  'cdar',
  'maximumDrawdown',
  'averageDrawdown',
  'meanAbsoluteDeviation',
  'trackingError',
] as const;
export type RatioRisk = (typeof ratioRisks)[number];

export interface RatioOptions extends OptimizeOptions {
  readonly risk: RatioRisk;
  /** Per period; default 0. */
  readonly riskFree?: number;
}

export type RatioResult =
  | (PortfolioSolution & { readonly ratio: number; readonly rounds: number })
  /** The ratio has no useful maximum: no excess return anywhere, or none of the risk. */
  | {
      readonly status: 'refused';
      readonly assets: readonly string[];
      readonly reason: string;
      readonly bestExcess: number;
    }
  | UnsolvedPortfolio;

/**
 * Portfolio with the largest expected return above the risk-free rate per unit of risk, under the problem's limits.
 * Dinkelbach (1967), Management Science 13: solves return less lambda risk until lambda is the ratio itself; converges
 * superlinearly. When no portfolio's expected return beats the risk-free rate the ratio is not concave and its maximum
 * would reward more risk: then it refuses, with the best excess there is. The problem's own objective is not used.
 */
export function maximizeRatio(
  problem: PortfolioProblem,
  { risk, riskFree = 0, ...options }: RatioOptions,
): RatioResult {
  if (!ratioRisks.includes(risk)) {
    throw new InputError(
      `return cannot be divided by ${risk as string}`,
      { field: 'risk' },
      `use one of ${ratioRisks.join(', ')}`,
    );
  }
  const solve = (objective: Objective): PortfolioResult => optimizePortfolio({ ...problem, objective }, options);
  const most = solve({ expectedReturn: 1, [risk]: 1e-9 });
  if (most.status !== 'optimal') return unsolved(most);
  const excessOf = (solution: PortfolioSolution): number =>
    (solution.terms.expectedReturn as number) - riskFree * (problem.limits?.budget ?? 1);
  const bestExcess = excessOf(most);
  const refuse = (reason: string): RatioResult => ({ status: 'refused', assets: problem.assets, reason, bestExcess });
  if (bestExcess <= 0) {
    return refuse(
      'no portfolio within the limits is expected to earn more than the risk-free rate; ask for least risk or most return instead',
    );
  }
  let best = most;
  let ratio = bestExcess / (most.terms[risk] as number);
  if (!Number.isFinite(ratio))
    return refuse(`a portfolio within the limits earns more than the risk-free rate without ${risk}`);
  for (let round = 1; round <= 30; round++) {
    const next = solve({ expectedReturn: 1, [risk]: ratio });
    if (next.status !== 'optimal') break;
    const improved = excessOf(next) / (next.terms[risk] as number);
    if (!Number.isFinite(improved))
      return refuse(`a portfolio within the limits earns more than the risk-free rate without ${risk}`);
    const gain = improved / ratio - 1;
    if (gain > 0) {
      best = next;
      ratio = improved;
    }
    if (gain <= 1e-12) return { ...best, ratio, rounds: round };
  }
  return { ...best, ratio, rounds: 30 };
}
