import { InputError, invariant } from '@allostat/kernel';
import { limitStatements } from './limit-statements';
import type { LinearModelSolver } from './linear-model';
import { optimizePortfolio, type OptimizeOptions, type PortfolioResult } from './optimize-portfolio';
import { portfolioLinearModel, unstatable } from './portfolio-linear-model';
import type { PortfolioProblem } from './portfolio-problem';
import { canonicalProblem } from './problem-data';

export interface CardinalityOptions extends OptimizeOptions {
  readonly solver: LinearModelSolver;
  /** Relative distance between the best portfolio and the bound at which to stop. Default 1e-6. */
  readonly gap?: number;
  readonly roundsMax?: number;
}

export type CardinalityResult = PortfolioResult & {
  /** What no portfolio with so few names can beat; undefined when the mixed-integer solver proved nothing. */
  readonly bound: number | undefined;
  readonly rounds: number;
};

/**
 * Solves a problem with a limit on the number of names or a least weight of those held (long only).
 * The mixed-integer solver chooses the names on the linear form, curved terms as tangents that are added round by round
 * (outer approximation, Duran and Grossmann, 1986); the interior point then finds the weights of the chosen names.
 * Throws `InputError` when the problem has terms that a linear form cannot state.
 */
export function optimizeCardinality(
  problem: PortfolioProblem,
  { solver, gap = 1e-6, roundsMax = 40, ...options }: CardinalityOptions,
): CardinalityResult {
  const limits = problem.limits ?? {};
  const { cardinality, threshold } = limits;
  invariant(
    cardinality !== undefined || threshold !== undefined,
    'optimizeCardinality needs limits.cardinality or limits.threshold',
  );
  if (cardinality !== undefined && !(Number.isInteger(cardinality) && cardinality >= 1)) {
    throw new InputError(`cardinality is ${cardinality}; it must be an integer of at least 1`, {
      field: 'cardinality',
    });
  }
  if ((limits.default?.min ?? 0) < 0)
    throw new InputError('cardinality is for long-only portfolios', { field: 'default' });
  const { problem: sorted } = canonicalProblem(problem);
  const statements = limitStatements(sorted);
  const reason = unstatable(sorted, statements);
  if (reason) throw new InputError(`a mixed-integer program cannot hold ${reason}`, { field: 'objective' });
  const tangents: Float64Array[] = [new Float64Array(sorted.assets.length).fill(1 / sorted.assets.length)];
  let best: Extract<PortfolioResult, { status: 'optimal' | 'fallback' }> | undefined;
  let bound: number | undefined;
  for (let round = 1; round <= roundsMax; round++) {
    const { model, constant } = portfolioLinearModel(sorted, statements, { tangents });
    const outcome = solver(model);
    if (outcome.status !== 'optimal') {
      const relaxed = optimizePortfolio(problem, options);
      if (relaxed.status === 'infeasible') return { ...relaxed, bound, rounds: round };
      const detail =
        outcome.status === 'failed' ? outcome.detail : 'no portfolio of so few names meets the other limits';
      const attempts = [
        {
          method: 'mixed-integer program',
          outcome: outcome.status === 'failed' ? 'not-converged' : 'infeasible',
          detail,
        } as const,
      ];
      return { status: 'failed', assets: problem.assets, attempts, bound, rounds: round };
    }
    bound = outcome.objective + constant;
    const chosen = outcome.x.subarray(0, sorted.assets.length);
    const polished = optimizePortfolio(heldOnly(problem, sorted.assets, chosen), options);
    if (polished.status === 'optimal' && (best === undefined || polished.objective < best.objective)) best = polished;
    if (best && best.objective - bound <= gap * Math.max(1e-12, Math.abs(best.objective)))
      return { ...best, bound, rounds: round };
    tangents.push(chosen.slice());
    // the tangent at the best weights of the chosen names makes the bound exact for these names
    if (polished.status === 'optimal') tangents.push(inOrder(polished.weights, problem.assets, sorted.assets));
  }
  if (best) return { ...best, bound, rounds: roundsMax };
  return {
    status: 'failed',
    assets: problem.assets,
    attempts: [
      { method: 'mixed-integer program', outcome: 'not-converged', detail: `no portfolio in ${roundsMax} rounds` },
    ],
    bound,
    rounds: roundsMax,
  };
}

function inOrder(weights: Float64Array, from: readonly string[], to: readonly string[]): Float64Array {
  return Float64Array.from(to, (asset) => weights[from.indexOf(asset)]);
}

/** The problem with every name that was not chosen held at zero and the others at or above the threshold. */
function heldOnly(problem: PortfolioProblem, names: readonly string[], chosen: Float64Array): PortfolioProblem {
  const limits = problem.limits ?? {};
  const least = limits.threshold ?? limits.default?.min ?? 0;
  const byAsset: Record<string, { min?: number; max?: number }> = { ...limits.byAsset };
  names.forEach((asset, i) => {
    const held = chosen[i] > Math.max(1e-7, 0.5 * (limits.threshold ?? 0));
    const own = byAsset[asset];
    byAsset[asset] = held ? { ...own, min: Math.max(least, own?.min ?? 0) } : { min: 0, max: 0 };
  });
  return { ...problem, limits: { ...limits, byAsset } };
}
