import { createRng } from '@allostat/kernel';
import loadHighs from 'highs';
import { reorderAssets } from '../linalg/asset-matrix';
import { cholesky, choleskySolve } from '../linalg/cholesky';
import { reorderPanel, returnPanel } from '../linalg/return-panel';
import { sampleCovariance, sampleMean } from '../moments/sample-covariance';
import { measureRisk } from '../risk/risk-measure';
import { portfolioReturns } from '../linalg/return-panel';
import { solveQuadraticProgram } from './dual-active-set';
import { efficientFrontier } from './efficient-frontier';
import { highsSolver } from './highs-solver';
import { limitStatements } from './limit-statements';
import { maximizeRatio } from './maximize-ratio';
import { measureBudgeting } from './measure-budgeting';
import { optimizeCardinality } from './optimize-cardinality';
import { optimizePortfolio, type PortfolioResult, type PortfolioSolution } from './optimize-portfolio';
import { portfolioLinearModel } from './portfolio-linear-model';
import type { PortfolioLimits, PortfolioProblem } from './portfolio-problem';

const rng = createRng(77);
const n = 8;
const assets = Array.from({ length: n }, (_, i) => `A${i}`);
const returns = returnPanel(
  assets,
  Array.from({ length: 250 }).flatMap(() => {
    const market = rng.normal();
    return assets.map((_, i) => 0.0004 * (1 + i) + 0.006 * (1 + 0.3 * i) * (0.6 * market + 0.8 * rng.studentT(5)));
  }),
);
const covariance = sampleCovariance(returns);
const mean = sampleMean(returns);
const equal = new Float64Array(n).fill(1 / n);

function solution(result: PortfolioResult): PortfolioSolution {
  if (result.status !== 'optimal') throw new Error(`ended ${result.status}`);
  return result;
}

function solve(problem: Partial<PortfolioProblem>): PortfolioSolution {
  return solution(optimizePortfolio({ assets, returns, objective: { cvar: 1 }, ...problem }));
}

function conflictOf(
  limits: PortfolioLimits,
  rest: Partial<PortfolioProblem> = {},
): Extract<PortfolioResult, { status: 'infeasible' }> {
  const result = optimizePortfolio({ assets, returns, objective: { cvar: 1 }, limits, ...rest });
  if (result.status !== 'infeasible') throw new Error(`ended ${result.status}`);
  return result;
}

