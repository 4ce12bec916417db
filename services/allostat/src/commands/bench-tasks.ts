import {
  hierarchicalRiskParity,
  ledoitWolfCovariance,
  measureBudgeting,
  optimizePortfolio,
  portfolioReturns,
  portfolioVolatility,
  riskBudgeting,
  riskMeasureOf,
  sampleCovariance,
  sampleMean,
  type LinkageMethod,
  type PortfolioProblem,
  type ReturnPanel,
} from '@allostat/quant';
import { engineFamilies } from './bench-engine';
import { backfillTasks, barUpdateTasks, regimeTickTasks } from './bench-market';
import { walkforwardFamilies } from './bench-walkforward';
import { readSectors, readSlice, syntheticPanel, type SliceName } from './bench-slices';

/** One piece of work with the same inputs and the same measure of its result as the peers'. */
export interface BenchTask {
  readonly task: string;
  readonly size: string;
  readonly runs: number;
  /** Does the work once: what is timed. */
  readonly run: () => unknown;
  /** Not timed; follows each timed run. */
  readonly afterRun?: () => void;
  /** Identifies the result of the last run. */
  readonly value: () => Record<string, number | string>;
}

type Family = (folder: string) => Iterable<BenchTask>;

export const benchFamilies: Readonly<Record<string, Family>> = {
  hrp: function* (folder) {
    for (const name of ['sp500_20', 'etf31', 'sp500_470'] as const) {
      const panel = readSlice(folder, name);
      for (const link of ['single', 'ward'] as const) yield hrpTask(panel, name, link);
    }
  },
  'min-cvar': function* (folder) {
    for (const name of ['sp500_20', 'etf31', 'etf37', 'sp500_470'] as const)
      yield tailTask(readSlice(folder, name), name, 'cvar');
  },
  'min-cdar': function* (folder) {
    for (const name of ['sp500_20', 'etf31', 'etf37'] as const) yield tailTask(readSlice(folder, name), name, 'cdar');
  },
  erc: function* (folder) {
    for (const name of ['sp500_20', 'etf31', 'sp500_470'] as const) yield ercTask(readSlice(folder, name), name);
  },
  'erc-cvar': function* (folder) {
    const panel = readSlice(folder, 'sp500_20');
    let weights = new Float64Array(0);
    yield {
      task: 'erc-cvar',
      size: sizeOf('sp500_20', panel),
      runs: 5,
      run: () => (weights = Float64Array.from(measureBudgeting(panel, { measure: 'cvar' }).weights)),
      value: () => ({ cvar: riskMeasureOf(portfolioReturns(panel, weights), 'cvar') }),
    };
  },
  meanvar: function* (folder) {
    for (const [name, cap, trade, groupCap] of [
      ['sp500_20', 0.12, 0.05, 0.3],
      ['sp500_470', 0.02, 0.01, 0.2],
    ] as const) {
      const panel = readSlice(folder, name);
      yield meanVarianceTask(panel, { name, cap, trade, groupCap, sectors: readSectors(folder, name, panel.assets) });
    }
  },
  'ledoit-wolf': function* () {
    for (const n of [100, 500]) {
      const panel = syntheticPanel(n, 1260, n);
      let shrinkage = NaN;
      yield {
        task: 'ledoit-wolf',
        size: `synthetic 1260x${n}`,
        runs: n === 100 ? 30 : 10,
        run: () => (shrinkage = ledoitWolfCovariance(panel).shrinkage),
        value: () => ({ shrinkage }),
      };
    }
  },
  multi: function* () {
    yield multiTask(syntheticPanel(50, 1000, 7));
  },
  'regime-tick': regimeTickTasks,
  'bar-update': barUpdateTasks,
  backfill: backfillTasks,
  ...walkforwardFamilies,
  ...engineFamilies,
};

function sizeOf(name: SliceName, panel: ReturnPanel): string {
  return `${name} ${panel.periods}x${panel.assets.length}`;
}

function solvedWeights(problem: PortfolioProblem): Float64Array {
  const result = optimizePortfolio(problem);
  if (result.status !== 'optimal') throw new Error(`not solved: ${result.status}`);
  return result.weights;
}

function hrpTask(panel: ReturnPanel, name: SliceName, linkageMethod: LinkageMethod): BenchTask {
  const covariance = sampleCovariance(panel);
  let weights = new Float64Array(0);
  return {
    task: `hrp-${linkageMethod}`,
    size: sizeOf(name, panel),
    runs: panel.assets.length < 100 ? 30 : 10,
    run: () => {
      const result = hierarchicalRiskParity(sampleCovariance(panel), { linkageMethod });
      if (result.status !== 'allocated') throw new Error('infeasible');
      weights = Float64Array.from(result.weights);
    },
    value: () => ({
      var_ann_vol: portfolioVolatility(weights, covariance) * Math.sqrt(252),
      w_max: Math.max(...weights),
      n_eff: 1 / weights.reduce((sum, w) => sum + w * w, 0),
    }),
  };
}

