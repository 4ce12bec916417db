import type { LimitStatement } from './limit-statements';
import type { PortfolioProblem } from './portfolio-problem';
import { solveScreened } from './solve-screened';

/** Limits that exclude each other, and what it would take. */
export interface ProgramConflict {
  /** A smallest set: leave out any one of them and the rest can be met. */
  readonly limits: readonly string[];
  /** The cheapest set of moves that makes the problem feasible, each limit in its own unit. */
  readonly relaxation: readonly { readonly limit: string; readonly by: number }[];
  /** Sum of the moves, weight limits by 1 and risk limits by their own size counted alike. */
  readonly price: number;
}

/** Relaxations below this count as none (the solver's own accuracy). */
const negligible = 1e-7;

/**
 * Finds out whether limits can be met together, and if not, which exclude each other and what the cheapest relaxation is.
 * Every limit gets a variable by which it may be missed; their priced sum is minimised. A smallest conflict is found by
 * leaving out one limit after the other (deletion filter, Chinneck, 2008). Undefined when all limits can be met.
 */
export function explainInfeasibility(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
): ProgramConflict | undefined {
  const whole = leastMiss(problem, statements);
  if (whole === undefined || whole.price <= negligible) return undefined;
  // only limits that the relaxed optimum leans on can be part of the conflict it proves
  let kept = statements.filter(({ name, implicit }) => implicit || (whole.prices.get(name) ?? 0) > 1e-6);
  if (!isInfeasible(problem, kept)) kept = [...statements];
  for (const name of namesBySize(kept.filter(({ implicit }) => !implicit))) {
    const without = kept.filter((statement) => statement.name !== name);
    if (without.length < kept.length && isInfeasible(problem, without)) kept = without;
  }
  return {
    limits: [...new Set(kept.filter(({ implicit }) => !implicit).map(({ name }) => name))],
    relaxation: merged(whole.misses.filter(({ by }) => by > negligible)),
    price: whole.price,
  };
}

/** The limits with every relaxation applied. */
export function relaxLimits(
  statements: readonly LimitStatement[],
  relaxation: ProgramConflict['relaxation'],
): readonly LimitStatement[] {
  return statements.map((statement): LimitStatement => {
    const found = relaxation.find(({ limit }) => limit === statement.name);
    if (found === undefined) return statement;
    const { by } = found;
    if (statement.kind === 'bounds') {
      return { ...statement, rows: statement.rows.map((row) => ({ ...row, bound: row.bound - by })) };
    }
    return {
      ...statement,
      bound: statement.bound + (statement.kind === 'risk' || statement.kind === 'total' ? by : -by),
    };
  });
}

/** Weight statements over many assets are tried last, so that a conflict names the particular limit first. */
function namesBySize(statements: readonly LimitStatement[]): string[] {
  const size = (statement: LimitStatement): number => (statement.kind === 'bounds' ? statement.rows.length : 0);
  return [...new Set([...statements].sort((a, b) => size(b) - size(a)).map(({ name }) => name))];
}

function merged(misses: readonly { limit: string; by: number }[]): { limit: string; by: number }[] {
  const most = new Map<string, number>();
  for (const { limit, by } of misses) most.set(limit, Math.max(most.get(limit) ?? 0, by));
  return [...most].map(([limit, by]) => ({ limit, by }));
}

function isInfeasible(problem: PortfolioProblem, statements: readonly LimitStatement[]): boolean {
  const least = leastMiss(problem, statements);
  return least !== undefined && least.price > negligible;
}

function leastMiss(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
): { price: number; misses: { limit: string; by: number }[]; prices: Map<string, number> } | undefined {
  for (const startScale of [1, 10, 0.1]) {
    const { built, result } = solveScreened(
      problem,
      statements,
      { elastic: true, startScale },
      { tolerance: 1e-10, acceptable: 1e-7 },
    );
    if (result.status !== 'optimal') continue;
    return {
      price: result.objective,
      misses: built.misses(),
      prices: new Map(built.prices().map(({ limit, price }) => [limit, price / built.objectiveUnit])),
    };
  }
  return undefined;
}