describe('optimizePortfolio', () => {
  it('equals the exact active-set solution of mean-variance with bounds and groups', () => {
    const factor = cholesky(
      covariance.values.map((value) => 8 * value),
      n,
    );
    if (factor.status !== 'factored') throw new Error('singular');
    const front = [0, 1, 2];
    const exact = solveQuadraticProgram({
      hessian: (b) => choleskySolve(factor, b.slice()),
      cost: mean.map((value) => -value),
      equalities: [{ indices: assets.map((_, i) => i), coefficients: assets.map(() => 1), bound: 1 }],
      inequalities: [
        ...assets.map((_, i) => ({ indices: [i], coefficients: [1], bound: 0 })),
        ...assets.map((_, i) => ({ indices: [i], coefficients: [-1], bound: -0.3 })),
        { indices: front, coefficients: front.map(() => 1), bound: 0.5 },
      ],
    });
    if (exact.status !== 'optimal') throw new Error('infeasible');
    const { weights, shadowPrices } = solve({
      objective: { expectedReturn: 1, variance: 4 },
      limits: { default: { max: 0.3 }, groups: [{ name: 'front', assets: ['A0', 'A1', 'A2'], min: 0.5 }] },
    });
    weights.forEach((value, i) => expect(Math.abs(value - exact.x[i])).toBeLessThan(1e-8));
    const price = shadowPrices.find(({ limit }) => limit === 'minimum of group front')?.price;
    expect(price).toBeCloseTo(exact.multipliers[1 + 2 * n], 9);
  });

  it('changes no bit when columns change places', () => {
    const reference = solve({ objective: { cvar: 1, cdar: 0.5, variance: 3 } }).weights;
    for (let trial = 0; trial < 20; trial++) {
      const order = assets.map((_, i) => i).sort(() => rng.uniform() - 0.5);
      const moved = reorderPanel(returns, order);
      const result = solution(
        optimizePortfolio({
          assets: moved.assets,
          returns: moved,
          covariance: reorderAssets(covariance, order),
          objective: { cvar: 1, cdar: 0.5, variance: 3 },
        }),
      );
      order.forEach((from, to) => expect(result.weights[to]).toBe(reference[from]));
    }
  });

  it('does not change when returns are scaled', () => {
    const scaled = { ...returns, values: returns.values.map((value) => value * 0.01) };
    const reference = solve({}).weights;
    const small = solve({ returns: scaled });
    small.weights.forEach((value, i) => expect(Math.abs(value - reference[i])).toBeLessThan(1e-8));
  });

  it('prices a limit by what the objective gains when it is relaxed', () => {
    const at = (maxTurnover: number, maxCdar: number): PortfolioSolution =>
      solve({ previousWeights: equal, limits: { maxTurnover, maxCdar } });
    const base = at(0.2, 0.05);
    for (const [limit, step, up, down] of [
      ['maximum turnover', 1e-4, at(0.2001, 0.05), at(0.1999, 0.05)],
      ['maximum CDaR', 1e-5, at(0.2, 0.05001), at(0.2, 0.04999)],
    ] as const) {
      const slope = (down.objective - up.objective) / (2 * step);
      const price = base.shadowPrices.find((entry) => entry.limit === limit)?.price ?? 0;
      expect(Math.abs(price - slope)).toBeLessThan(1e-4 * Math.max(1, slope) + 0.05 * slope);
    }
  });

  it('looks only at bad scenarios when there are many, and finds what all of them give', async () => {
    const long = returnPanel(
      assets.slice(0, 5),
      Array.from({ length: 1200 }).flatMap(() => {
        const market = rng.normal();
        return [1, 2, 3, 4, 5].map((k) => 0.0003 * k + 0.004 * k * (0.5 * market + rng.studentT(4)));
      }),
    );
    const problem: PortfolioProblem = { assets: long.assets, returns: long, objective: { cvar: 1, expectedReturn: 2 } };
    const own = solution(optimizePortfolio(problem));
    const other = highsSolver(await loadHighs())(portfolioLinearModel(problem, limitStatements(problem)).model);
    if (other.status !== 'optimal') throw new Error(other.status);
    expect(Math.abs(own.objective / other.objective - 1)).toBeLessThan(1e-8);
  });

  it('counts turnover once for the portfolio, not asset by asset', () => {
    const { weights } = solve({ previousWeights: equal, limits: { maxTurnover: 0.05 } });
    const turnover = weights.reduce((sum, value, i) => sum + Math.abs(value - equal[i]) / 2, 0);
    expect(turnover).toBeLessThanOrEqual(0.05 + 1e-9);
    expect(turnover).toBeGreaterThan(0.049);
  });

  it('reads relations in words', () => {
    const groups = [
      { name: 'Equity', assets: ['A5', 'A6', 'A7'] },
      { name: 'Bond', assets: ['A0', 'A1'] },
    ];
    const { weights } = solve({
      objective: { expectedReturn: 1 },
      limits: { groups, linear: ['Equity <= 0.5 * Bond', 'A3 + A4 >= 0.1'] },
    });
    expect(weights[5] + weights[6] + weights[7]).toBeLessThanOrEqual(0.5 * (weights[0] + weights[1]) + 1e-9);
    expect(weights[3] + weights[4]).toBeGreaterThanOrEqual(0.1 - 1e-9);
    expect(() => solve({ limits: { linear: ['Equities <= 1'] } })).toThrow(
      'names Equities, which is neither an asset nor a group',
    );
    expect(() => solve({ limits: { linear: ['A1 <= 0.2 <= A2'] } })).toThrow('exactly one of');
  });

  it('holds fixed weights and never trades an asset whose window is closed', () => {
    const { weights } = solve({ limits: { byAsset: { A0: { min: 0.125, max: 0.125 } } } });
    expect(weights[0]).toBe(0.125);
    const closed = solve({ previousWeights: equal, limits: { maxTrade: 0 } });
    closed.weights.forEach((value) => expect(value).toBeCloseTo(0.125, 12));
  });

  it('sells the lots that cost least tax first and harvests a loss without buying back', () => {
    const lots = [
      { asset: 'A7', weight: 0.06, gain: 0.4, longTerm: false },
      { asset: 'A7', weight: 0.06, gain: 0.05, longTerm: true },
      { asset: 'A0', weight: 0.1, gain: -0.3, longTerm: false },
    ];
    const tax = { lots, shortTermRate: 0.3, longTermRate: 0.15 };
    const base = { previousWeights: equal, objective: { cvar: 1, tax: 1 } };
    const plain = solve({ ...base, tax });
    expect(equal[7] - plain.weights[7]).toBeLessThanOrEqual(0.06 + 1e-9);
    const harvested = solve({ ...base, tax: { ...tax, harvest: ['A0'] } });
    expect(harvested.weights[0]).toBeLessThan(0.03);
    expect(harvested.terms.tax).toBeLessThan(0);
    const washed = { lots: [{ ...lots[2], washed: true }], shortTermRate: 0.3, longTermRate: 0.15, harvest: ['A0'] };
    expect(solve({ ...base, tax: washed }).weights[0]).toBeGreaterThan(0.1);
  });

  it('keeps the chance of missing a floor within its probability', () => {
    const { weights } = solve({
      objective: { expectedReturn: 1 },
      limits: { floor: { return: -0.015, probability: 0.05 } },
    });
    const missed = portfolioReturns(returns, weights).filter((r) => r < -0.015).length;
    expect(missed / 250).toBeLessThanOrEqual(0.05);
  });

  it('goes short within leverage and pays for the borrow', () => {
    const { weights, terms } = solve({
      objective: { expectedReturn: 1, variance: 2, borrowCost: 1 },
      limits: { default: { min: -0.5, max: 1 }, maxLeverage: 1.4, maxShort: 0.15 },
      borrowCosts: new Float64Array(n).fill(0.0001),
    });
    const short = weights.reduce((sum, value) => sum + Math.max(0, -value), 0);
    expect(short).toBeCloseTo(0.15, 8);
    expect(terms.borrowCost).toBeCloseTo(0.15 * 0.0001, 9);
    expect(weights.reduce((sum, value) => sum + Math.abs(value), 0)).toBeLessThanOrEqual(1.4 + 1e-9);
  });
});

