import { deterministicId, type Instant } from '@allostat/kernel';
import type { Decision } from '../stage';
import { auditLeafHash } from './audit-record';
import type { DecideReview } from './commands';
import type { AllocationReleased, ReviewDecision } from './events';
import { audit, type GovernanceOutput } from './output';
import { GovernanceRefusal } from './refusal';
import type { GovernanceState, Review } from './state';

type Waiting = Extract<Review, { status: 'waiting' }>;

/** Shortest reason that says anything. */
const MIN_REASON_LENGTH = 5;

/** The waiting review that `proposalId` names, or a refusal that says what stands instead. */
export function waitingReview(proposalId: string, state: GovernanceState, now: Instant): Waiting {
  const { review } = state;
  if (!review || review.proposal.proposalId !== proposalId) {
    throw new GovernanceRefusal(
      'GOVERNANCE.REVIEW_UNKNOWN',
      `proposal ${proposalId} is not the current one of its mandate`,
      'list the waiting proposals with `allostat review list`',
      404,
    );
  }
  if (review.status !== 'waiting') {
    throw new GovernanceRefusal(
      'GOVERNANCE.REVIEW_CLOSED',
      `the review of proposal ${proposalId} is ${review.status}`,
      'only a waiting proposal can be decided on',
    );
  }
  if (now >= review.expiresAt) {
    throw new GovernanceRefusal(
      'GOVERNANCE.REVIEW_EXPIRED',
      `the review of proposal ${proposalId} expired at ${review.expiresAt}`,
      'wait for the next proposal',
    );
  }
  return review;
}

/** A reason is mandatory and must say something. */
export function requireReason(reason: string): void {
  if (reason.trim().length < MIN_REASON_LENGTH) {
    throw new GovernanceRefusal(
      'GOVERNANCE.REASON_MISSING',
      `a reason of at least ${MIN_REASON_LENGTH} characters is needed`,
      'say why you decide so',
      422,
    );
  }
}

/** Records a person's approval or rejection; the last approval that is needed releases the instruction. */
export function decideReview(
  command: DecideReview,
  state: GovernanceState,
  now: Instant,
): Decision<GovernanceState, GovernanceOutput> {
  const review = waitingReview(command.proposalId, state, now);
  requireReason(command.reason);
  if (command.contentHash !== review.contentHash) {
    throw new GovernanceRefusal(
      'GOVERNANCE.CONTENT_CHANGED',
      `the decision was made on content ${command.contentHash}, the proposal now has ${review.contentHash}`,
      'read the proposal again, then decide',
    );
  }
  if (command.actor === review.maker) {
    throw new GovernanceRefusal(
      'GOVERNANCE.MAKER_CANNOT_DECIDE',
      `${command.actor} made this proposal and cannot decide on it`,
      'another person must decide',
      403,
    );
  }
  if (review.decisions.some((decision) => decision.actor === command.actor)) {
    throw new GovernanceRefusal(
      'GOVERNANCE.ALREADY_DECIDED',
      `${command.actor} has already decided on this proposal`,
      'a second decision must come from a different person',
    );
  }
  const { actor, decision, reason, contentHash } = command;
  const decisions: ReviewDecision[] = [...review.decisions, { actor, decision, reason, contentHash, at: now }];
  const reviewed = { mandateId: command.mandateId, proposalId: command.proposalId, contentHash };
  const recorded = audit(now, actor, `review.${decision}`, command.mandateId, { ...reviewed, reason });
  if (decision === 'reject') {
    return {
      state: { ...state, review: { ...review, status: 'rejected', decisions } },
      events: [recorded, { type: 'ProposalRejected', ...reviewed, decisions }],
    };
  }
  if (decisions.length < review.requiredApprovals) {
    return { state: { ...state, review: { ...review, decisions } }, events: [recorded] };
  }
  return release({ ...review, decisions }, state, now, [
    recorded,
    { type: 'ProposalApproved', ...reviewed, decisions },
  ]);
}

function release(
  review: Waiting,
  state: GovernanceState,
  now: Instant,
  before: readonly GovernanceOutput[],
): Decision<GovernanceState, GovernanceOutput> {
  const { proposal } = review;
  const sequence = state.lastSequence + 1;
  const priceOf = new Map(proposal.prices.map(({ id, close }) => [id, close]));
  const content: Omit<AllocationReleased, 'auditHash' | 'type'> = {
    instructionId: deterministicId('instruction', proposal.proposalId),
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
      referencePrice: referencePrice(instrument, priceOf),
    })),
    approvals: review.decisions,
  };
  const record = audit(now, 'service:governance', 'instruction.released', proposal.mandateId, { ...content });
  return {
    state: {
      ...state,
      lastSequence: sequence,
      review: {
        ...review,
        status: 'released',
        instructionId: content.instructionId,
        instructionSequence: sequence,
      },
    },
    events: [...before, record, { type: 'AllocationReleased', ...content, auditHash: auditLeafHash(record) }],
  };
}

function referencePrice(instrument: string, prices: ReadonlyMap<string, number>): number {
  const price = prices.get(instrument);
  if (price === undefined) {
    throw new GovernanceRefusal(
      'GOVERNANCE.PRICE_MISSING',
      `the proposal has no price for ${instrument}`,
      'a release needs a reference price for every target; wait for the next proposal',
      422,
    );
  }
  return price;
}
