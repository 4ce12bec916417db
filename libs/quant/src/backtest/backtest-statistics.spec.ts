import { pathStatistics, type ValuePath } from './backtest-statistics';
import { statisticsByRegime, statisticsInCrises } from './period-statistics';

const path: ValuePath = {
  dates: ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05'],
  values: [1, 1.1, 0.99, 0.99, 1.2],
  startValue: 1,
};
const riskFree = [0, 0, 0, 0, 0];

describe('statistics of a path', () => {
  it('equals figures counted by hand', () => {
    const found = pathStatistics(path, { riskFree, daysPerYear: 4 });
    const returns = [0.1, -0.1, 0, 1.2 / 0.99 - 1];
    const mean = returns.reduce((sum, value) => sum + value, 0) / 4;
    const spread = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3);
    expect(found.totalReturn).toBeCloseTo(0.2, 14);
    expect(found.cagrTradingDays).toBeCloseTo(0.2, 14);
    expect(found.cagr).toBeCloseTo(1.2 ** (365.25 / 4) - 1, 3);
    expect(found.volatility).toBeCloseTo(2 * spread, 14);
    expect(found.sharpe).toBeCloseTo((2 * mean) / spread, 13);
    expect(found.sortino).toBeCloseTo((2 * mean) / Math.sqrt(0.01 / 4), 12);
    expect(found.maxDrawdown).toBeCloseTo(0.1, 14);
    expect(found.maxDrawdownDate).toBe('2024-01-03');
    expect(found.cvar95).toBeCloseTo(0.1, 14);
  });

  it('subtracts the risk-free return of the same day', () => {
    const found = pathStatistics(path, { riskFree: [9, 0.1, -0.1, 0, 0.2], daysPerYear: 4 });
    expect(found.sharpe).toBeCloseTo(1, 12); // all but the last day in excess of nothing
    expect(() => pathStatistics(path, { riskFree: [0, 0, NaN, 0, 0] })).toThrow(/must be finite/);
  });

  it('says null where a ratio does not exist', () => {
    const rising = pathStatistics({ ...path, values: [1, 1.1, 1.21, 1.331, 1.4641] }, { riskFree });
    expect(rising.calmar).toBeNull();
    expect(rising.sortino).toBeNull();
  });

  it('counts a loss of the first close from the start value', () => {
    const found = pathStatistics({ ...path, values: [0.9, 0.9, 0.95, 0.96, 0.97] }, { riskFree });
    expect(found.maxDrawdown).toBeCloseTo(0.1, 14);
  });
});

describe('statistics of periods', () => {
  it('takes the label known at a close for the return after it', () => {
    const labels = ['calm', 'stress', 'stress', 'calm', 'never used'];
    const found = statisticsByRegime(path, labels, { riskFree, daysPerYear: 4 });
    expect(Object.keys(found)).toEqual(['calm', 'stress']);
    expect(found.stress.worstDay).toBeCloseTo(-0.1, 14);
    expect(found.stress.meanReturn).toBeCloseTo(-0.2, 14);
    expect(found.calm.days + found.stress.days).toBe(4);
    expect(found.calm.worstDay).toBeGreaterThan(0);
  });

  it('measures a crisis from the close before it and leaves out what the path does not cover', () => {
    const crises = [
      { name: 'fall', from: '2024-01-03', to: '2024-01-04' },
      { name: 'before', from: '2023-12-01', to: '2024-01-02' },
      { name: 'after', from: '2024-01-04', to: '2024-02-01' },
    ];
    const found = statisticsInCrises(path, crises);
    expect(found.map(({ name }) => name)).toEqual(['fall']);
    expect(found[0].return).toBeCloseTo(-0.1, 14);
    expect(found[0].maxDrawdown).toBeCloseTo(0.1, 14);
    expect(() => statisticsInCrises(path, [{ name: 'x', from: '2024-02-01', to: '2024-01-01' }])).toThrow(/crisis x/);
  });
});
