import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { RiskModel } from '../risk-budgeting/risk-model';
import { usedAt } from '../risk-budgeting/volatility-target';
import { coreTarget, driversOf } from './core-target';
import type { Counterfactual } from './events';
import { fitTarget, type FitFacts } from './fit-target';

/** Trades that get a counterfactual: the largest ones. */
const COUNTERFACTUALS = 3;

/** Steps of a search, and how near to the level it must come. */
const STEPS_MAX = 12;
const NEAR = 1e-7;

/** How far to both sides of a turning point the problem is solved again. */
const SIDE = 1e-3;

/** What would turn each of the largest trades around; each is found by solving again on both sides of it. */
export function counterfactualsOf(facts: FitFacts, weights: ReadonlyMap<string, number>): Counterfactual[] {
  const { mandate, previous } = facts;
  return [...weights]
    .map(([instrument, weight]) => ({ instrument, trade: weight - (previous.get(instrument) ?? 0) })) // not held
    .filter(({ instrument, trade }) => trade !== 0 && instrument !== mandate.cashInstrument)
    .sort((a, b) => Math.abs(b.trade) - Math.abs(a.trade) || (a.instrument < b.instrument ? -1 : 1))
    .slice(0, mandate.construction.objective === undefined ? COUNTERFACTUALS : 1) // a solve of objectives takes its time
    .flatMap((change) => {
      const exposure = byExposure(facts, change);
      return [
        exposure,
        exposure && byDrawdown(facts, exposure),
        byTrend(facts, change),
        ...bySignal(facts, change),
      ].filter((found) => found !== undefined);
    });
}

interface Change {
  readonly instrument: string;
  readonly trade: number;
}

/** Weight by which a trade must be the opposite one where cost or tax hold trades at zero for a while in between. */
const EDGE = 1e-5;

/** The weight beyond which a trade is its own opposite. */
function levelOf({ mandate }: FitFacts, { trade }: Change, held: number): number {
  const { tradingCost, tax } = mandate.construction.objective?.terms ?? {};
  return tradingCost === undefined && tax === undefined ? held : held - Math.sign(trade) * EDGE;
}

/** The exposure at which a trade turns around, when it is one that can be had. */
function byExposure(facts: FitFacts, change: Change): Counterfactual | undefined {
  const { mandate, budget, previous } = facts;
  const core = budget.core as NonNullable<RiskBudgetSet['core']>;
  const { instrument, trade } = change;
  const held = previous.get(instrument) ?? 0; // not held
  if (!(held > 0)) return undefined;
  const level = levelOf(facts, change, held);
  const at = (exposure: number): number | undefined => weightAt(facts, instrument, exposure);
  let turning: number | undefined;
  if (mandate.construction.objective === undefined) {
    const full = at(1);
    turning = full !== undefined && full > 0 ? held / full : undefined;
  } else {
    turning = crossing(at, level, { low: 0, high: 1 });
  }
  if (turning === undefined || turning * (1 + SIDE) > 1) return undefined;
  return turnsAround(at, level, [turning * (1 - SIDE), turning * (1 + SIDE)])
    ? { instrument, trade, exposure: core.exposure, turnsAt: turning }
    : undefined;
}

/** The same exposure by the drawdown budget alone: how much of it would have to be used. */
function byDrawdown(
  { budget, mandate }: FitFacts,
  { instrument, trade, exposure, turnsAt }: Counterfactual,
): Counterfactual | undefined {
  if (!mandate.construction.drawdownControl) return undefined;
  const core = budget.core as NonNullable<RiskBudgetSet['core']>;
  const used = usedAt((core.drawdown * turnsAt) / exposure);
  return used === undefined
    ? undefined
    : { instrument, trade, of: 'drawdown-budget', exposure: budget.drawdownBudgetUsed, turnsAt: used };
}

/** The trend of the instrument itself at which its trade turns around. */
function byTrend(facts: FitFacts, change: Change): Counterfactual | undefined {
  const { mandate, model, previous } = facts;
  const { instrument, trade } = change;
  const { tilt, objective } = mandate.construction;
  const k = model.assets.indexOf(instrument);
  const held = previous.get(instrument);
  if (k < 0 || held === undefined || model.moments === undefined) return undefined;
  if (tilt === 0 && objective?.terms.expectedReturn === undefined) return undefined;
  const at = (trend: number): number | undefined => weightWithTrend(facts, instrument, trend);
  const level = levelOf(facts, change, held);
  const turning = crossing(at, level, { low: -1, high: 1 });
  if (turning === undefined || Math.abs(turning) + SIDE > 1) return undefined;
  return turnsAround(at, level, [turning - SIDE, turning + SIDE])
    ? { instrument, trade, of: 'trend', exposure: model.moments.trend[k], turnsAt: turning }
    : undefined;
}

/** Standardised signals are cut off here. */
const SIGNAL_MAX = 3;

/** Signals that get a counterfactual: those that would have to move least. */
const SIGNALS = 3;

/**
 * The level of each fused signal at which a trade turns around, the others as they are. All of them speak of one asset and are summed, so one
 * search finds by how much the sum would have to differ, and that difference over a signal's weight is what it would have to move.
 */