describe('a conflict of limits', () => {
  it('is the minimum weight when minima sum to more than 1', () => {
    const { conflict } = conflictOf({ default: { min: 0.2 } });
    expect(conflict.limits).toEqual(['minimum weight']);
    expect(conflict.relaxation[0].by).toBeCloseTo(0.2 - 1 / n, 4);
  });

  it('is the CVaR limit when no portfolio reaches it, and the relaxation gives the least CVaR', () => {
    const least = solve({}).objective;
    const { conflict, relaxed } = conflictOf({ maxCvar: 0.5 * least });
    expect(conflict.limits).toEqual(['maximum CVaR']);
    expect(conflict.relaxation[0].by).toBeCloseTo(0.5 * least, 5);
    expect(relaxed?.objective).toBeCloseTo(least, 5);
  });

  it('is two group caps that exclude each other, and no third', () => {
    const groups = [
      { name: 'front', assets: assets.slice(0, 4), max: 0.4 },
      { name: 'back', assets: assets.slice(4), max: 0.5 },
      { name: 'harmless', assets: assets.slice(0, 2), max: 0.3 },
    ];
    const { conflict } = conflictOf({ groups });
    expect([...conflict.limits].sort()).toEqual(['maximum of group back', 'maximum of group front']);
    expect(conflict.price).toBeCloseTo(0.1, 6);
  });

  it('is the turnover cap and the bound that it cannot reach', () => {
    const { conflict, relaxed } = conflictOf(
      { byAsset: { A0: { min: 0.6 } }, maxTurnover: 0.1 },
      { previousWeights: equal },
    );
    expect([...conflict.limits].sort()).toEqual(['maximum turnover', 'minimum weight of A0']);
    expect(relaxed?.status).toBe('optimal');
  });
});

