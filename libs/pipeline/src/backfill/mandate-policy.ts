import { tradedRowOf, type DecisionMoment, type PortfolioPolicy } from '@allostat/quant';
import type { QuotesByRow } from '../backtest/convert-history';
import { asksForRegimeRisk, type Mandate } from '../mandate/mandate';
import {
  decideOptimization,
  initialOptimizationState,
  type OptimizationOutput,
  type OptimizationState,
} from '../optimization';
import type { RegimeAssessed } from '../regime-detection/events';
import {
  decideRiskBudget,
  estimateRiskModel,
  hasDecisionsToSettle,
  initialRiskBudgetState,
  initialRiskModelState,
  settleDecisions,
  type ExposureRecord,
  type RiskBudgetInput,
  type RiskBudgetState,
  type RiskModel,
  type RiskModelState,
} from '../risk-budgeting';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import { averageDailyValue, updateTradedValue, type TradedValue } from '../signal-ingestion/traded-value';
import type { Universe } from '../universe/universe';

/** Stands where the line would have the hash of a stored covariance: a backtest stores none. */
const NOT_STORED = '0'.repeat(64) as RiskBudgetSet['riskModel'];

const NO_ROWS: ReadonlySet<number> = new Set();

/** What is known of the regime at a close. */
export type RegimeView = Pick<RegimeAssessed, 'regime' | 'probabilities' | 'forecasts'>;

/** A market without regimes. */
export const NO_REGIMES: RegimeView = {
  regime: 'expansion',
  probabilities: { expansion: 1, tightening: 0, crisis: 0, recovery: 0 },
  forecasts: [],
};

export interface MandatePolicyOptions {
  readonly mandate: Mandate;
  /** Instruments in the order of the market's assets. */
  readonly universe: Universe;
  /** The regime at the close of the moment, from its history alone; left out, there are no regimes. */
  readonly regimeAt?: (moment: Pick<DecisionMoment, 'row' | 'history'>) => RegimeView;
  /** The line's own assessment of each row, instead of one made from closes and `regimeAt`. */
  readonly assessedAt?: (row: number) => RegimeAssessed;
  /** Risk model as it stood before the first row after row 0; left out, it starts with the market. */
  readonly risk?: RiskModelState;
  /** Closes between decision and trade, as in the simulation; default 1. */
  readonly delayBars?: number;
  /** Rows on which the account cannot trade, as in the simulation: those on which the mandate's calendar is closed. */
  readonly closedRows?: ReadonlySet<number>;
  /** Quotes of foreign assets by row, for markets that were converted. */
  readonly quotes?: QuotesByRow;
  /** Sees each budget and what the optimizer made of it. */
  readonly observe?: (event: RiskBudgetSet | OptimizationOutput, model: RiskModel) => void;
}

/**
 * A mandate as the line would run it, for a backtest: the same `decide`s of risk budgeting and optimization, fed with the closes of the
 * market and with what the account holds after each trade. Make it anew for each run and ask it on every row.
 */
export function mandatePolicy(options: MandatePolicyOptions): PortfolioPolicy {
  const run = new MandateRun(options);
  return (moment) => run.ask(moment);
}

class MandateRun {
  private risk: RiskModelState;
  private trades = 0;
  private model: RiskModel | undefined;
  private budget: RiskBudgetState = initialRiskBudgetState();
  private record: ExposureRecord = {};
  private optimization: OptimizationState = initialOptimizationState();
  private seenRow = 0;
  /** Money traded up to `seenRow`, by asset; for markets with volumes. */
  private readonly traded = new Map<string, TradedValue>();
  /** Row on which the last decision is traded, until it has been. */
  private fillRow: number | undefined;
  private before: { readonly row: number; readonly value: number; readonly weights: Float64Array } | undefined;

  constructor(private readonly options: MandatePolicyOptions) {
    this.risk = options.risk ?? initialRiskModelState();
    const versioned = { type: 'MandateVersioned', mandate: options.mandate } as const;
    this.step(versioned);
    this.optimization = decideOptimization(versioned, this.optimization).state;
  }

  ask(moment: DecisionMoment): ArrayLike<number> | undefined {
    const { row, assets } = moment;
    for (let t = this.seenRow + 1; t <= row; t++) this.learn(moment, t);
    if (this.before === undefined && !this.holdsAnchor(moment)) this.report(moment, { asOf: '0001-01-01' });
    const outcome = this.decide(moment);
    if (this.fillRow !== undefined && row >= this.fillRow) {
      this.trades += 1;
      // setting up is no loss: an order system that meets the mandate for the first time reports no cost either
      this.report(moment, { asOf: moment.date, ...(this.trades > 1 && { realisedCost: this.costOf(moment) }) });
      this.fillRow = undefined;
    }
    this.before = { row, value: moment.value, weights: moment.weights.slice() };
    if (outcome?.type !== 'AllocationProposed') return undefined;
    this.fillRow = tradedRowOf(row, this.options.delayBars ?? 1, this.options.closedRows ?? NO_ROWS);
    const targets = new Map(outcome.weights.map(({ instrument, targetWeight }) => [instrument, targetWeight]));
    return Float64Array.from(assets, (asset) => targets.get(asset) as number);
  }

