import {
  backtestStatistics,
  ewmaCovariance,
  hierarchicalRiskParity,
  initialEwmaCovariance,
  optimizePortfolio,
  returnPanel,
  simulatePortfolio,
  updateEwmaCovariance,
  type AssetMatrix,
  type MarketHistory,
  type PortfolioProblem,
  type ReturnPanel,
  type TaxLot,
} from '@allostat/quant';
import { syntheticPanel } from './bench-slices';
import type { BenchTask } from './bench-tasks';
import { RegimeWaves } from './regime-waves';
import { usedHeapMiB } from './used-heap';

const MANDATES = 1000;

/** Work of the line itself. */
export const engineFamilies: Readonly<Record<string, (folder: string) => Iterable<BenchTask>>> = {
  'engine-mandates': function* () {
    yield regimeChangeTask();
  },
  'engine-20-years': function* () {
    yield twentyYearsTask(syntheticPanel(100, 5040, 20));
  },
};

/** A regime changes, and every mandate of the universe gets a new budget and a new proposal; wave after wave. */
function regimeChangeTask(): BenchTask {
  const waves = new RegimeWaves(MANDATES);
  const heap: number[] = [];
  let proposals = 0;
  return {
    task: 'engine-regime-change-1000-mandates',
    size: `${MANDATES} mandates x ${waves.instruments}`,
    runs: 9,
    run: () => {
      proposals = waves.next().filter(({ type }) => type === 'AllocationProposed').length;
    },
    afterRun: () => heap.push(usedHeapMiB()),
    value: () => ({ proposals, heapMiB: heap[heap.length - 1], heapGrowthMiB: heap[heap.length - 1] - heap[1] }),
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

/** Scenarios of a solve: two years. */
const SCENARIOS = 504;

const DAILY_VALUE = 5e7;
const ACCOUNT = 1e8;

/**
 * Twenty years of a hundred assets: a covariance every day, and every month a solve that weighs expected return, variance, CVaR, drawdown,
 * distance to hierarchical risk parity, cost with impact, and tax on lots, under limits on weight, groups, turnover, volatility and
 * participation; then the account with costs.
 */
function twentyYearsTask(panel: ReturnPanel): BenchTask {
  const { assets, values, periods } = panel;
  const n = assets.length;
  const market = marketOf(panel);
  let final = { sharpe: NaN, turnover: NaN, solves: 0, covarianceCpuMs: 0, solveCpuMs: 0 };
  return {
    task: 'engine-20-years-100-assets',
    size: `synthetic ${periods}x${n}`,
    runs: 1,
    run: () => {
      let state = initialEwmaCovariance(assets, { volatilityHalfLifeBars: 40, correlationHalfLifeBars: 80 });
      let solves = 0;
      const [covarianceCpu, solveCpu] = [new CpuTime(), new CpuTime()];
      const basis = new Float64Array(n).fill(NaN);
      const result = simulatePortfolio(
        market,
        ({ row, weights }) => {
          if (row === 0) return undefined;
          const covariance = covarianceCpu.of(() => {
            state = updateEwmaCovariance(state, Array.from(values.subarray((row - 1) * n, row * n)));
            return row < SCENARIOS ? undefined : ewmaCovariance(state, { shrinkage: 0.2 }).covariance;
          });
          if (covariance === undefined || row % 21 !== 0) return undefined;
          const levels = market.levels.subarray(row * n, (row + 1) * n);
          const returns = returnPanel(assets, values.slice((row - SCENARIOS) * n, row * n));
          const lots = lotsOf(assets, weights, { basis, levels });
          const target = solveCpu.of(() => solveMonth(returns, covariance, { held: weights, lots }));
          carryBasis(basis, { held: weights, target, levels });
          solves += 1;
          return target;
        },
        { scheduledRows: [], everyRow: true, costs: { proportional: 0.0005 } },
      );
      const riskFree = new Float64Array(market.dates.length);
      const { net } = backtestStatistics(result, { riskFree });
      final = {
        ...{ sharpe: net.sharpe as number, turnover: net.turnoverPerYear, solves },
        ...{ covarianceCpuMs: covarianceCpu.milliseconds, solveCpuMs: solveCpu.milliseconds },
      };
    },
    value: () => final,
  };
}

/** Processor time of this process, summed over pieces of work. */
class CpuTime {
  milliseconds = 0;

  of<T>(work: () => T): T {
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    this.milliseconds += (user + system) / 1000;
    return result;
  }
}

/** The monthly program, every objective at once, from what is held. */
function solveMonth(
  returns: ReturnPanel,
  covariance: AssetMatrix,
  { held, lots }: { readonly held: Float64Array; readonly lots: readonly TaxLot[] },
): Float64Array {
  const { assets } = returns;
  const n = assets.length;
  const half = assets.slice(0, n >> 1);
  const parity = hierarchicalRiskParity(covariance, { limits: { default: { max: 0.1 } } });
  if (parity.status === 'infeasible') throw new Error('hierarchical risk parity has no solution');
  const first = held.every((weight) => weight === 0);
  const problem: PortfolioProblem = {
    assets,
    returns,
    covariance,
    objective: {
      ...{ expectedReturn: 0.1, variance: 1, cvar: 1, cdar: 0.1, squaredDistance: 0.1, tradingCost: 1, tax: 1 },
    },
    costs: {
      linear: 0.0005,
      impact: Float64Array.from(
        assets,
        (_, i) => 0.7 * Math.sqrt(covariance.values[i * n + i]) * Math.sqrt(ACCOUNT / DAILY_VALUE),
      ),
    },
    tax: { shortTermRate: 0.37, longTermRate: 0.2, lots },
    liquidity: { portfolioValue: ACCOUNT, averageDailyValue: new Float64Array(n).fill(DAILY_VALUE) },
    previousWeights: held,
    reference: parity.weights,
    limits: {
      default: { max: 0.1 },
      groups: [{ name: 'first half', assets: half, min: 0.3, max: 0.7 }],
      maxVolatility: 0.02,
      ...(!first && { maxTurnover: 0.2, maxParticipation: 0.1 }),
    },
  };
  const solved = optimizePortfolio(problem, first ? {} : { startWeights: held });
  if (solved.status !== 'optimal') throw new Error(`not solved: ${solved.status}`);
  return Float64Array.from(solved.weights);
}

interface Books {
  /** Mean price paid for what is held; NaN where nothing is. */
  readonly basis: Float64Array;
  readonly levels: Float64Array;
}

/** One lot an asset, at the mean price that was paid. */
function lotsOf(assets: readonly string[], held: Float64Array, { basis, levels }: Books): TaxLot[] {
  return assets.flatMap((asset, i) =>
    held[i] > 0 ? [{ asset, weight: held[i], gain: 1 - basis[i] / levels[i], longTerm: true }] : [],
  );
}

function carryBasis(
  basis: Float64Array,
  { held, target, levels }: { held: Float64Array; target: Float64Array; levels: Float64Array },
): void {
  target.forEach((weight, i) => {
    if (weight <= held[i]) return;
    const known = held[i] > 0 ? basis[i] : levels[i];
    basis[i] = (held[i] * known + (weight - held[i]) * levels[i]) / weight;
  });
}