describe('around the optimizer', () => {
  it('finds the largest ratio, and refuses when every mean is negative', () => {
    const found = maximizeRatio({ assets, returns, objective: {} }, { risk: 'volatility' });
    if (found.status !== 'optimal') throw new Error(found.status);
    const ratioOf = (w: Float64Array): number => {
      let form = 0;
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) form += w[i] * w[j] * covariance.values[i * n + j];
      return w.reduce((sum, value, i) => sum + value * mean[i], 0) / Math.sqrt(form);
    };
    expect(ratioOf(found.weights)).toBeCloseTo(found.ratio, 10);
    for (let trial = 0; trial < 200; trial++) {
      const raw = found.weights.map((value) => Math.max(0, value + 0.02 * rng.normal()));
      const sum = raw.reduce((a, b) => a + b, 0);
      expect(ratioOf(raw.map((value) => value / sum))).toBeLessThanOrEqual(found.ratio + 1e-12);
    }
    const losing = { ...returns, values: returns.values.map((value) => value - 0.02) };
    const refused = maximizeRatio({ assets, returns: losing, objective: {} }, { risk: 'volatility' });
    expect(refused).toMatchObject({ status: 'refused' });
    if (refused.status === 'refused') expect(refused.reason).toContain('no portfolio within the limits');
  });

  it('traces a convex frontier whose slope is the shadow price', () => {
    const frontier = efficientFrontier({ assets, returns, objective: {} }, { risk: 'cvar', points: 8 });
    if (frontier.status !== 'traced') throw new Error(frontier.status);
    const { points } = frontier;
    expect(points).toHaveLength(8);
    for (let k = 1; k < 8; k++) {
      expect(points[k].risk).toBeGreaterThanOrEqual(points[k - 1].risk - 1e-12);
      const slope = (points[k].risk - points[k - 1].risk) / (points[k].expectedReturn - points[k - 1].expectedReturn);
      expect(slope).toBeLessThanOrEqual(points[k].marginalRisk + 1e-6);
      expect(slope).toBeGreaterThanOrEqual(points[k - 1].marginalRisk - 1e-6);
    }
  });

  it('splits the worst drawdown by budget', () => {
    const { weights } = measureBudgeting(returns, { measure: 'meanAbsoluteDeviation' });
    const { value, sensitivity } = measureRisk(portfolioReturns(returns, weights), 'mean-absolute-deviation');
    for (let i = 0; i < n; i++) {
      let slope = 0;
      for (let t = 0; t < 250; t++) slope += sensitivity[t] * returns.values[t * n + i];
      expect((weights[i] * slope) / value).toBeCloseTo(1 / n, 1);
    }
  });

  it('finds the best three names, as trying all of them does', async () => {
    const solver = highsSolver(await loadHighs());
    for (const objective of [{ cvar: 1 }, { variance: 20, expectedReturn: 1 }]) {
      const found = optimizeCardinality({ assets, returns, objective, limits: { cardinality: 3 } }, { solver });
      if (found.status !== 'optimal') throw new Error(found.status);
      let best = Infinity;
      for (let a = 0; a < n; a++) {
        for (let b = 0; b < a; b++) {
          for (let c = 0; c < b; c++) {
            const byAsset = Object.fromEntries(
              assets.filter((_, i) => ![a, b, c].includes(i)).map((asset) => [asset, { min: 0, max: 0 }]),
            );
            best = Math.min(best, solve({ objective, limits: { byAsset } }).objective);
          }
        }
      }
      expect(found.objective).toBeCloseTo(best, 9);
      expect(found.weights.filter((value) => value > 1e-9)).toHaveLength(3);
    }
  }, 60_000);

  it('handles one asset, two assets, twins and a constant column', () => {
    const pick = (columns: number[]): PortfolioSolution => {
      const panel = reorderPanel(returns, columns);
      return solution(optimizePortfolio({ assets: panel.assets, returns: panel, objective: { cvar: 1 } }));
    };
    expect(Array.from(pick([3]).weights)).toEqual([1]);
    expect(pick([3, 5]).weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    const twin = returnPanel(
      [...assets, 'A0x'],
      Array.from({ length: 250 }).flatMap((_, t) => [
        ...returns.values.subarray(t * n, t * n + n),
        returns.values[t * n],
      ]),
    );
    const alone = solve({}).weights;
    const split = solution(optimizePortfolio({ assets: twin.assets, returns: twin, objective: { cvar: 1 } })).weights;
    expect(split[0] + split[n]).toBeCloseTo(alone[0], 6);
    const cash = returnPanel(
      ['CASH', ...assets],
      Array.from({ length: 250 }).flatMap((_, t) => [0.0001, ...returns.values.subarray(t * n, t * n + n)]),
    );
    const parked = solution(
      optimizePortfolio({
        assets: cash.assets,
        returns: cash,
        objective: { cvar: 1 },
        limits: { byAsset: { CASH: { max: 0.2 } } },
      }),
    );
    expect(parked.weights[0]).toBeCloseTo(0.2, 9);
  });

  it('names what is wrong with an input', () => {
    const bad = returns.values.slice();
    bad[n * 7 + 2] = NaN;
    expect(() => returnPanel(assets, bad)).toThrow('return of A2 in row 8 is NaN');
    bad[n * 7 + 2] = Infinity;
    expect(() => returnPanel(assets, bad)).toThrow('return of A2 in row 8 is Infinity');
    expect(() => solve({ limits: { maxCvar: 5 } })).toThrow('maxCvar is 5; it must lie in 0..1');
    expect(() => solve({ limits: { default: { max: 20 } } })).toThrow('must lie in -3..3');
    expect(() => solve({ limits: { maxTurnover: 0.1 } })).toThrow('trading needs previousWeights');
    expect(() => solve({ objective: { sharpe: 1 } as never })).toThrow('unknown objective sharpe');
  });
});
