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
  type OptimizationOutput,
  type OptimizationState,
  type RegimeAssessed,
  type RegimeProbabilities,
  type RiskBudgetState,
  type RiskModel,
  type RiskModelState,
  type Universe,
} from '@allostat/pipeline';
import { simulateMarket } from '@allostat/quant';

const BARS = 600;

/** Bars that a mandate has seen before its first wave; more than its path keeps of them. */
const SEEN_BARS = 40;

const calm: RegimeProbabilities = { expansion: 1, tightening: 0, crisis: 0, recovery: 0 };
const crisis: RegimeProbabilities = { expansion: 0, tightening: 0, crisis: 1, recovery: 0 };

const NOT_STORED = '0'.repeat(64) as Parameters<typeof decideRiskBudget>[0] extends infer I
  ? I extends { readonly riskModel: infer H }
    ? H
    : never
  : never;

interface Account {
  budget: RiskBudgetState;
  optimization: OptimizationState;
}

/** Many mandates on one universe whose regime changes with every wave; their states go from wave to wave as in the line. */
export class RegimeWaves {
  readonly instruments: number;
  private readonly universe: Universe;
  private readonly bars: Iterator<RegimeAssessed, never>;
  private readonly accounts: Account[];
  private risk: RiskModelState = initialRiskModelState();
  private stressed = false;

  constructor(mandates: number) {
    const { universe, bars } = history();
    this.universe = universe;
    this.instruments = universe.instruments.length;
    this.bars = bars;
    this.accounts = Array.from({ length: mandates }, (_, k) => {
      const versioned = { type: 'MandateVersioned', mandate: mandateNumber(k, universe) } as const;
      return {
        budget: decideRiskBudget(versioned, initialRiskBudgetState()).state,
        optimization: decideOptimization(versioned, initialOptimizationState()).state,
      };
    });
    for (let t = 0; t < BARS - SEEN_BARS; t++) this.estimate(this.bars.next().value);
    for (let t = 0; t < SEEN_BARS; t++) this.decide(this.bars.next().value, false);
  }

  /** The regime turns on the next bar: one risk model for all, then a new budget and a new decision for each mandate. */
  next(): OptimizationOutput[] {
    this.stressed = !this.stressed;
    const bar = this.bars.next().value;
    return this.decide({ ...bar, ...(this.stressed && { regime: 'crisis', probabilities: crisis }) }, true);
  }

  private decide(bar: RegimeAssessed, explain: boolean): OptimizationOutput[] {
    const model = this.estimate(bar);
    return this.accounts.flatMap((account) => {
      const assessed = { type: 'BarForMandate', assessed: bar, riskModel: NOT_STORED, model } as const;
      const { state, events } = decideRiskBudget(assessed, account.budget);
      account.budget = state;
      const facts = { budget: events[0], riskModel: model, universe: this.universe, explain };
      const decided = decideOptimization({ type: 'BudgetReceived', ...facts }, account.optimization);
      account.optimization = decided.state;
      return decided.events;
    });
  }

  private estimate(bar: RegimeAssessed): RiskModel {
    const { state, model } = estimateRiskModel(bar, this.risk);
    this.risk = state;
    if (model === undefined && bar.bar > BARS - SEEN_BARS) throw new Error('the risk model is empty');
    return model as RiskModel;
  }
}

function history(): { universe: Universe; bars: Iterator<RegimeAssessed, never> } {
  const universe = simulatedUniverse(simulateMarket({ seed: 7, years: 4 }));
  return { universe, bars: quietBars(universe) };
}

/** Days without end in a calm market. */
function* quietBars(universe: Universe): Generator<RegimeAssessed, never> {
  const rng = createRng(9);
  const levels = new Map(universe.instruments.map(({ id }) => [id, 100]));
  for (let t = 0; ; t++) {
    const instruments = universe.instruments.map(({ id }) => {
      const change = (id === 'CASH' ? 1e-5 : 0.008) * rng.normal();
      const close = (levels.get(id) as number) * (1 + change);
      levels.set(id, close);
      return { id, close, return: change, staleBars: 0 };
    });
    yield {
      type: 'RegimeAssessed',
      universeId: universe.id,
      asOf: new Date(Date.UTC(2020, 0, 1 + t)).toISOString().slice(0, 10),
      bar: t + 1,
      regime: 'expansion',
      probabilities: calm,
      forecasts: [],
      logScore: 0,
      modelVersion: 'bench',
      instruments,
      coverage: 1,
    };
  }
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
