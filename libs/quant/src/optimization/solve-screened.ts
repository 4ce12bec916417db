import { buildProgram, firstGuess, type BuildOptions, type BuiltProgram, type FirstGuess } from './build-program';
import {
  solveInteriorPoint,
  type InteriorPointOptions,
  type InteriorPointResult,
} from './interior-point/solve-interior-point';
import type { LimitStatement } from './limit-statements';
import type { PortfolioProblem } from './portfolio-problem';
import type { Overlooked } from './risk-parts';
import { closeScreen, roughScreen, screenedTails, widenScreen, type Screen } from './screen-scenarios';

export interface ScreenedSolve {
  readonly built: BuiltProgram;
  readonly result: InteriorPointResult;
  /** What the last program looked at; all when undefined. A neighbouring problem can start from it. */
  readonly screen: Screen | undefined;
}

/** Accuracy that is enough to see which scenarios matter. */
const rough: InteriorPointOptions = { tolerance: 1e-4, acceptable: 1e-4 };
/** Rounds of widening after which everything is looked at. */
const rounds = 6;

/**
 * Solves with the worst scenarios first and adds the overlooked ones until there are none: the answer, its residuals and its
 * multipliers are those of all scenarios. A skipped scenario would not enter the measure, so its multiplier is zero; a
 * skipped stretch of a drawdown's path passes its multiplier on unchanged.
 */
export function solveScreened(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
  { screen: given, ...build }: BuildOptions,
  options: InteriorPointOptions,
): ScreenedSolve {
  const { returns } = problem;
  const guess = build.guess ?? firstGuess(problem);
  let screen = given ?? firstScreen(problem, statements, { ...build, guess });
  for (let iterations = 0, round = 0; ; round++) {
    const built = buildProgram(problem, statements, { ...build, guess, ...(screen ? { screen } : {}) });
    const solve = (own: InteriorPointOptions): InteriorPointResult => {
      const result = solveInteriorPoint(built.program, own);
      iterations += result.iterations;
      return { ...result, iterations };
    };
    if (screen === undefined || returns === undefined) return { built, result: solve(options), screen };
    // a rough answer shows what was overlooked as well as an exact one; only when nothing was is it made exact
    let result = solve(rough);
    let overlooked = built.overlooked();
    if (isEmpty(overlooked) && result.status === 'optimal') {
      result = solve(options);
      overlooked = built.overlooked();
      if (isEmpty(overlooked) && result.status === 'optimal') return { built, result, screen };
    }
    screen = round < rounds && !isEmpty(overlooked) ? widenScreen(screen, overlooked, returns.periods) : undefined;
  }
}

function isEmpty({ scenarios, path }: Overlooked): boolean {
  return scenarios.length + path.length === 0;
}

/** A rough solve shows which scenarios are bad for the optimum; weights near the optimum show it without one. */
function firstScreen(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
  build: BuildOptions & { readonly guess: FirstGuess },
): Screen | undefined {
  const { returns } = problem;
  const tails = screenedTails(problem, statements);
  if (tails === undefined || returns === undefined) return undefined;
  if (build.startWeights) return closeScreen(returns, build.startWeights, tails);
  const screen = roughScreen(returns, build.guess.weights, tails);
  const { program } = buildProgram(problem, statements, { ...build, screen });
  solveInteriorPoint(program, rough);
  return closeScreen(returns, program.point.w, tails);
}
