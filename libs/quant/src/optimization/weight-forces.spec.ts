import { createRng } from '@allostat/kernel';
import { returnPanel } from '../linalg/return-panel';
import { PortfolioMeasures } from './measure-portfolio';
import { optimizePortfolio } from './optimize-portfolio';
import type { ObjectiveTerm, PortfolioProblem } from './portfolio-problem';

const assets = ['F', 'B', 'C', 'A', 'E', 'D'];
const n = assets.length;
const rng = createRng(11);
const rows = 260;
const values = Float64Array.from(
  { length: rows * n },
  (_, k) => 0.0003 * (k % n) + 0.004 * (1 + (k % n)) * rng.normal(),
);

const problem: PortfolioProblem = {
  assets,
  returns: returnPanel(assets, values),
  objective: {
    ...{ expectedReturn: 1, volatility: 0.05, cvar: 0.1, cdar: 0.02, maximumDrawdown: 0.01, averageDrawdown: 0.02 },
    ...{ shortfall: 0.1, squaredDistance: 0.01, tradingCost: 1, tax: 1 },
  },
  reference: Float64Array.of(0.1, 0.3, 0.2, 0.1, 0.2, 0.1),
  previousWeights: Float64Array.of(0.15, 0.15, 0.3, 0.15, 0.15, 0.1),
  costs: { linear: 0.0004, impact: new Float64Array(n).fill(0.002) },
  tax: {
    shortTermRate: 0.37,
    longTermRate: 0.2,
    lots: [
      { asset: 'C', weight: 0.1, gain: 0.002, longTerm: true },
      { asset: 'C', weight: 0.2, gain: 0.01, longTerm: false },
      { asset: 'F', weight: 0.15, gain: 0.003, longTerm: true },
    ],
  },
  limits: { byAsset: { B: { max: 0.28 } }, groups: [{ name: 'last', assets: ['A', 'E', 'D'], max: 0.42 }] },
};

const terms = Object.keys(problem.objective) as ObjectiveTerm[];
const kinked = terms.filter((term) => term !== 'expectedReturn' && term !== 'squaredDistance');

function forcesOf(own: PortfolioProblem) {
  const solution = optimizePortfolio(own, { forces: true });
  if (solution.status !== 'optimal' || solution.forces === undefined) throw new Error(solution.status);
  return { x: solution.weights, forces: solution.forces, prices: solution.shadowPrices };
}

describe('the forces at an optimum', () => {
  const { x, forces } = forcesOf(problem);

  it.each(kinked)('of %s are a subgradient of it: the measure rises at least as fast in every direction', (term) => {
    const force = forces.find(({ source }) => source.kind === 'term' && source.term === term)?.values;
    const weight = problem.objective[term] as number;
    const here = new PortfolioMeasures(problem, x).of(term);
    for (let k = 0; k < 40; k++) {
      const raw = Float64Array.from({ length: n }, () => (k < 20 ? 0.02 : 1e-4) * rng.normal());
      const mean = raw.reduce((sum, value) => sum + value, 0) / n;
      const there = x.map((value, i) => value + raw[i] - mean);
      const least = raw.reduce((sum, value, i) => sum - ((value - mean) * (force?.[i] ?? 0)) / weight, here);
      // lots and trades are bought and sold from what is held: no short positions in between
      if (there.some((value) => value < 0)) continue;
      expect(new PortfolioMeasures(problem, there).of(term)).toBeGreaterThan(least - 1e-8);
    }
  });

  it('balance: with the gradients of return and distance they differ from asset to asset by nothing', () => {
    const mean = Float64Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let t = 0; t < rows; t++) sum += values[t * n + i];
      return sum / rows;
    });
    const { squaredDistance = 0 } = problem.objective;
    const sums = x.map((value, i) =>
      forces.reduce(
        (sum, f) => sum + f.values[i],
        mean[i] - 2 * squaredDistance * (value - (problem.reference as Float64Array)[i]),
      ),
    );
    expect(Math.max(...sums) - Math.min(...sums)).toBeLessThan(1e-8);
  });

  it('of a limit are its shadow price times its gradient', () => {
    const { forces: own, prices } = forcesOf({
      ...problem,
      objective: { expectedReturn: 1, variance: 1.5, cvar: 0.02 },
      limits: { ...problem.limits, maxCvar: 0.008 },
    });
    const of = (name: string) => own.find(({ source }) => source.kind === 'limit' && source.name === name)?.values;
    const priceOf = (name: string): number => prices.find(({ limit }) => limit === name)?.price ?? 0;
    expect(priceOf('maximum CVaR')).toBeGreaterThan(0);
    // both are multiples of one gradient
    const term = own.find(({ source }) => source.kind === 'term' && source.term === 'cvar')?.values;
    of('maximum CVaR')?.forEach((value, i) => {
      expect(value).toBeCloseTo(((term?.[i] as number) / 0.02) * priceOf('maximum CVaR'), 9);
    });
  });

  it('split what holds a trade back between its cost and a limit on turnover', () => {
    const { forces: own, prices } = forcesOf({
      ...problem,
      objective: { expectedReturn: 1, squaredDistance: 0.01, tradingCost: 1 },
      limits: { maxTurnover: 0.05 },
    });
    const of = (kind: string) => own.find(({ source }) => source.kind === kind)?.values as Float64Array;
    const price = prices.find(({ limit }) => limit === 'maximum turnover')?.price as number;
    expect(price).toBeGreaterThan(0);
    x.forEach((_, i) => {
      expect(Math.abs(of('limit')[i])).toBeLessThanOrEqual(price / 2 + 1e-9);
      expect(of('limit')[i] * of('term')[i]).toBeGreaterThanOrEqual(-1e-15);
    });
  });

  it('are those of the same asset whatever the order of the columns', () => {
    const order = [3, 1, 2, 5, 4, 0];
    const pick = (from: Float64Array): Float64Array => Float64Array.from(order, (k) => from[k]);
    const moved = forcesOf({
      ...problem,
      assets: order.map((k) => assets[k]),
      returns: returnPanel(
        order.map((k) => assets[k]),
        Float64Array.from({ length: rows * n }, (_, k) => values[Math.floor(k / n) * n + order[k % n]]),
      ),
      reference: pick(problem.reference as Float64Array),
      previousWeights: pick(problem.previousWeights as Float64Array),
    });
    expect(moved.forces.map(({ values: force }) => Array.from(force))).toEqual(
      forces.map(({ values: force }) => Array.from(pick(force))),
    );
  });

  it('are left out unless asked for', () => {
    expect(optimizePortfolio(problem)).not.toHaveProperty('forces');
  });
});
