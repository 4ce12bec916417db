import loadHighs from 'highs';
import { explainInfeasibility } from './explain-infeasibility';
import { highsSolver } from './highs-solver';
import { limitStatements } from './limit-statements';
import { optimizePortfolio } from './optimize-portfolio';
import { portfolioLinearModel, unstatable } from './portfolio-linear-model';
import type { PortfolioProblem } from './portfolio-problem';
import { canonicalProblem } from './problem-data';
import { randomProblem } from './random-problem.test-helper';

/** 2,000 problems take some minutes; ALLOSTAT_EXHAUSTIVE=1 runs them all. */
const problems = process.env.ALLOSTAT_EXHAUSTIVE ? 2000 : 150;

describe(`${problems} random problems with random subsets of all terms`, () => {
  it('are solved with gap and residuals of 1e-8 or named infeasible', () => {
    const outcomes = { optimal: 0, infeasible: 0 };
    for (let seed = 1; seed <= problems; seed++) {
      const result = optimizePortfolio(randomProblem(seed));
      if (result.status === 'optimal') {
        const { gap, primalResidual, dualResidual } = result.certificate;
        if (!(Math.max(gap, primalResidual, dualResidual) <= 1e-8))
          throw new Error(`problem ${seed}: ${JSON.stringify(result.certificate)}`);
      } else if (result.status === 'infeasible') expect(result.conflict.limits.length).toBeGreaterThan(0);
      else throw new Error(`problem ${seed} ended ${result.status}: ${JSON.stringify(result.attempts)}`);
      outcomes[result.status]++;
    }
    expect(outcomes.infeasible).toBeGreaterThan(problems / 50);
  }, 240_000);

  it('have the same objective from the previous weights as from afar', () => {
    for (let seed = 1; seed <= problems / 4; seed++) {
      const problem = randomProblem(seed);
      const afar = optimizePortfolio(problem);
      const near = optimizePortfolio(problem, { startWeights: problem.previousWeights as Float64Array });
      if (near.status !== afar.status)
        throw new Error(`problem ${seed}: ${near.status} near, ${afar.status} from afar`);
      if (near.status !== 'optimal' || afar.status !== 'optimal') continue;
      const gap = Math.abs(near.objective - afar.objective) / Math.max(1e-6, Math.abs(afar.objective));
      if (gap > 1e-7) throw new Error(`problem ${seed}: ${near.objective} near, ${afar.objective} from afar`);
    }
  }, 240_000);

  it('name a smallest conflict whose relaxation works when applied', () => {
    let seen = 0;
    for (let seed = 1; seed <= problems / 2; seed++) {
      const { problem } = canonicalProblem(randomProblem(seed));
      const result = optimizePortfolio(problem);
      if (result.status !== 'infeasible') continue;
      seen++;
      const conflict = limitStatements(problem).filter(
        ({ name, implicit }) => implicit || result.conflict.limits.includes(name),
      );
      expect(explainInfeasibility(problem, conflict)).toBeDefined();
      for (const name of result.conflict.limits) {
        const rest = conflict.filter((statement) => statement.name !== name);
        if (explainInfeasibility(problem, rest) !== undefined)
          throw new Error(`problem ${seed}: ${name} is not needed for the conflict`);
      }
      if (result.relaxed === undefined) throw new Error(`problem ${seed}: the relaxation does not work`);
      expect(result.relaxed.certificate.primalResidual).toBeLessThan(1e-8);
    }
    expect(seen).toBeGreaterThan(3);
  }, 240_000);

  it('have the objective that HiGHS finds where it can state them', async () => {
    const solve = highsSolver(await loadHighs());
    let compared = 0;
    for (let seed = 1; compared < problems / 10 && seed <= 5000; seed++) {
      const source = linearOnly(randomProblem(seed));
      const { problem } = canonicalProblem(source);
      const statements = limitStatements(problem);
      if (unstatable(problem, statements)) continue;
      const { model, constant } = portfolioLinearModel(problem, statements);
      const other = solve(model);
      const own = optimizePortfolio(source);
      compared++;
      if (other.status === 'failed') throw new Error(other.detail);
      if (own.status !== other.status) throw new Error(`problem ${seed}: ${own.status} here, ${other.status} there`);
      if (own.status !== 'optimal' || other.status !== 'optimal') continue;
      const value = other.objective + constant;
      const gap = Math.abs(own.objective - value) / Math.max(1e-6, Math.abs(value));
      if (gap > 1e-7) throw new Error(`problem ${seed}: ${own.objective} here, ${value} there`);
    }
    expect(compared).toBe(problems / 10);
  }, 240_000);
});

/** Without the quadratic terms, which HiGHS solves to 1e-5 only. */
function linearOnly(problem: PortfolioProblem): PortfolioProblem {
  const kept = Object.entries(problem.objective).filter(
    ([term]) => !['variance', 'trackingVariance', 'squaredDistance'].includes(term),
  );
  return { ...problem, objective: Object.fromEntries(kept) };
}
