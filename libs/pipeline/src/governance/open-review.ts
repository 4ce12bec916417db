import { addDays, invariant, type Instant } from '@allostat/kernel';
import type { AllocationProposed } from '../optimization/events';
import type { Decision } from '../stage';
import { audit, type GovernanceOutput } from './output';
import { contentHash } from './content-hash';
import type { GovernanceState, Review } from './state';

/** Actor name of the machine that makes proposals; no person can sign as it. */
export const MACHINE_MAKER = 'service:optimization';

/** Opens the review of a proposal; a review that still waits for the same mandate is superseded. */
export function openReview(
  proposal: AllocationProposed,
  maker: string,
  state: GovernanceState,
  now: Instant,
): Decision<GovernanceState, GovernanceOutput> {
  const { mandate } = state;
  invariant(mandate, `mandate ${proposal.mandateId} is not known to governance`);
  const events: GovernanceOutput[] = [];
  const mandateId = mandate.id;
  const waiting = state.review?.status === 'waiting' ? state.review : undefined;
  if (waiting) {
    const ended = {
      mandateId,
      proposalId: waiting.proposal.proposalId,
      contentHash: waiting.contentHash,
      supersededBy: proposal.proposalId,
    };
    events.push({ type: 'ProposalSuperseded', ...ended }, audit(now, maker, 'proposal.superseded', mandateId, ended));
  }
  const hash = contentHash(proposal);
  const review: Review = {
    status: 'waiting',
    proposal,
    contentHash: hash,
    maker,
    openedAt: now,
    expiresAt: addDays(now, mandate.approvals.validityDays),
    requiredApprovals: mandate.approvals.required,
    decisions: [],
  };
  const opened = {
    mandateId,
    proposalId: proposal.proposalId,
    contentHash: hash,
    maker,
    requiredApprovals: review.requiredApprovals,
    expiresAt: review.expiresAt,
  };
  events.push({ type: 'ReviewOpened', ...opened }, audit(now, maker, 'review.opened', mandateId, opened));
  return { state: { ...state, review }, events };
}
