import { createRng } from '@allostat/kernel';
import {
  decideOptimization,
  decideRiskBudget,
  estimateRiskModel,
  initialOptimizationState,
  initialRiskBudgetState,
  initialRiskModelState,
  simulatedUniverse,
  type Construction,
  type Mandate,
  type OptimizationState,
  type RegimeAssessed,
  type RegimeProbabilities,
  type RiskBudgetState,
  type RiskModel,
  type Universe,
} from '@allostat/pipeline';
import {
  backtestStatistics,
  ewmaCovariance,
  initialEwmaCovariance,
  optimizePortfolio,
  returnPanel,
  simulateMarket,
  simulatePortfolio,
  updateEwmaCovariance,
  type MarketHistory,
  type ReturnPanel,
} from '@allostat/quant';
import { syntheticPanel } from './bench-slices';
import type { BenchTask } from './bench-tasks';

const MANDATES = 1000;
const BARS = 600;

/** Work of the line itself. */
export const engineFamilies: Readonly<Record<string, (folder: string) => Iterable<BenchTask>>> = {
  'engine-mandates': function* () {
    yield regimeChangeTask();
  },
  'engine-20-years': function* () {
    yield twentyYearsTask(syntheticPanel(100, 5040, 20));
  },
};

const calm: RegimeProbabilities = { expansion: 1, tightening: 0, crisis: 0, recovery: 0 };
const crisis: RegimeProbabilities = { expansion: 0, tightening: 0, crisis: 1, recovery: 0 };

/** A regime changes, and every mandate of the universe gets a new budget and a new proposal; the risk model is made once. */
function regimeChangeTask(): BenchTask {
  const { universe, bars } = history();
  const mandates = Array.from({ length: MANDATES }, (_, k) => mandateNumber(k, universe));
  let model: RiskModel | undefined;
  let risk = initialRiskModelState();
  for (const bar of bars.slice(0, -1)) {
    const estimate = estimateRiskModel(bar, risk);
    risk = estimate.state;
    model = estimate.model;
  }
  const before = { ...bars[bars.length - 2], regime: 'expansion', probabilities: calm } as const;
  const after = { ...bars[bars.length - 1], regime: 'crisis', probabilities: crisis } as const;
  const ready = mandates.map((mandate) => readyFor(mandate, before, model as RiskModel));
  let proposals = 0;
  let heap = 0;
  return {
    task: 'engine-regime-change-1000-mandates',
    size: `${MANDATES} mandates x ${universe.instruments.length}`,
    runs: 3,
    run: () => {
      proposals = 0;
      const { model: now } = estimateRiskModel(after, risk);
      if (now === undefined) throw new Error('the risk model is empty');
      for (const { budget, optimization } of ready) {
        const { events } = decideRiskBudget(
          { type: 'BarForMandate', assessed: after, riskModel: NOT_STORED, model: now },
          budget,
        );
        const received = { type: 'BudgetReceived', budget: events[0], riskModel: now, universe } as const;
        proposals += decideOptimization(received, optimization).events.filter(
          ({ type }) => type === 'AllocationProposed',
        ).length;
      }
      heap = process.memoryUsage().heapUsed / 2 ** 20;
    },
    value: () => ({ proposals, heapMiB: Math.round(heap) }),
  };
}

const NOT_STORED = '0'.repeat(64) as Parameters<typeof decideRiskBudget>[0] extends infer I
  ? I extends { readonly riskModel: infer H }
    ? H
    : never
  : never;

function readyFor(
  mandate: Mandate,
  assessed: RegimeAssessed,
  model: RiskModel,
): { readonly budget: RiskBudgetState; readonly optimization: OptimizationState } {
  const versioned = { type: 'MandateVersioned', mandate } as const;
  const known = decideRiskBudget(versioned, initialRiskBudgetState()).state;
  return {
    budget: decideRiskBudget({ type: 'BarForMandate', assessed, riskModel: NOT_STORED, model }, known).state,
    optimization: decideOptimization(versioned, initialOptimizationState()).state,
  };
}

function history(): { universe: Universe; bars: RegimeAssessed[] } {
  const market = simulateMarket({ seed: 7, years: 4 });
  const universe = simulatedUniverse(market);
  const rng = createRng(9);
  const levels = new Map(universe.instruments.map(({ id }) => [id, 100]));
  const bars = Array.from({ length: BARS }, (_, t): RegimeAssessed => {
    const instruments = universe.instruments.map(({ id }) => {
      const change = (id === 'CASH' ? 1e-5 : 0.008) * rng.normal();
      const close = (levels.get(id) as number) * (1 + change);
      levels.set(id, close);
      return { id, close, return: change, staleBars: 0 };
    });
    const asOf = new Date(Date.UTC(2020, 0, 1 + t)).toISOString().slice(0, 10);
    return {
      ...{
        type: 'RegimeAssessed',
        universeId: universe.id,
        asOf,
        bar: t + 1,
        regime: 'expansion',
        probabilities: calm,
      },
      ...{ forecasts: [], logScore: 0, modelVersion: 'bench', instruments, coverage: 1 },
    };
  });
  return { universe, bars };
}

/** A third holds an anchor, a third has limits that bind, a third is built from group risk budgets. */
function mandateNumber(k: number, universe: Universe): Mandate {
  const rng = createRng(k);
  const risky = universe.instruments.map(({ id }) => id).filter((id) => id !== 'CASH');
  const raw = risky.map(() => 0.02 + rng.uniform());
  const sum = raw.reduce((total, value) => total + value, 0);
  const overlay: Construction = {
    core: 'anchor',
    volatilityShare: 0.8,
    tilt: 0.25,
    drawdownControl: true,
    drawdownMultiple: 1.5,
    regimeCut: 0.6,
    band: 0.15,
  };
  const half = risky.length >> 1;
  const groups = [
    { name: 'first', instruments: risky.slice(0, half), budget: 0.3 + 0.4 * rng.uniform() },
    { name: 'second', instruments: risky.slice(half), budget: 0.5 },
  ];
  const kind = k % 3;
  return {
    ...{ id: `m-${k}`, version: 1, name: `Mandate ${k}`, universeId: universe.id, currency: 'USD', notional: 1e8 },
    anchorWeights: Object.fromEntries(risky.map((id, i) => [id, raw[i] / sum])),
    construction: kind === 2 ? { ...overlay, core: 'group-budgets', groups } : overlay,
    rebalance: { every: 'month', onRegimeChange: true },
    risk: {
      volatilityTarget: 0.08,
      regimeScale: { expansion: 1, tightening: 0.9, crisis: 0.5, recovery: 0.8 },
      drawdownBudget: 0.12,
    },
    limits: { default: { min: 0, max: kind === 1 ? 0.07 : 1 }, noTradeBand: 0.001 },
    ...{ defaultCostBps: 5, cashInstrument: 'CASH', approvals: { required: 2, validityDays: 5 }, stage: 'shadow' },
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
