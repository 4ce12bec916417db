import {
  optimizePortfolio,
  returnPanel,
  type AssetMatrix,
  type PortfolioProblem,
  type PortfolioSolution,
  type TaxLot,
} from '@allostat/quant';
import { boundsOf } from '../mandate/broken-limits';
import type { Construction, LiveObjective, Mandate } from '../mandate/mandate';
import { costRate } from '../mandate/trading-cost';
import { blendedCovariance, HISTORY_BARS_MIN } from '../risk-budgeting/core-weights';
import type { RiskBudgetSet } from '../risk-budgeting/events';
import { completeScenarios, type CompleteScenarios } from '../risk-budgeting/regime-risk';
import { BARS_PER_YEAR, type RiskModel } from '../risk-budgeting/risk-model';
import { equityProxyOf, type Universe } from '../universe/universe';
import { signalReturns, type SignalReturns } from './expected-returns';

const DAY_MS = 86_400_000;

/** A loss of what was bought this lately cannot be used (IRS Publication 550). */
const WASH_DAYS = 30;

const DECISIONS_PER_YEAR: Readonly<Record<Mandate['rebalance']['every'], number>> = { week: 52, month: 12, quarter: 4 };

export interface ObjectiveFacts {
  readonly mandate: Mandate & { readonly construction: Construction };
  readonly objective: LiveObjective;
  readonly budget: RiskBudgetSet;
  readonly universe: Universe;
  readonly model: RiskModel;
  readonly previous: ReadonlyMap<string, number>;
  /** Core at its exposure, tilted: what the solution is held near to. */
  readonly target: ReadonlyMap<string, number>;
  /** Also says what pushes each weight; default false. */
  readonly forces?: boolean;
}

/** The solve of a mandate's objectives with what an explanation needs of it. */
export interface SolvedObjective {
  readonly status: 'solved';
  readonly problem: PortfolioProblem;
  readonly solution: PortfolioSolution;
  readonly returns: SignalReturns;
  /** For every instrument of the universe; sums to 1. */
  readonly weights: ReadonlyMap<string, number>;
}

export type ObjectiveOutcome =
  | SolvedObjective
  | {
      readonly status: 'infeasible';
      readonly conflict: readonly string[];
      readonly relaxation: readonly { readonly limit: string; readonly by: number }[];
    }
  /** Nothing to solve with, or no attempt that converged: the caller takes the nearest weights instead. */
  | { readonly status: 'unavailable'; readonly reason: string };

/** Weighs the mandate's objectives against each other in one convex program around the target. */
export function solveObjective(facts: ObjectiveFacts): ObjectiveOutcome {
  const { budget, universe, model, previous, forces = false } = facts;
  const priced = new Set(budget.prices.map(({ id }) => id));
  const known = new Set(model.assets.filter((_, i) => (model.moments?.bars[i] ?? 0) >= HISTORY_BARS_MIN)); // no moments: no history
  const assets = universe.instruments.map(({ id }) => id).filter((id) => priced.has(id) && known.has(id));
  const scenarios = assets.length === 0 ? undefined : completeScenarios(model, assets, budget.forecast);
  if (scenarios === undefined) {
    return { status: 'unavailable', reason: `fewer than a year of scenarios that ${assets.length} instruments share` };
  }
  const { problem, returns } = programOf(facts, assets, scenarios);
  const result = optimizePortfolio(problem, { forces });
  if (result.status === 'infeasible') {
    return { status: 'infeasible', conflict: result.conflict.limits, relaxation: result.conflict.relaxation };
  }
  if (result.status !== 'optimal') {
    const last = result.attempts[result.attempts.length - 1];
    return { status: 'unavailable', reason: `${last.method}: ${last.detail}` };
  }
  const solved = new Map(assets.map((id, i) => [id, Math.max(0, result.weights[i])]));
  const weights = new Map(
    universe.instruments.map(({ id }) => [id, solved.get(id) ?? previous.get(id) ?? 0]), // others stay as held
  );
  return { status: 'solved', problem, solution: result, returns, weights };
}