function bySignal(facts: FitFacts, change: Change): Counterfactual[] {
  const { mandate, budget, previous } = facts;
  const { instrument, trade } = change;
  const held = previous.get(instrument);
  const informed = mandate.construction.objective?.terms.expectedReturn !== undefined;
  if (!informed || held === undefined || budget.fused === undefined) return [];
  const signals = budget.fused.flatMap(({ name, contribution, standardised }) =>
    standardised === undefined || standardised === 0 || contribution === 0
      ? []
      : [{ name, standardised, weight: contribution / standardised }],
  );
  if (signals.length === 0) return [];
  const up = Math.max(
    ...signals.map(({ weight, standardised }) => Math.abs(weight) * SIGNAL_MAX - weight * standardised),
  );
  const down = Math.max(
    ...signals.map(({ weight, standardised }) => Math.abs(weight) * SIGNAL_MAX + weight * standardised),
  );
  const [{ name: any }] = signals;
  const at = (difference: number): number | undefined => weightWithSignal(facts, instrument, { name: any, difference });
  // an asset that hedges the one that the signals speak of falls where they rise
  const rises = (at(up) ?? NaN) > (at(-down) ?? NaN);
  const oriented = (x: number): number | undefined => at(rises ? x : -x);
  const level = levelOf(facts, change, held);
  const found = crossing(oriented, level, rises ? { low: -down, high: up } : { low: -up, high: down });
  if (found === undefined || !turnsAround(oriented, level, [found - SIDE, found + SIDE])) return [];
  const turning = rises ? found : -found;
  return signals
    .map(({ name, standardised, weight }) => ({ name, standardised, turnsAt: standardised + turning / weight }))
    .filter(({ turnsAt }) => Math.abs(turnsAt) <= SIGNAL_MAX)
    .sort((a, b) => Math.abs(a.turnsAt - a.standardised) - Math.abs(b.turnsAt - b.standardised))
    .slice(0, SIGNALS)
    .map(({ name, standardised, turnsAt }) => ({
      ...{ instrument, trade, of: `signal:${name}` as const },
      ...{ exposure: standardised, turnsAt },
    }));
}

function turnsAround(
  of: (x: number) => number | undefined,
  level: number,
  [low, high]: readonly [number, number],
): boolean {
  const [below, above] = [of(low), of(high)];
  return below !== undefined && above !== undefined && below < level && above > level;
}

/** Where a rising function of one number passes a level; `undefined` when it does not between the ends, or cannot be evaluated. */
function crossing(
  of: (x: number) => number | undefined,
  level: number,
  { low, high }: { readonly low: number; readonly high: number },
): number | undefined {
  const [first, last] = [of(low), of(high)];
  if (first === undefined || last === undefined || first > level || last < level) return undefined;
  let [a, b] = [low, high];
  let [belowBy, aboveBy] = [level - first, last - level];
  let turning = low;
  // false position with the Illinois rule: the end that stays counts half (Dowell and Jarratt, 1971)
  for (let k = 0, stayed = 0; k < STEPS_MAX; k++) {
    if (!(belowBy + aboveBy > 0)) return undefined;
    turning = a + ((b - a) * belowBy) / (belowBy + aboveBy);
    const value = of(turning);
    if (value === undefined) return undefined;
    if (Math.abs(value - level) < NEAR) break;
    if (value < level) {
      [a, belowBy] = [turning, level - value];
      if (stayed === 1) aboveBy /= 2;
      stayed = 1;
    } else {
      [b, aboveBy] = [turning, value - level];
      if (stayed === -1) belowBy /= 2;
      stayed = -1;
    }
  }
  return turning;
}

/** Weight of an instrument after objectives and limits when one fused signal said so much more; `undefined` when nothing is feasible then. */
export function weightWithSignal(
  facts: FitFacts,
  instrument: string,
  { name, difference }: { readonly name: string; readonly difference: number },
): number | undefined {
  const { mandate, budget, universe, model } = facts;
  const core = budget.core as NonNullable<RiskBudgetSet['core']>;
  const fused = (budget.fused ?? []).map((part) =>
    part.name === name ? { ...part, contribution: part.contribution + difference } : part,
  );
  const on = new Set(driversOf(core));
  const target = coreTarget(mandate, { weights: core.weights, exposure: core }, { universe, model, on });
  const fitted = fitTarget({ ...facts, budget: { ...budget, fused } }, target);
  return fitted.status === 'fitted' ? fitted.weights.get(instrument) : undefined;
}

/** Weight of an instrument after objectives and limits when its own trend were another; `undefined` when nothing is feasible then. */
export function weightWithTrend(facts: FitFacts, instrument: string, trend: number): number | undefined {
  const { mandate, budget, universe, model } = facts;
  const core = budget.core as NonNullable<RiskBudgetSet['core']>;
  const moments = model.moments as NonNullable<RiskModel['moments']>;
  const k = model.assets.indexOf(instrument);
  const changed: RiskModel = {
    ...model,
    moments: { ...moments, trend: moments.trend.map((value, i) => (i === k ? trend : value)) },
  };
  const on = new Set(driversOf(core));
  const target = coreTarget(mandate, { weights: core.weights, exposure: core }, { universe, model: changed, on });
  const fitted = fitTarget({ ...facts, model: changed }, target);
  return fitted.status === 'fitted' ? fitted.weights.get(instrument) : undefined;
}

/** Weight of an instrument after objectives and limits when the exposure were another; `undefined` when nothing is feasible then. */
export function weightAt(facts: FitFacts, instrument: string, exposure: number): number | undefined {
  const { mandate, budget, universe, model } = facts;
  const core = budget.core as NonNullable<RiskBudgetSet['core']>;
  const alone = { exposure, volatility: exposure, drawdown: 1, regime: 1 };
  const target = coreTarget(
    mandate,
    { weights: core.weights, exposure: alone },
    { universe, model, on: new Set(driversOf(alone)) },
  );
  const fitted = fitTarget(facts, target);
  return fitted.status === 'fitted' ? fitted.weights.get(instrument) : undefined;
}
