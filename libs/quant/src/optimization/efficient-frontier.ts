import { invariant } from '@allostat/kernel';
import {
  optimizePortfolio,
  unsolved,
  type OptimizeOptions,
  type PortfolioResult,
  type PortfolioSolution,
  type UnsolvedPortfolio,
} from './optimize-portfolio';
import type { PortfolioProblem } from './portfolio-problem';
import type { RatioRisk } from './maximize-ratio';

export interface FrontierOptions extends OptimizeOptions {
  readonly risk: RatioRisk;
  /** Number of portfolios, at least 2. Default 20. */
  readonly points?: number;
}

export interface FrontierPoint {
  readonly expectedReturn: number;
  readonly risk: number;
  readonly solution: PortfolioSolution;
  /** Risk that one more unit of expected return costs here. */
  readonly marginalRisk: number;
}

export type FrontierResult =
  | { readonly status: 'traced'; readonly assets: readonly string[]; readonly points: readonly FrontierPoint[] }
  | UnsolvedPortfolio;

/**
 * Portfolios of least risk for evenly spaced expected returns, from the least risky one to the one of highest return.
 * Each solve starts from the weights of its neighbour and looks first at the scenarios that mattered there. The problem's own objective is not used.
 */
export function efficientFrontier(
  problem: PortfolioProblem,
  { risk, points = 20, ...options }: FrontierOptions,
): FrontierResult {
  invariant(Number.isInteger(points) && points >= 2, () => `points must be an integer of at least 2, got ${points}`);
  const limits = problem.limits ?? {};
  const solve = (
    objective: PortfolioProblem['objective'],
    minExpectedReturn?: number,
    neighbour?: PortfolioSolution,
  ): PortfolioResult =>
    optimizePortfolio(
      {
        ...problem,
        objective,
        limits: minExpectedReturn === undefined ? limits : { ...limits, minExpectedReturn },
      },
      neighbour === undefined
        ? options
        : {
            ...options,
            startWeights: neighbour.weights,
            ...(neighbour.screen === undefined ? {} : { screen: neighbour.screen }),
          },
    );
  const low = solve({ [risk]: 1, expectedReturn: 1e-9 });
  if (low.status !== 'optimal') return unsolved(low);
  const high = solve({ expectedReturn: 1, [risk]: 1e-9 });
  if (high.status !== 'optimal') return unsolved(high);
  const from = low.terms.expectedReturn as number;
  const to = high.terms.expectedReturn as number;
  const out: FrontierPoint[] = [];
  let neighbour: PortfolioSolution = low;
  for (let k = 0; k < points; k++) {
    // the last point stops a hair short of the highest return, where only one portfolio is left
    const wanted = from + ((to - from) * k * (1 - 1e-9)) / (points - 1);
    const solution = k === 0 ? low : solve({ [risk]: 1, expectedReturn: 1e-9 }, wanted, neighbour);
    if (solution.status !== 'optimal') continue;
    neighbour = solution;
    out.push({
      expectedReturn: solution.terms.expectedReturn as number,
      risk: solution.terms[risk] as number,
      solution,
      marginalRisk: solution.shadowPrices.find(({ limit }) => limit === 'minimum expected return')?.price ?? 0,
    });
  }
  return { status: 'traced', assets: problem.assets, points: out };
}
