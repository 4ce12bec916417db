import { invariant, type Instant } from '@allostat/kernel';
import type { Mandate } from '../mandate/mandate';
import type { AllocationProposed } from '../optimization/events';
import { unitPrice } from '../universe/foreign-level';
import { orderPrice, indicativeOrders } from './indicative-orders';
import type { DecisionRecord } from './policies/decision-record';
import type { ReleaseContext } from './release-context';
import type { GovernanceState, ReportedHoldings, Review } from './state';

/** Everything that policies look at, from what governance knows when a release is attempted. */
export function makeDecisionRecord(
  review: Review,
  state: GovernanceState,
  now: Instant,
  { universe, builds, models }: ReleaseContext,
): DecisionRecord {
  const { mandate } = state;
  const { proposal } = review;
  invariant(mandate, `mandate ${proposal.mandateId} is not known to governance`);
  const held = heldWeights(state.holdings, proposal);
  const classOf = new Map(universe?.instruments.map(({ id, assetClass }) => [id, assetClass]));
  const priceOf = new Map(proposal.prices.map((price) => [price.id, unitPrice(price)]));
  return {
    proposalId: proposal.proposalId,
    contentHash: review.contentHash,
    asOf: proposal.asOf,
    at: now,
    purpose: mandate.stage,
    mandate,
    lines: proposal.weights.map(({ instrument, previousWeight, targetWeight }) => ({
      instrument,
      previousWeight,
      targetWeight,
      ...present('assetClass', classOf.get(instrument)),
      ...present('price', priceOf.get(instrument)),
      ...present('heldWeight', held?.get(instrument)),
    })),
    orders: indicativeOrders(proposal, mandate).map(({ instrument, side, quantity, lotSize, ...priced }) => ({
      instrument,
      quantity: side === 'buy' ? quantity : -quantity,
      lotSize,
      price: orderPrice(priced),
    })),
    expectedVolatility: proposal.expectedVolatility,
    volatilityTarget: proposal.volatilityTarget,
    certificate: proposal.certificate,
    ...factsOf(proposal, now, models),
    ...present('daysToTrade', daysToTrade(proposal, mandate)),
    releases: state.exposures.map(({ at }) => at),
    builds,
  };
}

const DAY_MS = 86_400_000;

/**
 * Days that the slowest trade takes at the part of a day's money that the mandate may trade. Undefined when that part, or
 * the money of an instrument that is traded, is not known; what is left in cash is not traded.
 */
export function daysToTrade(
  { weights }: Pick<AllocationProposed, 'weights'>,
  { trading, notional, cashInstrument }: Mandate,
): number | undefined {
  const { averageDailyValue = {}, participationMax } = trading ?? {};
  const traded = weights.filter(({ instrument, previousWeight, targetWeight }) => {
    return instrument !== cashInstrument && previousWeight !== targetWeight;
  });
  const known = ({ instrument }: { readonly instrument: string }): boolean => {
    const money = averageDailyValue[instrument] as number | undefined;
    return money !== undefined && money > 0;
  };
  if (participationMax === undefined || !traded.every(known)) return undefined;
  return Math.max(
    0,
    ...traded.map(({ instrument, previousWeight, targetWeight }) => {
      return (Math.abs(targetWeight - previousWeight) * notional) / (participationMax * averageDailyValue[instrument]);
    }),
  );
}

/** What the proposal and the registry say; what neither does stays unknown. */
function factsOf(
  { facts }: AllocationProposed,
  now: Instant,
  models: ReleaseContext['models'],
): Pick<
  DecisionRecord,
  'cvar95' | 'cvar95FromScenarios' | 'drawdownBudgetUsed' | 'regimeProbability' | 'modelAgeDays'
> {
  const ages = (models ?? []).map(({ trainedTo }) =>
    trainedTo === undefined ? Number.NaN : (Date.parse(now) - Date.parse(`${trainedTo}T00:00:00Z`)) / DAY_MS,
  );
  const oldest = ages.length === 0 ? Number.NaN : Math.max(...ages);
  return {
    ...present('cvar95', facts?.cvar95),
    ...present('cvar95FromScenarios', facts?.cvar95FromScenarios),
    ...present('drawdownBudgetUsed', facts?.drawdownBudgetUsed),
    ...present('regimeProbability', facts?.regimeProbability),
    ...present('modelAgeDays', Number.isNaN(oldest) ? undefined : oldest),
  };
}

/**
 * Weights that the order system last reported, carried to the prices of the proposal. Trades at the very close of the
 * proposal are reported after it was made: the proposal is compared with what was held before them.
 */
export function heldWeights(
  reports: readonly ReportedHoldings[],
  proposal: AllocationProposed,
): ReadonlyMap<string, number> | undefined {
  const report = reports.filter(({ asOf }) => asOf !== proposal.asOf).at(-1);
  return report && carryHoldings(report, proposal);
}

/** Reported weights at the prices of a proposal; undefined when none of them has a price there. */
export function carryHoldings(
  report: ReportedHoldings,
  { prices, weights }: Pick<AllocationProposed, 'prices' | 'weights'>,
): ReadonlyMap<string, number> | undefined {
  const priceOf = new Map(prices.map(({ id, close }) => [id, close]));
  const values = report.lines.flatMap(({ instrument, weight, price }) => {
    const now = priceOf.get(instrument);
    return now === undefined ? [] : [[instrument, (weight * now) / price] as const];
  });
  const total = values.reduce((sum, [, value]) => sum + value, 0);
  if (!(total > 0)) return undefined;
  const known = new Map(values.map(([instrument, value]) => [instrument, value / total]));
  const reported = new Set(report.lines.map(({ instrument }) => instrument));
  // not in the report: not held
  for (const { instrument } of weights) if (!reported.has(instrument)) known.set(instrument, 0);
  return known;
}

function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}
