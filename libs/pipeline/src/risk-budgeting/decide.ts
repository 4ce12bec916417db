import { assertNever, invariant, type ArtefactHash, type IsoDate } from '@allostat/kernel';
import type { HysteresisState } from '@allostat/quant';
import type { Construction, Mandate, MandateVersioned } from '../mandate/mandate';
import { isBeyondCalendar, isOpenDay } from '../mandate/trading-calendar';
import type { AllocationStatusReported } from '../optimization/events';
import type { RegimeAssessed } from '../regime-detection/events';
import type { Decision } from '../stage';
import { decisionDue, exposureDue } from './decision-due';
import { coreExposure, stepStress, type ExposureDecision } from './core-exposure';
import { coreVolatility, coreWeights, type CoreWeight } from './core-weights';
import type { BudgetCause, DecisionSurrogate, ExposureSurrogate, RiskBudgetSet, SurrogateFeature } from './events';
import {
  addDecision,
  featuresOf,
  isRecordDue,
  withDecisions,
  type ExposureRecord,
  type ExposureRow,
} from './exposure-record';
import { exposureSurrogate } from './exposure-surrogate';
import { heldLots, updateLots, type Lot } from './held-lots';
import { advancePath, applyStatus, drawdownOf, settlePending, startPath, type PortfolioPath } from './portfolio-path';
import { horizonAt, type HorizonStart } from './preservation-floor';
import { coreTail } from './regime-risk';
import type { RiskModel } from './risk-model';
import { forecastAt, HORIZON_BARS, volatilityTarget } from './volatility-target';

/** One bar of a universe with its risk model, as it concerns one mandate. */
export interface BarForMandate {
  readonly type: 'BarForMandate';
  readonly assessed: RegimeAssessed;
  readonly riskModel: ArtefactHash;
  /** What the hash stands for. */
  readonly model: RiskModel;
}

export type RiskBudgetInput = MandateVersioned | AllocationStatusReported | BarForMandate;

/** What risk budgeting remembers of a mandate. */
export interface RiskBudgetState {
  readonly mandate?: Mandate;
  readonly path?: PortfolioPath;
  readonly previousDate?: IsoDate;
  readonly previousRegime?: string;
  readonly previousBudgetUsed?: number;
  readonly previousTarget?: number;
  /** Exposure at the last decision, for mandates with a construction. */
  readonly previousExposure?: number;
  readonly stress?: HysteresisState;
  /** For mandates with a floor. */
  readonly horizon?: HorizonStart;
  /** For mandates that pay tax. */
  readonly lots?: readonly Lot[];
  /** Decisions that wait to be put into the mandate's record: see `settleDecisions`. */
  readonly waiting?: readonly ExposureRow[];
  /** What the record said when it was last added to. */
  readonly surrogate?: ExposureSurrogate;
}

export function initialRiskBudgetState(): RiskBudgetState {
  return {};
}

/** What risk budgeting makes of one event about one mandate. */
export function decideRiskBudget(
  event: RiskBudgetInput,
  state: RiskBudgetState,
): Decision<RiskBudgetState, RiskBudgetSet> {
  switch (event.type) {
    case 'MandateVersioned':
      return {
        state: {
          ...(state.mandate?.version === event.mandate.version ? state : withoutRecord(state)),
          mandate: event.mandate,
          path: state.path ?? startPath(event.mandate.anchorWeights),
        },
        events: [],
      };
    case 'AllocationStatusReported':
      return { state: state.path ? withTrades(state, applyStatus(state.path, event)) : state, events: [] };
    case 'BarForMandate':
      return setBudget(event, state);
    default:
      return assertNever(event);
  }
}

/** Decisions of an earlier version followed other rules. */
function withoutRecord({ waiting: _waiting, surrogate: _surrogate, ...state }: RiskBudgetState): RiskBudgetState {
  return state;
}

/** True when `settleDecisions` should be called: some four weeks of decisions wait. */
export function hasDecisionsToSettle({ waiting }: RiskBudgetState): boolean {
  return isRecordDue(waiting);
}

/**
 * Puts the decisions that wait into the mandate's record and makes the tree that imitates them anew. The record is kept apart from the
 * state, which every bar loads and saves.
 */
export function settleDecisions(
  { waiting = [], ...state }: RiskBudgetState,
  record: ExposureRecord,
): { readonly state: RiskBudgetState; readonly record: ExposureRecord } {
  invariant(waiting.length > 0, 'no decision waits to be settled');
  const longer = withDecisions(record, waiting);
  return { state: { ...state, surrogate: exposureSurrogate(longer) }, record: longer };
}

