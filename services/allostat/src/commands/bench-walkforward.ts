import {
  dropStillRows,
  equalWeightPolicy,
  hierarchicalRiskParity,
  optimizePortfolio,
  sampleCovariance,
  simulatePortfolio,
  walkForward,
  type MarketHistory,
  type PortfolioSimulation,
  type ReturnPanel,
  type WalkForward,
} from '@allostat/quant';
import { readMarket, readSlice, type SliceName } from './bench-slices';
import type { BenchTask } from './bench-tasks';
import { factorPolicy } from './bench-factor-policy';

/** Rows of a test window, as the peers have it; they purge nothing. */
const TEST = 21;

function walkTask(folder: string, name: SliceName, train: number, method: 'hrp-ward' | 'min-cvar'): BenchTask {
  const panel = readSlice(folder, name);
  let result: WalkForward | undefined;
  return {
    task: `walkforward-${method}-W${train}`,
    size: `${name} ${panel.periods}x${panel.assets.length}`,
    runs: 3,
    run: () => {
      const fit = method === 'hrp-ward' ? hierarchicalWeights : leastTail();
      result = walkForward(panel, { trainBars: train, testBars: TEST, purgeBars: 0 }, fit);
    },
    value: () => {
      const { returns, windows } = result as WalkForward;
      const mean = returns.reduce((a, b) => a + b, 0) / returns.length;
      const variance = returns.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (returns.length - 1);
      return {
        rebalances: windows.length,
        sharpe: (mean / Math.sqrt(variance)) * Math.sqrt(252),
        vol_ann: Math.sqrt(variance * 252),
      };
    },
  };
}

function hierarchicalWeights(window: ReturnPanel): ArrayLike<number> {
  const found = hierarchicalRiskParity(sampleCovariance(window), { linkageMethod: 'ward' });
  if (found.status !== 'allocated') throw new Error(found.status);
  return found.weights;
}

/** Starts each window from the weights of the one before: windows overlap, so do their answers. */
function leastTail(): (window: ReturnPanel) => Float64Array {
  let startWeights: Float64Array | undefined;
  return (window) => {
    const problem = { assets: window.assets, returns: window, objective: { cvar: 1 } };
    const found = optimizePortfolio(problem, startWeights && { startWeights });
    if (found.status !== 'optimal') throw new Error(found.status);
    startWeights = found.weights;
    return found.weights;
  };
}

/** Equal weights on the first row of each month, decided and traded at that row's price. */
function monthlyTask(folder: string, basisPoints: number): BenchTask {
  const market = dropStillRows(readMarket(folder, 'etf31'));
  const firstRows = market.dates.flatMap((date, row) =>
    row > 0 && date.slice(0, 7) !== market.dates[row - 1].slice(0, 7) ? [row] : [],
  );
  const policy = equalWeightPolicy(market.assets);
  let result: PortfolioSimulation | undefined;
  return {
    task: `bt-monthly-equal-${basisPoints}bp`,
    size: `etf31 ${market.dates.length}x${market.assets.length}`,
    runs: 7,
    run: () =>
      (result = simulatePortfolio(market, policy, {
        scheduledRows: firstRows,
        delayBars: 0,
        costs: { proportional: basisPoints / 1e4 },
        startValue: 1e6,
      })),
    value: () => ({ final_index: (result?.values.at(-1) as number) / 1e6, trades: result?.trades.length ?? NaN }),
  };
}

/** A history that ends with a date. */
function until({ dates, assets, levels, volumes, ...rest }: MarketHistory, last: string): MarketHistory {
  const rows = dates.filter((date) => date <= last).length;
  const cut = (values: Float64Array): Float64Array => values.subarray(0, rows * assets.length);
  return {
    ...rest,
    ...{ assets, dates: dates.slice(0, rows), levels: cut(levels) },
    ...(volumes && { volumes: cut(volumes) }),
  };
}

/** Daily mean-variance over 470 stocks: 15 factors, half spread and 3/2-power impact in the solve and in the account. */
function impactTask(market: MarketHistory): BenchTask {
  let result: PortfolioSimulation | undefined;
  const firstRow = market.dates.findIndex((date) => date >= '2014-02-11');
  // the peers decide last at the close before the last one
  const rows = Array.from({ length: market.dates.length - 1 - firstRow }, (_, k) => firstRow + k);
  return {
    task: 'backtest-spo-factor15-daily',
    size: `${rows.length}x${market.assets.length}`,
    runs: 1,
    run: () =>
      (result = simulatePortfolio(market, factorPolicy({ riskAversion: 5, factors: 15, halfSpread: 0.0005 }), {
        firstRow,
        scheduledRows: rows,
        delayBars: 0,
        costs: { proportional: 0.0005, impact: { coefficient: 1, volatilityBars: 252, initialVolatility: 0.02 } },
        startValue: 1e8,
      })),
    value: () => ({ steps: rows.length, final_value: result?.values.at(-1) ?? NaN }),
  };
}

/** Whole backtests, on the same work as the peers. */
export const walkforwardFamilies: Readonly<Record<string, (folder: string) => Iterable<BenchTask>>> = {
  walkforward: function* (folder) {
    for (const train of [252, 1000]) yield walkTask(folder, 'etf31', train, 'hrp-ward');
    yield walkTask(folder, 'sp500_470', 252, 'hrp-ward');
    for (const train of [252, 1000]) yield walkTask(folder, 'etf31', train, 'min-cvar');
  },
  'bt-monthly': function* (folder) {
    for (const basisPoints of [0, 10]) yield monthlyTask(folder, basisPoints);
  },
  spo: function* (folder) {
    yield impactTask(until(readMarket(folder, 'sp500_470'), '2018-02-06'));
  },
};
