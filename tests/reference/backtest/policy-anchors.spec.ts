import {
  anchorPolicy,
  backtestStatistics,
  findLookAhead,
  monthEndRows,
  simulatePortfolio,
  volatilityTargetPolicy,
  type AnchorWeights,
  type BacktestStatistics,
  type MarketHistory,
  type PortfolioPolicy,
} from '@allostat/quant';
import { describeShared, etf37, referenceWeights, sharedText } from './etf37';

const first = '2007-06-29';

/** The columns that a portfolio needs. */
function columns(market: MarketHistory, wanted: readonly string[]): MarketHistory {
  const at = wanted.map((asset) => market.assets.indexOf(asset));
  const levels = Float64Array.from(
    { length: market.dates.length * at.length },
    (_, k) => market.levels[Math.floor(k / at.length) * market.assets.length + at[k % at.length]],
  );
  return { ...market, assets: [...wanted], levels };
}

/** Weights that add up to 1. */
function normalised(name: string): AnchorWeights {
  const weights = referenceWeights(name);
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  return Object.fromEntries(Object.entries(weights).map(([asset, weight]) => [asset, weight / sum]));
}

describeShared('the volatility target on sixteen published anchors, net of 10 basis points', ['data/etf37'], () => {
  const market = etf37();
  const names = sharedText('data/etf37/reference_allocations.csv')
    .split('\n')
    .map((line) => line.split(','))
    .filter(([kind]) => kind === 'static')
    .map(([, name]) => name);
  const firstRow = market.dates.indexOf(first);
  const riskFree = (market.cashRates as Float64Array).subarray(firstRow);
  const options = {
    firstRow,
    scheduledRows: [firstRow, ...monthEndRows(market.dates, firstRow + 1)],
    costs: { proportional: 0.001 },
  };
  const run = (anchor: AnchorWeights, policy: PortfolioPolicy, everyRow: boolean): BacktestStatistics => {
    const own = columns(market, [...new Set([...Object.keys(anchor), 'BIL'])]);
    return backtestStatistics(simulatePortfolio(own, policy, { ...options, everyRow }), { riskFree }).net;
  };
  const rows = names.map((name) => {
    const anchor = normalised(name);
    return {
      name,
      base: run(anchor, anchorPolicy(anchor), false),
      target: run(anchor, volatilityTargetPolicy(anchor, { cashAsset: 'BIL' }), true),
    };
  });
  const mean = (value: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, row) => sum + value(row), 0) / rows.length;

  it('finds all sixteen', () => {
    expect(rows).toHaveLength(16);
  });

  it('takes the mean maximum drawdown to at most seven tenths of the anchor', () => {
    expect(mean(({ target }) => target.maxDrawdown) / mean(({ base }) => base.maxDrawdown)).toBeLessThanOrEqual(0.7);
  });

  it('gains Sharpe ratio on average and loses at most .03 on any', () => {
    const gain = ({ base, target }: (typeof rows)[number]): number =>
      (target.sharpe as number) - (base.sharpe as number);
    expect(mean(gain)).toBeGreaterThan(0.05);
    for (const row of rows) expect([row.name, gain(row) > -0.03]).toEqual([row.name, true]);
  });

  it('trades at most 1.25 times a year one way and costs at most 30 basis points, each of them', () => {
    expect(Math.max(...rows.map(({ target }) => target.turnoverPerYear))).toBeLessThan(1.25);
    expect(Math.max(...rows.map(({ target }) => target.costPerYear))).toBeLessThan(0.003);
  });

  it('halves the drawdown of 60/40 and keeps its Sharpe ratio', () => {
    const row = rows.find(({ name }) => name === 'us_60_40') as (typeof rows)[number];
    expect(row.target.maxDrawdown).toBeLessThan(0.6 * row.base.maxDrawdown);
    expect(row.target.sharpe as number).toBeGreaterThan(row.base.sharpe as number);
  });

  it('changes no decision when the data after it is taken away', () => {
    const anchor = normalised('all_weather');
    const own = columns(market, [...Object.keys(anchor), 'BIL']);
    const cutRows = ['2008-10-31', '2015-06-15', '2020-03-20'].map((date) => own.dates.indexOf(date));
    const make = (): PortfolioPolicy => volatilityTargetPolicy(anchor, { cashAsset: 'BIL' });
    expect(findLookAhead(own, make, { ...options, everyRow: true, cutRows })).toBeUndefined();
  });
});
