import {
  backtestStatistics,
  drawdownsOfPath,
  fixedWeights,
  monthEndRows,
  returnsOfPath,
  simulatePortfolio,
  weightsInOrder,
  type BacktestStatistics,
  type MarketHistory,
  type PortfolioSimulation,
} from '@allostat/quant';
import { describeShared, etf37, referenceWeights, sharedJson } from './etf37';

const needs = ['peers/golden_metrics.json', 'data/etf37'];
type Golden = Readonly<Record<string, Readonly<Record<string, number | string>>>>;

/** The published convention: decided and traded at the last close of each month, cash earns nothing. */
function simulate(
  { cashRates: _unused, ...market }: MarketHistory,
  weights: Readonly<Record<string, number>>,
  { proportional, entry = false, first = '2007-06-29' }: { proportional: number; entry?: boolean; first?: string },
): PortfolioSimulation {
  const firstRow = market.dates.indexOf(first);
  const months = monthEndRows(market.dates, firstRow + 1);
  return simulatePortfolio(market, fixedWeights(weights), {
    firstRow,
    scheduledRows: entry ? [firstRow, ...months] : months,
    delayBars: 0,
    costs: { proportional },
    ...(!entry && { initialWeights: weightsInOrder(weights, market.assets) }),
  });
}

function statistics(
  market: MarketHistory,
  simulation: PortfolioSimulation,
): { net: BacktestStatistics; gross: BacktestStatistics } {
  const from = market.dates.length - simulation.dates.length;
  return backtestStatistics(simulation, { riskFree: (market.cashRates as Float64Array).subarray(from) });
}

describeShared('reference portfolios against the golden figures', needs, () => {
  const market = etf37();
  const golden = (sharedJson('peers/golden_metrics.json') as { values: Golden }).values;

  it.each(
    ['us_60_40', 'all_weather', 'permanent'].flatMap((name) =>
      ['gross', 'net10', 'net10_entry'].map((tag) => [name, tag]),
    ),
  )('%s/%s agrees to 1e-9', (name, tag) => {
    const simulation = simulate(market, referenceWeights(name), {
      proportional: tag === 'gross' ? 0 : 0.001,
      entry: tag === 'net10_entry',
    });
    const { net } = statistics(market, simulation);
    const expected = golden[`${name}/${tag}`];
    const returns = returnsOfPath(simulation);
    const drawdowns = drawdownsOfPath(simulation);
    const costs = simulation.ledger.slice(1).reduce((sum, day) => sum + day.cost, 0);
    const found: Record<string, number> = {
      n_returns: returns.length,
      total_return: net.totalReturn,
      cagr_365_25: net.cagr,
      cagr_252: net.cagrTradingDays,
      vol: net.volatility,
      sharpe_rf: net.sharpe as number,
      sortino_rf: net.sortino as number,
      max_drawdown: net.maxDrawdown,
      avg_drawdown: drawdowns.reduce((sum, value) => sum + value, 0) / drawdowns.length,
      cdar95: net.cdar95,
      calmar: net.calmar as number,
      cvar95_daily: net.cvar95,
      cost_in_nav: costs,
      turnover_one_way_per_year: net.turnoverPerYear,
    };
    for (const [key, value] of Object.entries(found)) {
      expect([key, Math.abs(value - (expected[key] as number)) < 1e-9]).toEqual([key, true]);
    }
    expect(net.maxDrawdownDate).toBe(expected.max_drawdown_date);
    expect(
      new Set(simulation.trades.map(({ row }) => row).filter((row) => row > market.dates.indexOf('2007-06-29'))).size,
    ).toBe(191);
  });

  it.each(['us_60_40', 'all_weather', 'permanent'])(
    'the gross path of a run with cost is the run without cost: %s',
    (name) => {
      const { gross } = statistics(market, simulate(market, referenceWeights(name), { proportional: 0.001 }));
      const free = statistics(market, simulate(market, referenceWeights(name), { proportional: 0 })).net;
      expect(gross.cagr).toBeCloseTo(free.cagr, 12);
      expect(gross.sharpe as number).toBeCloseTo(free.sharpe as number, 11);
    },
  );
});

describeShared('baselines against the published table', needs, () => {
  const market = etf37();
  const eight = ['SPY', 'EFA', 'EEM', 'AGG', 'TLT', 'GLD', 'DBC', 'VNQ'];

  it.each<[string, Record<string, number>, number[]]>([
    ['SPY', { SPY: 1 }, [8.82, 20.46, 0.47, 55.2, 8.82]],
    ['60/40', referenceWeights('us_60_40'), [7.07, 11.3, 0.58, 32.6, 7.04]],
    ['all weather', referenceWeights('all_weather'), [6.01, 8.14, 0.65, 23.7, 5.98]],
    ['permanent', referenceWeights('permanent'), [5.74, 7.21, 0.69, 17.7, 5.71]],
    ['1/N', Object.fromEntries(eight.map((asset) => [asset, 1 / 8])), [4.81, 13.01, 0.36, 38.6, 4.77]],
  ])('%s equals it to the last digit', (_name, weights, [cagr, volatility, sharpe, drawdown, cagrNet]) => {
    const run = (proportional: number): BacktestStatistics =>
      statistics(market, simulate(market, weights, { proportional })).net;
    const gross = run(0);
    const found = [
      (100 * gross.cagrTradingDays).toFixed(2),
      (100 * gross.volatility).toFixed(2),
      (gross.sharpe as number).toFixed(2),
      (100 * gross.maxDrawdown).toFixed(1),
      (100 * run(0.001).cagrTradingDays).toFixed(2),
    ];
    expect(found.map(Number)).toEqual([cagr, volatility, sharpe, drawdown, cagrNet]);
  });
});