/** The state after trades that may have settled: lots follow what is held. */
function withTrades(state: RiskBudgetState, path: PortfolioPath): RiskBudgetState {
  const { asOf } = path;
  if (state.mandate?.trading?.taxes === undefined || asOf === undefined) return { ...state, path };
  return { ...state, path, lots: updateLots(state.lots ?? [], { ...path, asOf }) };
}

function setBudget(event: BarForMandate, state: RiskBudgetState): Decision<RiskBudgetState, RiskBudgetSet> {
  const { assessed } = event;
  const { mandate, path: before } = state;
  invariant(mandate && before, 'a budget needs the mandate first');
  const { asOf, instruments } = assessed;
  const closes = new Map(instruments.flatMap(({ id, close }) => (close === undefined ? [] : [[id, close] as const])));
  const path = advancePath(before, asOf, closes);
  const { construction } = mandate;
  const moment: Moment = { event, state, path, closes };
  return construction === undefined
    ? targetBudget(mandate, moment)
    : exposureBudget({ ...mandate, construction }, moment);
}

interface Moment {
  readonly event: BarForMandate;
  readonly state: RiskBudgetState;
  readonly path: PortfolioPath;
  readonly closes: ReadonlyMap<string, number>;
}

/** The mandate's volatility target, scaled by regime and drawdown. */
function targetBudget(mandate: Mandate, moment: Moment): Decision<RiskBudgetState, RiskBudgetSet> {
  const { event, state, path } = moment;
  const { asOf, regime } = event.assessed;
  const drawdown = drawdownOf(path);
  const budgetUsed = drawdown / mandate.risk.drawdownBudget;
  const { target, forecast, causes } = volatilityTarget(mandate, event.assessed, budgetUsed, state.previousTarget);
  const due = isOpenDay(mandate.calendar, asOf) ? decisionDue(mandate, state, { asOf, regime, budgetUsed }) : undefined;
  const { closes } = moment;
  const { model } = event;
  const core = Object.entries(mandate.anchorWeights).flatMap(([id, weight]) =>
    closes.has(id) && model.assets.includes(id) ? [{ id, weight }] : [],
  );
  const volatility = model.moments && coreVolatility(core, model);
  const known = featuresOf(mandate, { assessed: event.assessed, model, forecast, budgetUsed, volatility, core });
  return {
    state: {
      ...after(mandate, moment, budgetUsed),
      ...recorded(mandate, moment, { known, decided: target }),
      previousTarget: target,
    },
    events: [
      {
        ...common(mandate, moment),
        forecast,
        volatilityTarget: target,
        drawdown,
        drawdownBudgetUsed: budgetUsed,
        causes: [...causes, ...calendarCauses(mandate, asOf)],
        ...(due !== undefined && { decisionDue: due, surrogate: surrogateOf(state, known, target) }),
      },
    ],
  };
}

/** The core of the mandate's construction and the share of value that goes into it. */
function exposureBudget(
  mandate: Mandate & { readonly construction: Construction },
  moment: Moment,
): Decision<RiskBudgetState, RiskBudgetSet> {
  const { event, state, path, closes } = moment;
  const { assessed, model } = event;
  const stress = stepStress(state.stress, assessed);
  const drawdown = drawdownOf(path);
  const forecast = forecastAt(assessed, HORIZON_BARS);
  const core = coreWeights(mandate, model, { priced: new Set(closes.keys()), forecast });
  const volatility = core && coreVolatility(core, model);
  const { preservation } = mandate.risk;
  const now = { bar: assessed.bar, value: path.value };
  const horizon = preservation && horizonAt(state.horizon, now, preservation);
  const { previousExposure } = state;
  const decision = coreExposure(mandate, {
    volatility,
    drawdown,
    stress,
    ...(core && { tailOf: (confidence: number) => coreTail(core, model, { forecast, confidence }) }),
    ...(horizon && { horizon: { ...horizon, ...now } }),
    ...(previousExposure !== undefined && { previousExposure }),
  });
  const budgetUsed = drawdown / decision.drawdownBudget;
  const open = isOpenDay(mandate.calendar, assessed.asOf);
  const due = core && open ? exposureDue(mandate, state, assessed, decision.exposure) : undefined;
  const known = featuresOf(mandate, { assessed, model, forecast, budgetUsed, volatility, core });
  const { exposure } = decision;
  return {
    state: {
      ...after(mandate, moment, budgetUsed),
      ...recorded(mandate, moment, core && { known, decided: exposure }),
      stress,
      ...(horizon && { horizon }),
      ...(due === undefined ? previous(state) : { previousExposure: decision.exposure }),
    },
    events: [
      {
        ...common(mandate, moment),
        forecast,
        volatilityTarget: decision.exposure * (volatility?.forecast ?? mandate.risk.volatilityTarget), // unknown: the mandate's own
        drawdown,
        drawdownBudgetUsed: budgetUsed,
        causes: [...decision.causes, ...calendarCauses(mandate, assessed.asOf)],
        ...(core && { core: coreOf(core, decision) }),
        ...(due !== undefined && { decisionDue: due, surrogate: surrogateOf(state, known, exposure) }),
      },
    ],
  };
}

