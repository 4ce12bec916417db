import { invariant } from '@allostat/kernel';
import type { Construction } from '../mandate/mandate';
import { coreWeights, type CoreWeight } from '../risk-budgeting/core-weights';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import { coreTarget, driversOf, type TargetDriver } from './core-target';
import { counterfactualsOf } from './counterfactuals';
import type { Explanation, WeightDriver } from './events';
import { attributeSolution } from './attribute-solution';
import type { FitFacts, FittedTarget } from './fit-target';
import { shapleyAttribution } from './shapley-attribution';

const ATTRIBUTION_METHOD =
  'core first, then the mean over all orders of trend, market and the factors of exposure (Shapley), then objectives and limits by the forces that balance in the solution (gradients and multipliers), then rounding';

export interface ProposalFacts extends FitFacts {
  readonly fitted: FittedTarget;
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
    counterfactuals: counterfactualsOf(facts, facts.weights),
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
    ...fitParts(facts, ids, { fit: (i) => fit[i] - raw[i], rounding: (i) => final[i] - fit[i] }),
  ];
  return ids.flatMap((instrument, i) => {
    const found = parts.map(([driver, of]) => ({ driver, change: of(i) })).filter(({ change }) => change !== 0);
    return found.length === 0 ? [] : [{ instrument, parts: found }];
  });
}

function withoutRegimes({ covariance: _byRegime, ...construction }: Construction): Construction {
  return construction;
}

/**
 * What objectives and limits make of the target, by force where one program has made the weights; `limits` is what instruments outside the
 * program have of it, `rounding` also the solver's own.
 */
function fitParts(
  { fitted }: ProposalFacts,
  ids: readonly string[],
  { fit, rounding }: { readonly fit: (i: number) => number; readonly rounding: (i: number) => number },
): [WeightDriver, (i: number) => number][] {
  const { problem, solution } = fitted.solved ?? fitted;
  if (problem === undefined || solution === undefined) {
    return [
      ['limits', fit],
      ['rounding', rounding],
    ];
  }
  const at = new Map(problem.assets.map((id, k) => [id, k]));
  const found = new Map(
    attributeSolution(problem, solution, fitted.solved?.returns).map(({ driver, changes }) => [driver, changes]),
  );
  const inProgram = (driver: string, i: number): number => {
    const k = at.get(ids[i]);
    return k === undefined ? 0 : (found.get(driver)?.[k] ?? 0); // not in the program, or no such force
  };
  const named = [...found.keys()].filter((driver) => driver !== 'limits' && driver !== 'rounding');
  return [
    ...named.map((driver): [WeightDriver, (i: number) => number] => [
      driver as WeightDriver,
      (i) => inProgram(driver, i),
    ]),
    ['limits', (i) => (at.has(ids[i]) ? inProgram('limits', i) : fit(i))],
    ['rounding', (i) => (at.has(ids[i]) ? restOf(i) : 0) + rounding(i)],
  ];

  /** What of the fit the named parts leave, to the last bit. */
  function restOf(i: number): number {
    return [...named, 'limits'].reduce((left, driver) => left - inProgram(driver, i), fit(i));
  }
}
