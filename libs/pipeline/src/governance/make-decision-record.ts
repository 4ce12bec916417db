import { invariant, type Instant } from '@allostat/kernel';
import type { AllocationProposed } from '../optimization/events';
import { indicativeOrders } from './indicative-orders';
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
  const priceOf = new Map(proposal.prices.map(({ id, close }) => [id, close]));
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
    orders: indicativeOrders(proposal, mandate.notional).map(
      ({ instrument, side, quantity, lotSize, referencePrice }) => ({
        instrument,
        quantity: side === 'buy' ? quantity : -quantity,
        lotSize,
        price: referencePrice,
      }),
    ),
    expectedVolatility: proposal.expectedVolatility,
    volatilityTarget: proposal.volatilityTarget,
    certificate: proposal.certificate,
    ...factsOf(proposal, now, models),
    releases: state.exposures.map(({ at }) => at),
    builds,
  };
}

const DAY_MS = 86_400_000;

/** What the proposal and the registry say; what neither does stays unknown. */
function factsOf(
  { facts }: AllocationProposed,
  now: Instant,
  models: ReleaseContext['models'],
): Pick<DecisionRecord, 'cvar95' | 'drawdownBudgetUsed' | 'regimeProbability' | 'modelAgeDays'> {
  const ages = (models ?? []).map(({ trainedTo }) =>
    trainedTo === undefined ? Number.NaN : (Date.parse(now) - Date.parse(`${trainedTo}T00:00:00Z`)) / DAY_MS,
  );
  const oldest = ages.length === 0 ? Number.NaN : Math.max(...ages);
  return {
    ...present('cvar95', facts?.cvar95),
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