interface Decided {
  readonly known: ExposureRow['features'];
  readonly decided: number;
}

/** The record's part of the state, with the decision of this bar when there was one and its turn has come. */
function recorded({ version }: Mandate, { event, state }: Moment, decision: Decided | undefined): RiskBudgetState {
  const { asOf, bar } = event.assessed;
  const { surrogate } = state;
  const row = decision && { asOf, mandateVersion: version, features: decision.known, decided: decision.decided };
  const waiting = row === undefined ? state.waiting : addDecision(state.waiting, row, bar);
  return { ...(waiting && { waiting }), ...(surrogate && { surrogate }) };
}

/** The tree of before this bar, beside what was known and decided on it. */
function surrogateOf(
  { surrogate }: RiskBudgetState,
  known: ExposureRow['features'],
  decided: number,
): DecisionSurrogate {
  return {
    tree: surrogate ?? exposureSurrogate({}),
    known: Object.entries(known).map(([feature, value]) => ({ feature: feature as SurrogateFeature, value })),
    decided,
  };
}

function coreOf(weights: readonly CoreWeight[], decision: ExposureDecision): NonNullable<RiskBudgetSet['core']> {
  const { drawdownBudget: _budget, causes: _causes, ...exposure } = decision;
  return { weights, ...exposure };
}

/** Said where the mandate's calendar does not know the day: it should be brought up to date. */
function calendarCauses({ calendar }: Mandate, asOf: IsoDate): BudgetCause[] {
  if (calendar === undefined || !isBeyondCalendar(calendar, asOf)) return [];
  const { id, from, to } = calendar;
  const reason = `calendar ${id} covers ${from} to ${to}: beyond it only weekends are taken as closed`;
  return [{ step: 'calendar', value: 0, reason }];
}

const previous = ({ previousExposure }: RiskBudgetState): RiskBudgetState =>
  previousExposure === undefined ? {} : { previousExposure };

/** What every bar leaves behind; a change of period, regime or drawdown on a closed day is seen on the next open one. */
function after(mandate: Mandate, moment: Moment, budgetUsed: number): RiskBudgetState {
  const { event, path } = moment;
  const { asOf, regime } = event.assessed;
  const { lots } = lotsAt(mandate, moment);
  return {
    ...withTrades({ mandate, ...(lots && { lots }) }, settlePending(path)),
    ...(isOpenDay(mandate.calendar, asOf)
      ? { previousDate: asOf, previousRegime: regime, previousBudgetUsed: budgetUsed }
      : lastOpenDay(moment.state)),
  };
}

function lastOpenDay({ previousDate, previousRegime, previousBudgetUsed }: RiskBudgetState): RiskBudgetState {
  return {
    ...(previousDate !== undefined && { previousDate }),
    ...(previousRegime !== undefined && { previousRegime }),
    ...(previousBudgetUsed !== undefined && { previousBudgetUsed }),
  };
}

/** Lots at the close, before trades that were reported for it. */
function lotsAt({ trading }: Mandate, { state, path }: Moment): Pick<RiskBudgetState, 'lots'> {
  const { asOf } = path;
  if (trading?.taxes === undefined || asOf === undefined) return {};
  return { lots: updateLots(state.lots ?? [], { ...path, asOf }) };
}

function common(mandate: Mandate, moment: Moment) {
  const { id, version, construction, trading } = mandate;
  const { event, path, closes } = moment;
  const { asOf, bar, regime, universeId, fused, dataOverriders, modelVersion, probabilities } = event.assessed;
  const { lots } = lotsAt(mandate, moment);
  const seen = new Map(event.assessed.instruments.map((instrument) => [instrument.id, instrument]));
  return {
    type: 'RiskBudgetSet',
    mandateId: id,
    mandateVersion: version,
    universeId,
    asOf,
    bar,
    regime,
    riskModel: event.riskModel,
    prices: [...closes].map(([instrument, close]) => {
      const { averageDailyValue, quote } = seen.get(instrument) as RegimeAssessed['instruments'][number];
      const daily = trading && averageDailyValue;
      return {
        id: instrument,
        close,
        ...(daily !== undefined && { averageDailyValue: daily }),
        ...(quote && { quote }),
      };
    }),
    holdings: path.holdings,
    ...(dataOverriders !== undefined && { dataOverriders }),
    ...(construction?.objective && fused && { fused }),
    ...(trading && { value: path.value }),
    ...(lots && { lots: heldLots(lots, path) }),
    models: [{ name: `regime:${universeId}`, version: modelVersion }],
    regimeProbability: probabilities[regime],
  } as const;
}
