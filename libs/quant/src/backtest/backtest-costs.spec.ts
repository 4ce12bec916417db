import { checkBacktestCosts, impactCost, squareRootCoefficient } from './backtest-costs';

describe('cost models', () => {
  it('equals the published 3/2-power formula b sigma |x|^1.5 / sqrt(V)', () => {
    const [b, sigma, x, v] = [1.3, 0.015, -250_000, 8e6];
    const cost = impactCost(x, { coefficient: b, volatility: sigma, dailyValue: v });
    expect(cost).toBeCloseTo((b * sigma * Math.abs(x) ** 1.5) / Math.sqrt(v), 9);
  });

  it('equals the square-root formula (2/3) Y sigma |q| sqrt(|q| / V) p in units', () => {
    const [y, sigma, q, v, p] = [0.9, 0.02, 4000, 1e6, 37];
    const cost = impactCost(q * p, { coefficient: squareRootCoefficient(y), volatility: sigma, dailyValue: v * p });
    expect(cost).toBeCloseTo((2 / 3) * y * sigma * q * Math.sqrt(q / v) * p, 9);
  });

  it('grows with the 3/2 power of the trade', () => {
    const at = (value: number) => impactCost(value, { coefficient: 1, volatility: 0.01, dailyValue: 1e7 });
    expect(at(4e5) / at(1e5)).toBeCloseTo(8, 12);
  });

  it('refuses basis points written as whole numbers', () => {
    expect(() => checkBacktestCosts({ proportional: 10 })).toThrow(/proportional is 10; it must lie in 0..0.2/);
    expect(() => checkBacktestCosts({ proportional: { SPY: -0.1 } })).toThrow(/SPY is -0.1/);
    expect(() => checkBacktestCosts({ minimumTicket: NaN })).toThrow(/minimumTicket is NaN/);
  });
});