function tailTask(panel: ReturnPanel, name: SliceName, term: 'cvar' | 'cdar'): BenchTask {
  let weights = new Float64Array(0);
  return {
    task: `min-${term}`,
    size: sizeOf(name, panel),
    runs: panel.assets.length < 100 ? 21 : 5,
    run: () =>
      (weights = Float64Array.from(solvedWeights({ assets: panel.assets, returns: panel, objective: { [term]: 1 } }))),
    value: () => ({
      [term]: riskMeasureOf(portfolioReturns(panel, weights), term),
      sum_w_minus_1: weights.reduce((a, b) => a + b, 0) - 1,
      'n_above_1e-4': weights.filter((w) => w > 1e-4).length,
    }),
  };
}

function ercTask(panel: ReturnPanel, name: SliceName): BenchTask {
  const covariance = sampleCovariance(panel);
  let contributions = new Float64Array(0);
  let weights = new Float64Array(0);
  return {
    task: 'erc-variance',
    size: sizeOf(name, panel),
    runs: panel.assets.length < 100 ? 400 : 5,
    run: () => {
      const result = riskBudgeting(sampleCovariance(panel));
      if (result.status !== 'allocated') throw new Error('infeasible');
      contributions = Float64Array.from(result.contributions);
      weights = Float64Array.from(result.weights);
    },
    value: () => ({
      rc_max_over_min_minus_1: Math.max(...contributions) / Math.min(...contributions) - 1,
      ann_vol: portfolioVolatility(weights, covariance) * Math.sqrt(252),
    }),
  };
}

function meanVarianceTask(
  panel: ReturnPanel,
  options: { name: SliceName; cap: number; trade: number; groupCap: number; sectors: readonly string[] },
): BenchTask {
  const { name, cap, trade, groupCap, sectors } = options;
  const n = panel.assets.length;
  const previousWeights = new Float64Array(n).fill(1 / n);
  const groups = [...new Set(sectors)].sort().map((sector) => ({
    name: sector,
    assets: panel.assets.filter((_, i) => sectors[i] === sector),
    max: groupCap,
  }));
  let weights = new Float64Array(0);
  return {
    task: 'meanvar-box-group-turnover',
    size: sizeOf(name, panel),
    runs: n < 100 ? 20 : 5,
    run: () =>
      (weights = Float64Array.from(
        solvedWeights({
          assets: panel.assets,
          returns: panel,
          covariance: sampleCovariance(panel),
          objective: { expectedReturn: 1, variance: 5, tradingCost: 1 },
          costs: { linear: 0.0001 },
          previousWeights,
          limits: { default: { min: 0, max: cap }, groups, maxTrade: trade },
        }),
      )),
    value: () => {
      const mean = sampleMean(panel);
      const earned = mean.reduce((sum, m, i) => sum + m * weights[i], 0);
      const traded = weights.reduce((sum, w) => sum + Math.abs(w - 1 / n), 0);
      const variance = portfolioVolatility(weights, sampleCovariance(panel)) ** 2;
      return { objective: earned - 5 * variance - 0.0001 * traded, turnover_l1: traded };
    },
  };
}

function multiTask(panel: ReturnPanel): BenchTask {
  const n = panel.assets.length;
  const groups = [0, 1, 2, 3, 4].map((k) => ({
    name: `G${k}`,
    assets: panel.assets.filter((_, i) => i % 5 === k),
    min: 0.05,
    max: 0.4,
  }));
  let weights = new Float64Array(0);
  return {
    task: 'multi-cvar-cdar-cost-turnover-groups',
    size: `synthetic ${panel.periods}x${n}`,
    runs: 15,
    run: () =>
      (weights = Float64Array.from(
        solvedWeights({
          assets: panel.assets,
          returns: panel,
          objective: { cvar: 1, tradingCost: 1, expectedReturn: 0.1 },
          costs: { linear: 0.0005 },
          previousWeights: new Float64Array(n).fill(1 / n),
          limits: { default: { max: 0.15 }, groups, maxTurnover: 0.3, maxCdar: 0.15 },
        }),
      )),
    value: () => ({ cvar: riskMeasureOf(portfolioReturns(panel, weights), 'cvar') }),
  };
}