function programOf(
  facts: ObjectiveFacts,
  assets: readonly string[],
  scenarios: CompleteScenarios,
): { readonly problem: PortfolioProblem; readonly returns: SignalReturns } {
  const { mandate, objective, budget, universe, model, previous, target } = facts;
  const held = (id: string): number => previous.get(id) ?? 0; // not held
  const bars = BARS_PER_YEAR / DECISIONS_PER_YEAR[mandate.rebalance.every];
  const covariance = chosen(
    blendedCovariance(model, mandate.construction.covariance === 'regime' ? { forecast: budget.forecast } : {}),
    assets,
    bars / BARS_PER_YEAR,
  );
  const core = new Map(budget.core?.weights.map(({ id, weight }) => [id, weight]));
  const proxy = equityProxyOf(universe);
  const trend = new Map(model.assets.map((id, i) => [id, model.moments?.trend[i]]));
  const returns = signalReturns(objective.views, {
    covariance,
    core: Float64Array.from(assets, (id) => core.get(id) ?? 0), // not in the core
    trend: assets.map((id) => trend.get(id) ?? 0), // no trend: no view
    ...(budget.fused && proxy !== undefined && { fused: { proxy, parts: budget.fused } }),
  });
  const fixed = universe.instruments.filter(({ id }) => !assets.includes(id));
  const groups = Object.entries(mandate.limits.byAssetClass ?? {}).flatMap(([name, { min, max }]) => {
    const members = universe.instruments.filter(({ assetClass }) => assetClass === name).map(({ id }) => id);
    const stuck = members.filter((id) => !assets.includes(id)).reduce((sum, id) => sum + held(id), 0);
    const free = members.filter((id) => assets.includes(id));
    return free.length === 0
      ? []
      : [{ name, min: Math.max(0, min - stuck), max: Math.max(0, max - stuck), assets: free }];
  });
  const { maxTurnover } = mandate.limits;
  const participationMax = mandate.trading?.participationMax;
  const { maxVolatility, maxTrackingError, ...tails } = objective.limits ?? {};
  const perDecision = Math.sqrt(bars / BARS_PER_YEAR);
  const problem: PortfolioProblem = {
    assets,
    returns: returnPanel(assets, scenarios.returns),
    scenarioWeights: scenarios.weights,
    expectedReturns: returns.expected,
    covariance,
    objective: objective.terms,
    reference: Float64Array.from(assets, (id) => target.get(id) as number),
    previousWeights: Float64Array.from(assets, held),
    limits: {
      budget: 1 - fixed.reduce((sum, { id }) => sum + held(id), 0),
      byAsset: Object.fromEntries(assets.map((id) => [id, boundsOf(id, mandate)])),
      groups,
      ...(maxTurnover !== undefined && { maxTurnover }),
      ...(maxVolatility !== undefined && { maxVolatility: maxVolatility * perDecision }),
      ...(maxTrackingError !== undefined && { maxTrackingError: maxTrackingError * perDecision }),
      ...(participationMax !== undefined && { maxParticipation: participationMax }),
      ...tails,
    },
    ...tradingOf(facts, assets, covariance, bars),
  };
  return { problem, returns };
}

/** Cost, liquidity and tax of the mandate's own account. */
function tradingOf(
  { mandate, budget, universe }: ObjectiveFacts,
  assets: readonly string[],
  covariance: AssetMatrix,
  bars: number,
): Pick<PortfolioProblem, 'costs' | 'liquidity' | 'tax'> {
  const linear = Float64Array.from(assets, (id) => costRate(id, mandate, universe));
  const { trading, notional } = mandate;
  if (trading === undefined) return { costs: { linear } };
  const portfolioValue = notional * (budget.value ?? 1); // budgets of before it carried the value are at the start
  const { averageDailyValue: stated, impactCoefficient, participationMax, taxes } = trading;
  const observed = new Map(budget.prices.map(({ id, averageDailyValue }) => [id, averageDailyValue]));
  // what was seen in the market comes before what the mandate says of it
  const moneyOf = (id: string): number | undefined => observed.get(id) ?? stated?.[id];
  const n = assets.length;
  const impact =
    impactCoefficient === undefined
      ? undefined
      : Float64Array.from(assets, (id, i) => {
          const daily = moneyOf(id);
          // an instrument whose volume is not stated has no impact
          if (daily === undefined || daily === 0) return 0;
          return impactCoefficient * Math.sqrt(covariance.values[i * n + i] / bars) * Math.sqrt(portfolioValue / daily);
        });
  const lots = (budget.lots ?? []).filter(({ id, weight }) => assets.includes(id) && weight > 0); // no lots are known yet
  return {
    costs: { linear, ...(impact && { impact }) },
    ...(participationMax !== undefined && {
      liquidity: {
        portfolioValue,
        // an instrument whose volume is not stated may trade ten times the account: all that there is
        averageDailyValue: Float64Array.from(assets, (id) => moneyOf(id) ?? (10 * portfolioValue) / participationMax),
      },
    }),
    ...(taxes && {
      tax: {
        shortTermRate: taxes.shortTermRate,
        longTermRate: taxes.longTermRate,
        ...(taxes.harvest && { harvest: taxes.harvest }),
        lots: lots.map(({ id, weight, gain, bought }): TaxLot => {
          const days = (Date.parse(budget.asOf) - Date.parse(bought)) / DAY_MS;
          return { asset: id, weight, gain, longTerm: days > taxes.longTermDays, washed: days <= WASH_DAYS };
        }),
      },
    }),
  };
}

/** Part of a covariance, times a factor. */
function chosen({ assets, values }: AssetMatrix, wanted: readonly string[], factor: number): AssetMatrix {
  const n = assets.length;
  const at = wanted.map((id) => assets.indexOf(id));
  return { assets: wanted, values: Float64Array.from(at.flatMap((i) => at.map((j) => factor * values[i * n + j]))) };
}
