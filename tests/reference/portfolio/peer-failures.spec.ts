import {
  hierarchicalRiskParity,
  maximizeRatio,
  optimizePortfolio,
  reorderPanel,
  returnPanel,
  riskBudgeting,
  sampleCovariance,
  type ReturnPanel,
} from '@allostat/quant';
import { describeShared, sp500From } from './shared-data';

function hrp(panel: ReturnPanel): Float64Array {
  const result = hierarchicalRiskParity(sampleCovariance(panel), { linkageMethod: 'ward' });
  if (result.status !== 'allocated') throw new Error(result.status);
  return result.weights;
}

function withColumn(panel: ReturnPanel, name: string, valueAt: (t: number) => number): ReturnPanel {
  const n = panel.assets.length;
  const rows = Array.from({ length: panel.periods }, (_, t) => [
    ...panel.values.subarray(t * n, t * n + n),
    valueAt(t),
  ]);
  return returnPanel([...panel.assets, name], rows.flat());
}

/** Each failure that was found in skfolio, Riskfolio-Lib or PyPortfolioOpt on these stocks, and what happens here. */
describeShared('where other libraries fail', () => {
  const panel = sp500From('2014-01-01');
  const n = panel.assets.length;
  const { assets } = panel;

  it('reordered columns change nothing (PyPortfolioOpt: up to 4 points)', () => {
    const order = assets.map((_, i) => (7 * i + 3) % n);
    const reference = hrp(panel);
    const moved = hrp(reorderPanel(panel, order));
    order.forEach((from, to) => expect(moved[to]).toBe(reference[from]));
  });

  it('an unattainable CVaR limit is named (Riskfolio-Lib returns weights with 21 times the limit)', () => {
    const result = optimizePortfolio({
      assets,
      returns: panel,
      objective: { expectedReturn: 1 },
      limits: { maxCvar: 0.001 },
    });
    expect(result).toMatchObject({ status: 'infeasible', conflict: { limits: ['maximum CVaR'] } });
    if (result.status === 'infeasible') expect(result.conflict.relaxation[0].by).toBeCloseTo(0.0209291678 - 0.001, 4);
  });

  it('minimum weights that sum to 2 are named (Riskfolio-Lib: weights that sum to 2, or None)', () => {
    const limits = { default: { min: 0.1 } };
    const tree = hierarchicalRiskParity(sampleCovariance(panel), { limits });
    expect(tree).toMatchObject({ status: 'infeasible', conflict: { limits: ['minimum weight'] } });
    const groups = [{ name: 'all', assets, max: 0.9 }];
    const program = optimizePortfolio({ assets, returns: panel, objective: { cvar: 1 }, limits: { groups } });
    expect(program).toMatchObject({ status: 'infeasible', conflict: { limits: ['maximum of group all'] } });
  });

  it('a ratio of losses is refused with the reason (Riskfolio-Lib: near-equal weights)', () => {
    const returns = { ...panel, values: panel.values.map((value) => value - 0.01) };
    expect(maximizeRatio({ assets, returns, objective: {} }, { risk: 'volatility' })).toMatchObject({
      status: 'refused',
    });
  });

  it.each([NaN, Infinity])('one %s is refused with asset and row (Riskfolio-Lib: 20 NaN weights)', (bad) => {
    const values = panel.values.slice();
    values[100 * n] = bad;
    expect(() => returnPanel(assets, values)).toThrow(`return of AAPL in row 101 is ${bad}`);
  });

  it('a constant column is named by the tree and by risk budgets (elsewhere: an unnamed distance matrix)', () => {
    const dead = withColumn(panel, 'DEAD', () => 0);
    expect(() => hrp(dead)).toThrow('variance of DEAD is 0');
    expect(() => riskBudgeting(sampleCovariance(dead))).toThrow('variance of DEAD is 0');
  });

  it('twins share what one had: least CVaR and risk budgets; HRP gives both a positive weight', () => {
    const johnson = assets.indexOf('JNJ');
    const twins = withColumn(panel, 'JNJ2', (t) => panel.values[t * n + johnson]);
    const alone = optimizePortfolio({ assets, returns: panel, objective: { cvar: 1 } });
    const both = optimizePortfolio({ assets: twins.assets, returns: twins, objective: { cvar: 1 } });
    if (alone.status !== 'optimal' || both.status !== 'optimal') throw new Error('not solved');
    expect(both.weights[johnson] + both.weights[n]).toBeCloseTo(alone.weights[johnson], 6);
    const budgets = riskBudgeting(sampleCovariance(twins));
    if (budgets.status !== 'allocated') throw new Error(budgets.status);
    expect(budgets.weights[johnson]).toBeCloseTo(budgets.weights[n], 12);
    const tree = hrp(twins);
    expect(Math.min(tree[johnson], tree[n])).toBeGreaterThan(0);
  });

  it('a turnover limit of 5 percent holds for the portfolio (elsewhere: 44 percent one-way passes it)', () => {
    const previousWeights = new Float64Array(n).fill(1 / n);
    const result = optimizePortfolio({
      assets,
      returns: panel,
      objective: { cvar: 1 },
      previousWeights,
      limits: { maxTurnover: 0.05 },
    });
    if (result.status !== 'optimal') throw new Error(result.status);
    const turnover = result.weights.reduce((sum, value, i) => sum + Math.abs(value - previousWeights[i]) / 2, 0);
    expect(turnover).toBeLessThanOrEqual(0.05 + 1e-9);
  });

  it('scaling returns by .01 moves risk budgets by rounding only (skfolio: 5.6e-3 points)', () => {
    const weightsOf = (covariance: ReturnType<typeof sampleCovariance>): Float64Array => {
      const result = riskBudgeting(covariance);
      if (result.status !== 'allocated') throw new Error(result.status);
      return result.weights;
    };
    const covariance = sampleCovariance(panel);
    const scaled = { assets, values: covariance.values.map((value) => value * 1e-4) };
    const reference = weightsOf(covariance);
    weightsOf(scaled).forEach((value, i) => expect(Math.abs(value - reference[i])).toBeLessThan(1e-14));
  });

  it('a covariance that is passed is used (PyPortfolioOpt ignores it)', () => {
    const diagonal = {
      assets,
      values: sampleCovariance(panel).values.map((value, k) => (k % (n + 1) === 0 ? value : 0)),
    };
    const result = hierarchicalRiskParity(diagonal);
    if (result.status !== 'allocated') throw new Error(result.status);
    const inverse = assets.map((_, i) => 1 / diagonal.values[i * (n + 1)]);
    const sum = inverse.reduce((a, b) => a + b, 0);
    result.weights.forEach((value, i) => expect(value).toBeCloseTo(inverse[i] / sum, 12));
  });
});
