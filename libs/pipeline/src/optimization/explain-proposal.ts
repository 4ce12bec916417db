import { invariant } from '@allostat/kernel';
import type { Construction, Mandate } from '../mandate/mandate';
import { coreWeights, type CoreWeight } from '../risk-budgeting/core-weights';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import type { RiskModel } from '../risk-budgeting/risk-model';
import type { Universe } from '../universe/universe';
import { coreTarget, driversOf, type TargetDriver } from './core-target';
import type { Counterfactual, Explanation, WeightDriver } from './events';
import { fitLimits, type FittedWeights } from './fit-limits';
import { shapleyAttribution } from './shapley-attribution';

export const ATTRIBUTION_METHOD =
  'core first, then the mean over all orders of trend, market, volatility, drawdown and regime (Shapley), then limits, then rounding';

/** Trades that get a counterfactual: the largest ones. */
const COUNTERFACTUALS = 3;

export interface ProposalFacts {
  readonly mandate: Mandate & { readonly construction: Construction };
  readonly budget: RiskBudgetSet;
  readonly universe: Universe;
  readonly model: RiskModel;
  readonly previous: ReadonlyMap<string, number>;
  readonly fitted: FittedWeights;
  /** Weights as they are proposed. */
  readonly weights: ReadonlyMap<string, number>;
}

/** Why each weight changes, and what would turn the largest trades around. */
export function explainProposal(facts: ProposalFacts): Explanation {
  const { budget, fitted } = facts;
  invariant(budget.core, 'an explanation needs the core of the budget');
  const { weights: _weights, ...exposure } = budget.core;
  return {
    method: ATTRIBUTION_METHOD,
    exposure,
    attribution: attributionOf(facts),
    counterfactuals: counterfactualsOf(facts),
    shadowPrices: fitted.shadowPrices,
  };
}

function attributionOf(facts: ProposalFacts): Explanation['attribution'] {
  const { mandate, budget, universe, model, previous, fitted, weights } = facts;
  const core = budget.core as NonNullable<RiskBudgetSet['core']>;
  const ids = universe.instruments.map(({ id }) => id);
  const asArray = (map: ReadonlyMap<string, number>): Float64Array => Float64Array.from(ids, (id) => map.get(id) ?? 0); // not held
  const target = (on: ReadonlySet<TargetDriver>): Float64Array =>
    asArray(coreTarget(mandate, { weights: core.weights, exposure: core }, { universe, model, on }));
  const named = driversOf(core);
  const drivers = shapleyAttribution(named, target);
  const plain = target(new Set());
  const raw = target(new Set(named));
  const held = asArray(previous);
  const fit = asArray(fitted.weights);
  const final = asArray(weights);
  const priced = new Set(budget.prices.map(({ id }) => id));
  const weightsOf = (list: readonly CoreWeight[]): Float64Array =>
    asArray(new Map(list.map(({ id, weight }) => [id, weight])));
  const longRun =
    mandate.construction.core === 'anchor' ? undefined : coreWeights(mandate, model, { priced, longRunOnly: true });
  const budgeted = longRun && weightsOf(longRun);
  const unconditional =
    longRun && mandate.construction.covariance === 'regime'
      ? coreWeights({ ...mandate, construction: withoutRegimes(mandate.construction) }, model, { priced })
      : undefined;
  const blended = unconditional === undefined ? plain : weightsOf(unconditional);
  const parts: [WeightDriver, (i: number) => number][] = [
    ['core', (i) => (budgeted ?? plain)[i] - held[i]],
    ['covariance', (i) => (budgeted ? blended[i] - budgeted[i] : 0)],
    ['regime-covariance', (i) => plain[i] - blended[i]],
    ...named.map((driver): [WeightDriver, (i: number) => number] => [
      driver,
      (i) => (drivers.get(driver) as Float64Array)[i],
    ]),
    ['limits', (i) => fit[i] - raw[i]],
    ['rounding', (i) => final[i] - fit[i]],
  ];
  return ids.flatMap((instrument, i) => {
    const found = parts.map(([driver, of]) => ({ driver, change: of(i) })).filter(({ change }) => change !== 0);
    return found.length === 0 ? [] : [{ instrument, parts: found }];
  });
}

function withoutRegimes({ covariance: _byRegime, ...construction }: Construction): Construction {
  return construction;
}

/** The exposure at which each of the largest trades would turn around; each is found by solving again on both sides of it. */
function counterfactualsOf(facts: ProposalFacts): Counterfactual[] {
  const { mandate, budget, previous, weights } = facts;
  const core = budget.core as NonNullable<RiskBudgetSet['core']>;
  return [...weights]
    .map(([instrument, weight]) => ({ instrument, trade: weight - (previous.get(instrument) ?? 0) })) // not held
    .filter(({ instrument, trade }) => trade !== 0 && instrument !== mandate.cashInstrument)
    .sort((a, b) => Math.abs(b.trade) - Math.abs(a.trade) || (a.instrument < b.instrument ? -1 : 1))
    .slice(0, COUNTERFACTUALS)
    .flatMap(({ instrument, trade }) => {
      const full = weightAt(facts, instrument, 1);
      const held = previous.get(instrument) ?? 0; // not held
      if (full === undefined || !(full > 0) || !(held > 0)) return [];
      const turning = held / full;
      const [sold, bought] = [turning * (1 - 1e-3), turning * (1 + 1e-3)];
      if (bought > 1) return [];
      const below = weightAt(facts, instrument, sold);
      const above = weightAt(facts, instrument, bought);
      const turns = below !== undefined && above !== undefined && below < held && above > held;
      return turns ? [{ instrument, trade, exposure: core.exposure, turnsAt: turning }] : [];
    });
}

/** Weight of an instrument after limits when the exposure were another; `undefined` when limits exclude each other then. */
export function weightAt(
  facts: Omit<ProposalFacts, 'weights' | 'fitted'>,
  instrument: string,
  exposure: number,
): number | undefined {
  const { mandate, budget, universe, model, previous } = facts;
  const core = budget.core as NonNullable<RiskBudgetSet['core']>;
  const alone = { exposure, volatility: exposure, drawdown: 1, regime: 1 };
  const target = coreTarget(
    mandate,
    { weights: core.weights, exposure: alone },
    { universe, model, on: new Set(driversOf(alone)) },
  );
  const priced = new Set(budget.prices.map(({ id }) => id));
  const fitted = fitLimits(target, mandate, { universe, previous, priced });
  return fitted.status === 'fitted' ? fitted.weights.get(instrument) : undefined;
}