  /** Takes one row into the risk model. */
  private learn(moment: DecisionMoment, row: number): void {
    this.learnVolumes(moment, row);
    const byRegime = asksForRegimeRisk(this.options.mandate);
    const { state, model } = estimateRiskModel(
      this.options.assessedAt?.(row) ?? {
        ...this.bar(moment, row),
        ...(byRegime && { probabilities: this.viewOf({ row, history: moment.history }).probabilities }),
      },
      this.risk,
      { byRegime },
    );
    this.risk = state;
    this.model = model;
    this.seenRow = row;
  }

  private learnVolumes({ assets, history: { volumes } }: DecisionMoment, row: number): void {
    if (volumes === undefined) return;
    assets.forEach((id, i) => {
      const money = volumes[row * assets.length + i];
      if (!Number.isNaN(money)) this.traded.set(id, updateTradedValue(this.traded.get(id), money));
    });
  }

  private decide(moment: DecisionMoment): OptimizationOutput | undefined {
    const { assessedAt, universe, observe } = this.options;
    const { model } = this;
    if (model === undefined) return undefined;
    const view = this.viewOf(moment);
    const assessed: RegimeAssessed = assessedAt?.(moment.row) ?? {
      type: 'RegimeAssessed',
      ...this.bar(moment, moment.row),
      ...view,
      bar: moment.row + 1,
      logScore: 0,
      modelVersion: 'backtest',
      coverage: 1,
    };
    const [budget] = this.step({ type: 'BarForMandate', assessed, riskModel: NOT_STORED, model });
    observe?.(budget, model);
    if (observe !== undefined && hasDecisionsToSettle(this.budget)) {
      ({ state: this.budget, record: this.record } = settleDecisions(this.budget, this.record));
    }
    if (budget.decisionDue === undefined) return undefined;
    const explain = observe !== undefined;
    const received = { type: 'BudgetReceived', budget, riskModel: model, universe, explain } as const;
    const { state, events } = decideOptimization(received, this.optimization);
    this.optimization = state;
    events.forEach((event) => observe?.(event, model));
    return events[0];
  }

  private viewOf(moment: Pick<DecisionMoment, 'row' | 'history'>): RegimeView {
    return this.options.regimeAt === undefined ? NO_REGIMES : this.options.regimeAt(moment);
  }

  private holdsAnchor({ assets, weights }: DecisionMoment): boolean {
    const { anchorWeights } = this.options.mandate;
    const held = new Set(Object.keys(anchorWeights));
    return (
      assets.filter((asset) => held.has(asset)).length === held.size &&
      assets.every((asset, i) => Math.abs(weights[i] - (held.has(asset) ? anchorWeights[asset] : 0)) < 1e-12)
    );
  }

  private bar(
    { assets, history: { levels, dates } }: DecisionMoment,
    row: number,
  ): Pick<RegimeAssessed, 'universeId' | 'asOf' | 'instruments'> {
    const n = assets.length;
    const instruments = assets.map((id, i) => {
      const close = levels[row * n + i];
      const daily = averageDailyValue(this.traded.get(id));
      const quote = this.options.quotes?.[id]?.[row];
      const change = row === 0 ? NaN : close / levels[(row - 1) * n + i] - 1;
      return {
        id,
        ...(close > 0 && { close }),
        ...(!Number.isNaN(change) && { return: change }),
        staleBars: 0,
        ...(daily !== undefined && { averageDailyValue: daily }),
        ...(quote && { quote }),
      };
    });
    return { universeId: this.options.universe.id, asOf: dates[row], instruments };
  }

  /** Tells risk budgeting what the account holds; money outside the instruments counts as the cash instrument. */
  private report(moment: DecisionMoment, status: { asOf: string; realisedCost?: number }): void {
    const { assets, weights, history, row } = moment;
    const { id: mandateId, cashInstrument } = this.options.mandate;
    const invested = weights.reduce((sum, weight) => sum + weight, 0);
    const holdings = assets.flatMap((instrument, i) => {
      const weight = weights[i] + (instrument === cashInstrument ? 1 - invested : 0);
      const price = history.levels[row * assets.length + i];
      return price > 0 ? [{ instrument, weight, price }] : [];
    });
    this.step({
      type: 'AllocationStatusReported',
      mandateId,
      instructionId: status.asOf,
      sequence: 1,
      status: 'done',
      holdings,
      ...status,
    });
  }

  /** Part of the value that the trades of this row took: what prices and interest alone would have left, less what is there. */
  private costOf({ row, value, assets, history: { levels, cashRates } }: DecisionMoment): number {
    const { before } = this;
    if (before === undefined || before.row !== row - 1) return 0;
    const n = assets.length;
    let growth = 0;
    let invested = 0;
    before.weights.forEach((weight, i) => {
      const change = levels[row * n + i] / levels[(row - 1) * n + i];
      growth += Number.isNaN(change) ? weight : weight * change;
      invested += weight;
    });
    growth += (1 - invested) * (1 + (cashRates === undefined ? 0 : cashRates[row])); // without rates cash earns nothing
    return Math.max(0, 1 - value / (before.value * growth));
  }

  private step(input: RiskBudgetInput): readonly RiskBudgetSet[] {
    const { state, events } = decideRiskBudget(input, this.budget);
    this.budget = state;
    return events;
  }
}
