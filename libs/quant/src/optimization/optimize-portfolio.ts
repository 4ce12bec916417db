import { explainInfeasibility, relaxLimits, type ProgramConflict } from './explain-infeasibility';
import { boundsOf, limitStatements, lockoutName, type LimitStatement } from './limit-statements';
import { PortfolioMeasures } from './measure-portfolio';
import type { ObjectiveTerm, PortfolioProblem } from './portfolio-problem';
import { canonicalProblem } from './problem-data';
import type { Screen } from './screen-scenarios';
import { solveScreened } from './solve-screened';
import type { WeightForce } from './weight-forces';

/** Version of the solver, stored with every certificate. */
export const solverVersion = 'interior-point/1';

/** How well the weights solve the problem. */
export interface SolutionCertificate {
  readonly status: 'optimal' | 'feasible';
  /** Largest violation of a limit or of the budget, measured on the weights themselves. */
  readonly primalResidual: number;
  /** Largest residual of the optimality conditions, in the program's scaled units. */
  readonly dualResidual: number;
  /** Objective less the dual bound, relative to max(1, |objective|) in scaled units. */
  readonly gap: number;
  readonly iterations: number;
  readonly solver: string;
}

/** One try of the chain and how it ended. */
export interface Attempt {
  readonly method: string;
  readonly outcome: 'optimal' | 'not-converged' | 'infeasible' | 'used';
  readonly detail: string;
}

export interface PortfolioSolution {
  readonly status: 'optimal' | 'fallback';
  readonly assets: readonly string[];
  readonly weights: Float64Array;
  readonly objective: number;
  /** Value of every term that the objective weighs. */
  readonly terms: Readonly<Partial<Record<ObjectiveTerm, number>>>;
  readonly certificate: SolutionCertificate;
  /** Improvement of the objective per unit by which a limit is relaxed; limits that do not bind are left out. */
  readonly shadowPrices: readonly { readonly limit: string; readonly price: number }[];
  /** With `forces`: what balances at the optimum, in the order of the assets. */
  readonly forces?: readonly WeightForce[];
  readonly attempts: readonly Attempt[];
  /** The scenarios that entered the tail measures; a neighbouring problem of the same scenarios can start from them. */
  readonly screen?: Screen;
}

export type PortfolioResult = PortfolioSolution | UnsolvedPortfolio;

/** No weights: limits in conflict, or no attempt that converged. */
export type UnsolvedPortfolio =
  | {
      readonly status: 'infeasible';
      readonly assets: readonly string[];
      readonly conflict: ProgramConflict;
      /** The problem with the cheapest relaxation applied, when that solves it. */
      readonly relaxed: PortfolioSolution | undefined;
      readonly attempts: readonly Attempt[];
    }
  | { readonly status: 'failed'; readonly assets: readonly string[]; readonly attempts: readonly Attempt[] };

/** A result that is not optimal, for callers who can use nothing less. */
export function unsolved(result: PortfolioResult): UnsolvedPortfolio {
  if (result.status === 'infeasible' || result.status === 'failed') return result;
  return { status: 'failed', assets: result.assets, attempts: result.attempts };
}

export interface OptimizeOptions {
  /** Relative gap and residuals to reach. Default 1e-11, 1e-8 accepted. */
  readonly tolerance?: number;
  readonly iterationsMax?: number;
  /** Weights, in the order of the assets, from which to start: a neighbour's solution. */
  readonly startWeights?: Float64Array;
  /** Scenarios to look at first: the screen of a neighbour's solution. */
  readonly screen?: Screen;
  /** Also says which term and which limit pushes each weight how far; default false. */
  readonly forces?: boolean;
}

/**
 * Solves one convex portfolio problem: any weighted sum of objectives under any of the limits.
 * Returns weights with a certificate, or the smallest set of limits in conflict with the cheapest relaxation. When the
 * solver does not converge it is tried from other starts, then previous weights that meet all limits stand in; every
 * attempt is recorded. Assets are taken by name, so column order changes no bit; of several optimal weights the one in
 * the middle of the optimal face comes out. Throws `InputError` on a problem that cannot be stated.
 */
export function optimizePortfolio(problem: PortfolioProblem, options: OptimizeOptions = {}): PortfolioResult {
  const { problem: sorted, order } = canonicalProblem(problem);
  const statements = limitStatements(sorted);
  const attempts: Attempt[] = [];
  const restore = (solution: PortfolioSolution): PortfolioSolution => {
    const placed = (values: Float64Array): Float64Array => {
      const out = new Float64Array(order.length);
      order.forEach((position, i) => (out[position] = values[i]));
      return out;
    };
    const { forces } = solution;
    return {
      ...solution,
      assets: problem.assets,
      weights: placed(solution.weights),
      ...(forces && { forces: forces.map(({ source, values }) => ({ source, values: placed(values) })) }),
    };
  };
  const { startWeights: given, ...rest } = options;
  const startWeights = given && Float64Array.from(order, (i) => given[i]);
  const solved = solveStatements(sorted, statements, startWeights ? { ...rest, startWeights } : rest, attempts);
  if (solved) return restore({ ...solved, attempts });
  const conflict = explainInfeasibility(sorted, statements);
  if (conflict) {
    attempts.push({ method: 'elastic program', outcome: 'infeasible', detail: conflict.limits.join(', ') });
    return {
      status: 'infeasible',
      assets: problem.assets,
      ...applied(sorted, { statements, conflict, options: rest, restore }),
      attempts,
    };
  }
  const stay = previousWeights(sorted, statements);
  if (stay) {
    attempts.push({ method: 'previous weights', outcome: 'used', detail: 'they meet every limit' });
    return restore({ ...stay, attempts });
  }
  return { status: 'failed', assets: problem.assets, attempts };
}

