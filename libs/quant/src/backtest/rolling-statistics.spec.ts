import { rollingStatistics } from './rolling-statistics';

describe('rolling statistics', () => {
  // windows of two: (1 %, -1 %), (-1 %, 3 %), (3 %, 3 %); computed by hand
  const returns = [0.01, -0.01, 0.03, 0.03];
  const found = rollingStatistics(returns, { bars: 2, riskFree: [0, 0, 0, 0], daysPerYear: 100 });

  it('are those of every window', () => {
    expect(found?.windows).toBe(3);
    expect(found?.return.low).toBeCloseTo(1.01 * 0.99 - 1, 15);
    expect(found?.return.median).toBeCloseTo(0.99 * 1.03 - 1, 15);
    expect(found?.return.high).toBeCloseTo(1.03 * 1.03 - 1, 15);
    expect(found?.lossShare).toBeCloseTo(1 / 3, 15);
    // deviations sqrt(2) / 100, sqrt(2) x 2 / 100 and 0, times the root of 100
    expect(found?.volatility.low).toBeCloseTo(0, 15);
    expect(found?.volatility.median).toBeCloseTo(0.1 * Math.SQRT2, 14);
    expect(found?.volatility.high).toBeCloseTo(0.2 * Math.SQRT2, 14);
  });

  it('leave a window that never moved out of the Sharpe ratios', () => {
    expect(found?.sharpe.low).toBeCloseTo(0, 14);
    expect(found?.sharpe.high).toBeCloseTo((10 * 0.01) / (0.02 * Math.SQRT2), 13);
  });

  it('subtract the risk-free return from ratios, not from returns', () => {
    const excess = rollingStatistics(returns, { bars: 2, riskFree: [0.01, 0.01, 0.01, 0.01], daysPerYear: 100 });
    expect(excess?.return).toEqual(found?.return);
    expect(excess?.sharpe.high).toBeCloseTo(0, 14);
  });

  it('do not exist for a path shorter than a window', () => {
    expect(rollingStatistics(returns, { bars: 5, riskFree: returns })).toBeUndefined();
    expect(() => rollingStatistics(returns, { bars: 1, riskFree: returns })).toThrow(/2 returns or more/);
  });
});
