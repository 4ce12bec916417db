import {
  backtestStatistics,
  equalWeightPolicy,
  ewmaCovariance,
  hierarchicalRiskParity,
  initialEwmaCovariance,
  optimizePortfolio,
  returnPanel,
  sampleCovariance,
  simulatePortfolio,
  updateEwmaCovariance,
  walkForward,
  type MarketHistory,
  type ReturnPanel,
  type WalkForward,
} from '@allostat/quant';
import { fundLevels, readSlice, syntheticPanel, type SliceName } from './bench-slices';
import type { BenchTask } from './bench-tasks';

/** Bars of a test window, and that training and test touch: the peers' convention. */
const TEST = { testBars: 21, purgeBars: 0 };

/** Work of whole backtests, by family; the peers' kit has the same under `bench_walkforward.py`. */
export const walkForwardFamilies: Readonly<Record<string, (folder: string) => Iterable<BenchTask>>> = {
  'walkforward-hrp': function* (folder) {
    for (const name of ['sp500_20', 'etf31'] as const) {
      for (const window of [252, 1000]) yield walkTask(readSlice(folder, name), { name, window, method: 'hrp-ward' });
    }
  },
  'walkforward-cvar': function* (folder) {
    for (const name of ['sp500_20', 'etf31'] as const) {
      for (const window of [252, 1000]) yield walkTask(readSlice(folder, name), { name, window, method: 'min-cvar' });
    }
  },
  'backtest-monthly': function* (folder) {
    const { dates, assets, levels } = fundLevels(folder, '2007-12-31');
    const market = { dates, assets, levels: Float64Array.from(levels) };
    for (const bp of [0, 10]) yield monthlyTask(market, bp);
  },
  'engine-20-years': function* () {
    yield twentyYearsTask(syntheticPanel(100, 5040, 20));
  },
};

function walkTask(
  panel: ReturnPanel,
  { name, window, method }: { name: SliceName; window: number; method: 'hrp-ward' | 'min-cvar' },
): BenchTask {
  let found: WalkForward | undefined;
  return {
    task: `walkforward-${method}-W${window}`,
    size: `${name} ${panel.periods}x${panel.assets.length}`,
    runs: 3,
    run: () =>
      (found = walkForward(panel, { trainBars: window, ...TEST }, method === 'hrp-ward' ? hrpWeights : cvarSolver())),
    value: () => {
      const { returns, windows } = found as WalkForward;
      const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
      const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (returns.length - 1);
      return {
        rebalances: windows.length,
        vol_ann: Math.sqrt(variance * 252),
        sharpe: (mean / Math.sqrt(variance)) * Math.sqrt(252),
      };
    },
  };
}

function hrpWeights(train: ReturnPanel): Float64Array {
  const result = hierarchicalRiskParity(sampleCovariance(train), { linkageMethod: 'ward' });
  if (result.status !== 'allocated') throw new Error('infeasible');
  return result.weights;
}

/** Starts each window from the weights of the one before: windows overlap, so do their answers. */
function cvarSolver(): (train: ReturnPanel) => Float64Array {
  let startWeights: Float64Array | undefined;
  return (train) => {
    const problem = { assets: train.assets, returns: train, objective: { cvar: 1 } };
    const result = optimizePortfolio(problem, startWeights && { startWeights });
    if (result.status !== 'optimal') throw new Error(`not solved: ${result.status}`);
    startWeights = result.weights;
    return result.weights;
  };
}

/** Equal weights at the first close of each month, traded there: the convention of the peers. */
function monthlyTask(market: MarketHistory, bp: number): BenchTask {
  const first = market.dates.flatMap((date, t) =>
    t > 0 && date.slice(0, 7) !== market.dates[t - 1].slice(0, 7) ? [t] : [],
  );
  let index = NaN;
  return {
    task: `bt-monthly-equal-${bp}bp`,
    size: `etf31 ${market.dates.length}x${market.assets.length}`,
    runs: 5,
    run: () => {
      const result = simulatePortfolio(market, equalWeightPolicy(market.assets), {
        scheduledRows: first,
        delayBars: 0,
        startValue: 1e6,
        costs: { proportional: bp / 1e4 },
      });
      index = result.values[result.values.length - 1] / 1e6;
    },
    value: () => ({ final_index: index }),
  };
}

/** Levels of a panel on made-up dates, 21 to a month. */
function marketOf({ assets, values, periods }: ReturnPanel): MarketHistory {
  const n = assets.length;
  const levels = new Float64Array((periods + 1) * n).fill(100);
  for (let t = 0; t < periods; t++) {
    for (let i = 0; i < n; i++) levels[(t + 1) * n + i] = levels[t * n + i] * (1 + values[t * n + i]);
  }
  const dates = Array.from({ length: periods + 1 }, (_, t) => {
    const month = Math.floor(t / 21);
    return `${2000 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-${String((t % 21) + 1).padStart(2, '0')}`;
  });
  return { dates, assets, levels };
}

/**
 * Twenty years of a hundred assets: a covariance every day, and every month a solve that weighs CVaR, cost and expected return
 * under limits on weight, turnover and volatility; then the account with costs.
 */
function twentyYearsTask(panel: ReturnPanel): BenchTask {
  const { assets, values, periods } = panel;
  const n = assets.length;
  const market = marketOf(panel);
  let final = { sharpe: NaN, turnover: NaN, solves: 0 };
  return {
    task: 'engine-20-years-100-assets',
    size: `synthetic ${periods}x${n}`,
    runs: 1,
    run: () => {
      let state = initialEwmaCovariance(assets, { volatilityHalfLifeBars: 40, correlationHalfLifeBars: 80 });
      let previous = new Float64Array(n).fill(1 / n);
      let solves = 0;
      const result = simulatePortfolio(
        market,
        ({ row }) => {
          if (row === 0) return undefined;
          state = updateEwmaCovariance(state, Array.from(values.subarray((row - 1) * n, row * n)));
          if (row < 504) return undefined;
          const { covariance } = ewmaCovariance(state, { shrinkage: 0.2 });
          if (row % 21 !== 0) return undefined;
          const returns = returnPanel(assets, values.slice((row - 504) * n, row * n));
          const solved = optimizePortfolio({
            assets,
            returns,
            covariance,
            objective: { cvar: 1, tradingCost: 1, expectedReturn: 0.1 },
            costs: { linear: 0.0005 },
            previousWeights: previous,
            limits: { default: { max: 0.1 }, maxTurnover: 0.2, maxVolatility: 0.02 },
          });
          if (solved.status !== 'optimal') throw new Error(`not solved: ${solved.status}`);
          solves += 1;
          previous = Float64Array.from(solved.weights);
          return previous;
        },
        { scheduledRows: [], everyRow: true, costs: { proportional: 0.0005 } },
      );
      const riskFree = new Float64Array(market.dates.length);
      const { net } = backtestStatistics(result, { riskFree });
      final = { sharpe: net.sharpe as number, turnover: net.turnoverPerYear, solves };
    },
    value: () => final,
  };
}
