import { canonicalJson, deterministicId, sha256Hex, type Instant } from '@allostat/kernel';
import type { Decision } from '../stage';
import { unitPrice } from '../universe/foreign-level';
import { daysOff, openFrom } from '../mandate/trading-calendar';
import { auditLeafHash } from './audit-record';
import type { AllocationReleased, InstructionTerms } from './events';
import { indicativeOrders } from './indicative-orders';
import { heldWeights, makeDecisionRecord } from './make-decision-record';
import { audit, type GovernanceOutput } from './output';
import { orderedValue, turnoverOfDecision } from './policies/decision-measures';
import { policySetName, runPolicies } from './policies/policy-set';
import type { ReleaseContext } from './release-context';
import { returnToReviewers } from './return-to-reviewers';
import { ACCUMULATION_DAYS, type Exposure } from './review/materiality';
import { nextStatus } from './review/review-status';
import type { GovernanceState, Review } from './state';

/** Decimal places of weights in an instruction. */
export const WEIGHT_SCALE = 15;

interface Reason {
  readonly rule: string;
  readonly reason: string;
}

/** Releases an approved review, holds it back with its reasons, or returns it when what people saw as held is not. */
export function release(
  state: GovernanceState,
  now: Instant,
  context: ReleaseContext,
): Decision<GovernanceState, GovernanceOutput> {
  const { review } = state;
  if (review?.status !== 'approved') return { state, events: [] };
  const record = makeDecisionRecord(review, state, now, context);
  const report = runPolicies(record, context.policySet);
  const { mandateId, proposalId } = review.proposal;
  const checked = audit(now, 'service:governance', 'release.checked', mandateId, { record, report });
  const failed = report.verdicts.filter(({ verdict }) => verdict === 'fail');
  const drift = failed.find(({ policy }) => policy === 'stale-holdings');
  if (drift?.observed !== undefined) {
    const held = heldWeights(state.holdings, review.proposal);
    const returned = returnToReviewers(review, state, now, { held, reason: drift.reason });
    return { state: returned.state, events: [checked, ...returned.events] };
  }
  const reasons = [
    ...context.killed.map((scope): Reason => ({ rule: 'kill-switch', reason: `releases of ${scope} are stopped` })),
    ...suspended(context),
    ...failed.map(({ policy, reason }): Reason => ({ rule: policy, reason })),
    ...priceFaults(review),
    ...fullCaps(orderedValue(record), context),
  ];
  if (reasons.length > 0) {
    const held = { mandateId, proposalId, contentHash: review.contentHash, at: now, reasons };
    const entry = audit(now, 'service:governance', 'release.held', mandateId, held);
    return { state, events: [checked, { type: 'ReleaseHeld', ...held }, entry] };
  }
  const sent = send(review, state, now, context);
  const exposure = { at: now, amount: turnoverOfDecision(record) };
  return {
    state: { ...sent.state, exposures: [...recent(state.exposures, now), exposure] },
    events: [checked, ...sent.events],
  };
}

function send(
  review: Review,
  state: GovernanceState,
  now: Instant,
  context: ReleaseContext,
): Decision<GovernanceState, GovernanceOutput> {
  const { proposal } = review;
  const sequence = state.lastSequence + 1;
  const instructionId = deterministicId('instruction', proposal.proposalId);
  const priceOf = new Map(proposal.prices.map((price) => [price.id, unitPrice(price)]));
  const content: Omit<AllocationReleased, 'auditHash' | 'type'> = {
    instructionId,
    sequence,
    mandateId: proposal.mandateId,
    proposalId: proposal.proposalId,
    contentHash: review.contentHash,
    asOf: proposal.asOf,
    releasedAt: now,
    validUntil: review.expiresAt,
    targets: proposal.weights.map(({ instrument, targetWeight }) => ({
      instrument,
      weight: targetWeight,
      referencePrice: priceOf.get(instrument) as number,
    })),
    approvals: review.decisions,
    terms: termsOf(review, state, now, context),
  };
  const record = releaseRecord(content);
  const status = nextStatus(review.status, 'release');
  return {
    state: {
      ...state,
      lastSequence: sequence,
      atWork: instructionId,
      review: { ...review, status, instructionId, instructionSequence: sequence } as Review,
    },
    events: [record, { type: 'AllocationReleased', ...content, auditHash: auditLeafHash(record) }],
  };
}

/** The audit record of a release: who has the instruction can make it again and compare its hash. */
export function releaseRecord(content: Omit<AllocationReleased, 'auditHash' | 'type'>) {
  return audit(content.releasedAt, 'service:governance', 'instruction.released', content.mandateId, { ...content });
}

function termsOf(
  { proposal, expiresAt }: Review,
  state: GovernanceState,
  now: Instant,
  { policySet, universe }: ReleaseContext,
): InstructionTerms {
  const { mandate } = state;
  if (!mandate) throw new Error('unreachable: a release has a mandate');
  const { calendar } = mandate;
  const weights = proposal.weights.map(({ instrument, previousWeight }) => ({ instrument, weight: previousWeight }));
  const venueOf = new Map(universe?.instruments.map(({ id, venue }) => [id, venue]));
  const models = (proposal.facts?.models ?? []).map(({ name, version }) => `${name}@${version}`);
  const cash = proposal.weights.find(({ instrument }) => instrument === mandate.cashInstrument);
  return {
    action: state.atWork === undefined ? 'new' : 'replace',
    ...(state.atWork !== undefined && { supersedes: state.atWork }),
    currency: mandate.currency,
    notional: mandate.notional,
    weightScale: WEIGHT_SCALE,
    effectiveFrom: openFrom(calendar, now),
    ...(calendar && { daysOff: daysOff(calendar, now.slice(0, 10), expiresAt.slice(0, 10)) }),
    holdings: { asOf: proposal.asOf, hash: sha256Hex(canonicalJson(weights)), weights },
    orders: indicativeOrders(proposal, mandate, (id) => venueOf.get(id)),
    cash: { targetWeight: cash === undefined ? 0 : cash.targetWeight, funding: 'sell-first' },
    provenance: {
      mode: mandate.stage,
      regime: proposal.regime,
      mandateVersion: proposal.mandateVersion,
      riskModel: proposal.inputs.riskModel,
      budget: proposal.inputs.budget,
      policySet: policySetName(policySet),
      ...(models.length > 0 && { models }),
    },
  };
}

/** A version that a person took out of use lets nothing leave that follows from it. */
function suspended({ models = [] }: ReleaseContext): Reason[] {
  return models.flatMap(({ name, version, suspended: why }) => {
    return why === undefined ? [] : [{ rule: 'model-suspended', reason: `${name} ${version} is suspended: ${why}` }];
  });
}

function priceFaults({ proposal }: Review): Reason[] {
  const priced = new Set(proposal.prices.filter(({ close }) => close > 0).map(({ id }) => id));
  return proposal.weights
    .filter(({ instrument }) => !priced.has(instrument))
    .map(({ instrument }) => ({ rule: 'prices', reason: `the proposal has no price for ${instrument}` }));
}

function fullCaps(value: number, { caps }: ReleaseContext): Reason[] {
  return caps
    .filter(({ limit, used }) => !(used + value <= limit))
    .map(({ id, limit, used }) => ({
      rule: `cap:${id}`,
      reason: `${used} of ${limit} are taken; ${value} more do not fit`,
    }));
}

function recent(exposures: readonly Exposure[], now: Instant): readonly Exposure[] {
  const start = Date.parse(now) - ACCUMULATION_DAYS * 86_400_000;
  return exposures.filter(({ at }) => Date.parse(at) > start);
}
