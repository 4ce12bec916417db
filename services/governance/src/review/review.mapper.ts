import type { AllocationProposed, Review, ReviewDecision } from '@allostat/pipeline';
import type { ReviewDecisionEntity } from './review-decision.entity';
import type { ReviewEntity } from './review.entity';

/** A review as people and scripts read it. */
export interface ReviewView {
  readonly id: string;
  readonly mandateId: string;
  readonly status: string;
  readonly maker: string;
  /** How many more approvals are needed; 0 once nothing waits. */
  readonly needs: number;
  readonly contentHash: string;
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly decisions: readonly ReviewDecision[];
  readonly proposal: AllocationProposed;
}

export function reviewRow(review: Review): ReviewEntity {
  return {
    proposalId: review.proposal.proposalId,
    mandateId: review.proposal.mandateId,
    maker: review.maker,
    contentHash: review.contentHash,
    status: review.status,
    requiredApprovals: review.requiredApprovals,
    openedAt: new Date(review.openedAt),
    expiresAt: new Date(review.expiresAt),
    instructionId: 'instructionId' in review ? review.instructionId : null,
    proposal: review.proposal,
  };
}

export function reviewView(row: ReviewEntity, decisions: readonly ReviewDecisionEntity[]): ReviewView {
  const approvals = decisions.filter(({ decision }) => decision === 'approve').length;
  return {
    id: row.proposalId,
    mandateId: row.mandateId,
    status: row.status,
    maker: row.maker,
    needs: row.status === 'waiting' ? Math.max(0, row.requiredApprovals - approvals) : 0,
    contentHash: row.contentHash,
    openedAt: row.openedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decisions: decisions.map((decision) => ({
      actor: decision.actor,
      decision: decision.decision as ReviewDecision['decision'],
      reason: decision.reason,
      contentHash: decision.contentHash,
      at: decision.at.toISOString(),
    })),
    proposal: row.proposal as AllocationProposed,
  };
}