/** The conflict with its relaxation rounded up until it works when applied, and the portfolio that it allows. */
function applied(
  problem: PortfolioProblem,
  {
    statements,
    conflict,
    options,
    restore,
  }: {
    statements: readonly LimitStatement[];
    conflict: ProgramConflict;
    options: OptimizeOptions;
    restore: (solution: PortfolioSolution) => PortfolioSolution;
  },
): { readonly conflict: ProgramConflict; readonly relaxed: PortfolioSolution | undefined } {
  for (const room of [1e-6, 1e-5, 1e-4, 1e-3]) {
    const relaxation = conflict.relaxation.map(({ limit, by }) => ({ limit, by: by * (1 + room) + 0.01 * room }));
    const relaxed = solveStatements(
      withoutHarvest(problem, relaxation),
      relaxLimits(statements, relaxation),
      options,
      [],
    );
    if (relaxed) return { conflict: { ...conflict, relaxation }, relaxed: restore(relaxed) };
  }
  return { conflict, relaxed: undefined };
}

/** Relaxing a lockout means giving up the loss that it protects. */
function withoutHarvest(problem: PortfolioProblem, relaxation: ProgramConflict['relaxation']): PortfolioProblem {
  const { tax } = problem;
  if (!tax?.harvest) return problem;
  const harvest = tax.harvest.filter((asset) => !relaxation.some(({ limit }) => limit === lockoutName(asset)));
  return { ...problem, tax: { ...tax, harvest } };
}

/** Interior point from up to three starts. */
export function solveStatements(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
  options: OptimizeOptions,
  attempts: Attempt[],
): PortfolioSolution | undefined {
  const { low, high } = boundsOf(statements, problem.assets.length);
  if (low.some((value, i) => value > high[i] + 1e-9)) {
    attempts.push({
      method: solverVersion,
      outcome: 'infeasible',
      detail: 'two bounds of one asset exclude each other',
    });
    return undefined;
  }
  const { startWeights, screen: given, forces = false, ...tolerances } = options;
  for (const startScale of [1, 10, 0.1]) {
    const { built, result, screen } = solveScreened(
      problem,
      statements,
      { startScale, ...(startWeights ? { startWeights } : {}), ...(given ? { screen: given } : {}) },
      tolerances,
    );
    attempts.push({
      method: startScale === 1 ? solverVersion : `${solverVersion} from slacks x ${startScale}`,
      outcome: result.status,
      detail: `gap ${result.gap.toExponential(1)}, residuals ${result.primalResidual.toExponential(1)} and ${result.dualResidual.toExponential(1)} after ${result.iterations} iterations`,
    });
    if (result.status !== 'optimal') continue;
    const weights = insideBounds(built.program.point.w, { low, high, budget: problem.limits?.budget ?? 1 });
    return {
      ...described(problem, weights),
      status: 'optimal',
      certificate: {
        status: 'optimal',
        primalResidual: primalResidual(problem, statements, weights),
        dualResidual: result.dualResidual,
        gap: result.gap,
        iterations: result.iterations,
        solver: solverVersion,
      },
      shadowPrices: built.prices().filter(({ price }) => price > 1e-9 * built.objectiveUnit),
      ...(forces && { forces: built.forces() }),
      attempts,
      ...(screen ? { screen } : {}),
    };
  }
  return undefined;
}

function previousWeights(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
): PortfolioSolution | undefined {
  const weights = problem.previousWeights;
  if (weights === undefined) return undefined;
  const residual = primalResidual(problem, statements, weights);
  if (residual > 1e-9) return undefined;
  return {
    ...described(problem, weights),
    status: 'fallback',
    certificate: {
      status: 'feasible',
      primalResidual: residual,
      dualResidual: Infinity,
      gap: Infinity,
      iterations: 0,
      solver: 'previous weights',
    },
    shadowPrices: [],
    attempts: [],
  };
}

function described(
  problem: PortfolioProblem,
  weights: Float64Array,
): Pick<PortfolioSolution, 'assets' | 'weights' | 'objective' | 'terms'> {
  const measures = new PortfolioMeasures(problem, weights);
  const terms: Partial<Record<ObjectiveTerm, number>> = {};
  for (const [term, weight] of Object.entries(problem.objective) as [ObjectiveTerm, number][]) {
    if (weight > 0) terms[term] = measures.of(term);
  }
  return { assets: problem.assets, weights, objective: measures.objective(problem.objective), terms };
}

function primalResidual(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
  weights: Float64Array,
): number {
  const measures = new PortfolioMeasures(problem, weights);
  const sum = weights.reduce((a, b) => a + b, 0);
  return statements.reduce(
    (worst, statement) => Math.max(worst, measures.miss(statement)),
    Math.abs(sum - (problem.limits?.budget ?? 1)),
  );
}

/** Rounds a solver's 1e-12 away: weights inside their bounds, the rest of the budget to those with room. */
function insideBounds(
  source: Float64Array,
  { low, high, budget }: { low: Float64Array; high: Float64Array; budget: number },
): Float64Array {
  const weights = source.map((value, i) => Math.min(high[i], Math.max(low[i], value)));
  const missing = budget - weights.reduce((a, b) => a + b, 0);
  let best = -1;
  for (let i = 0; i < weights.length; i++) {
    const room = missing > 0 ? high[i] - weights[i] : weights[i] - low[i];
    if (best < 0 || room > (missing > 0 ? high[best] - weights[best] : weights[best] - low[best])) best = i;
  }
  if (best >= 0) weights[best] = Math.min(high[best], Math.max(low[best], weights[best] + missing));
  return weights;
}
