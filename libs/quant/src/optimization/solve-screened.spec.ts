import { createRng } from '@allostat/kernel';
import { returnPanel } from '../linalg/return-panel';
import { buildProgram } from './build-program';
import { solveInteriorPoint } from './interior-point/solve-interior-point';
import { limitStatements } from './limit-statements';
import type { PortfolioProblem } from './portfolio-problem';
import { canonicalProblem } from './problem-data';
import { solveScreened } from './solve-screened';

const assets = ['a', 'b', 'c', 'd', 'e', 'f'];
const periods = 1400;

/** Returns with one common factor and spells of decline, so that drawdowns last. */
function panelOf(seed: number): ReturnType<typeof returnPanel> {
  const rng = createRng(seed);
  const values: number[] = [];
  for (let t = 0; t < periods; t++) {
    const common = rng.normal() + (Math.sin(t / 90) < -0.7 ? -0.15 : 0.05);
    for (let i = 0; i < assets.length; i++)
      values.push(0.002 * (i + 1) * (0.6 * common + rng.normal()) + 0.0001 * (i + 1));
  }
  return returnPanel(assets, values);
}

const problems: Readonly<Record<string, Omit<PortfolioProblem, 'assets' | 'returns'>>> = {
  'conditional drawdown': { objective: { cdar: 1 } },
  'maximum drawdown': { objective: { maximumDrawdown: 1 } },
  'CVaR under a drawdown limit': {
    objective: { cvar: 1, expectedReturn: 0.5 },
    limits: { maxCdar: 0.08, default: { max: 0.6 } },
  },
  'conditional and average drawdown': { objective: { cdar: 1, averageDrawdown: 1 } },
};

describe('solveScreened', () => {
  it.each(Object.keys(problems))('gives the answer of all scenarios: %s', (name) => {
    const { problem } = canonicalProblem({ assets, returns: panelOf(3), ...problems[name] });
    const statements = limitStatements(problem);
    const whole = buildProgram(problem, statements);
    const expected = solveInteriorPoint(whole.program);
    const { result, built, screen } = solveScreened(problem, statements, {}, {});
    expect(expected.status).toBe('optimal');
    expect(result.status).toBe('optimal');
    expect(Math.abs(result.objective - expected.objective)).toBeLessThan(1e-9 * Math.abs(expected.objective));
    expect(screen?.path?.length).toBeLessThan(periods / 2);
    expect(screen?.sampled).toBeUndefined();
    for (const { limit, price } of whole.prices()) {
      const own = built.prices().find((entry) => entry.limit === limit);
      expect(Math.abs((own?.price ?? NaN) - price)).toBeLessThan(1e-6 * Math.max(1, price));
    }
  });

  it.each(Object.keys(problems))('gives the same answer from weights near it: %s', (name) => {
    const { problem } = canonicalProblem({ assets, returns: panelOf(3), ...problems[name] });
    const statements = limitStatements(problem);
    const cold = solveScreened(problem, statements, {}, {});
    const { w } = cold.built.program.point;
    const startWeights = Float64Array.from(w, (weight) => 0.9 * weight + 0.1 / w.length);
    const warm = solveScreened(problem, statements, { startWeights }, {});
    expect(warm.result.status).toBe('optimal');
    const { objective } = cold.result;
    expect(Math.abs(warm.result.objective - objective)).toBeLessThan(1e-9 * Math.abs(objective));
  });

  it('screens fewer scenarios too when there are many assets', () => {
    const [count, width] = [450, 100];
    const rng = createRng(8);
    const names = Array.from({ length: width }, (_, i) => `a${String(i).padStart(2, '0')}`);
    const values = Array.from({ length: count }, () => rng.normal()).flatMap((market) =>
      names.map((_, i) => 0.005 * (1 + i / width) * (market + rng.normal())),
    );
    const { problem } = canonicalProblem({
      assets: names,
      returns: returnPanel(names, values),
      objective: { cvar: 1, variance: 10 },
      limits: { default: { max: 0.05 } },
    });
    const statements = limitStatements(problem);
    const expected = solveInteriorPoint(buildProgram(problem, statements).program);
    const { result, screen } = solveScreened(problem, statements, {}, {});
    expect(result.status).toBe('optimal');
    expect(Math.abs(result.objective - expected.objective)).toBeLessThan(1e-9 * Math.abs(expected.objective));
    expect(screen?.scenarios?.length).toBeLessThan(count);
  });

  it('finds what a wrong first screen left out', () => {
    const { problem } = canonicalProblem({ assets, returns: panelOf(5), objective: { cdar: 1 } });
    const statements = limitStatements(problem);
    const expected = solveInteriorPoint(buildProgram(problem, statements).program);
    const wrong = { path: Int32Array.from({ length: 100 }, (_, t) => t) };
    const { result } = solveScreened(problem, statements, { screen: wrong }, {});
    expect(result.status).toBe('optimal');
    expect(Math.abs(result.objective - expected.objective)).toBeLessThan(1e-9 * Math.abs(expected.objective));
  });
});
