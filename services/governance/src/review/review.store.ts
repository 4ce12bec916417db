import { In, type EntityManager } from 'typeorm';
import type { AllocationReleased, GovernanceState, Review } from '@allostat/pipeline';
import { InstructionEntity } from './instruction.entity';
import { ReviewDecisionEntity } from './review-decision.entity';
import { ReviewEntity } from './review.entity';
import { reviewRow, reviewView, type ReviewView } from './review.mapper';

/** Brings the tables from one state of a mandate to the next; a review that was replaced counts as superseded. */
export async function saveReviews(
  manager: EntityManager,
  before: GovernanceState,
  after: GovernanceState,
): Promise<void> {
  if (after.review === before.review || !after.review) return;
  if (before.review && before.review.proposal.proposalId !== after.review.proposal.proposalId) {
    if (before.review.status === 'waiting') {
      await manager.update(ReviewEntity, before.review.proposal.proposalId, { status: 'superseded' });
    }
    await manager.insert(ReviewEntity, reviewRow(after.review) as never);
  } else if (!before.review) {
    await manager.insert(ReviewEntity, reviewRow(after.review) as never);
  }
  await saveDecisions(manager, after.review, before.review);
  if (after.review.status !== 'waiting') {
    const { status, instructionId, proposalId } = reviewRow(after.review);
    await manager.update(ReviewEntity, proposalId, { status, instructionId });
  }
}

async function saveDecisions(manager: EntityManager, review: Review, before: Review | undefined): Promise<void> {
  const known = before?.proposal.proposalId === review.proposal.proposalId ? before.decisions.length : 0;
  for (const { actor, decision, reason, contentHash, at } of review.decisions.slice(known)) {
    await manager.insert(ReviewDecisionEntity, {
      proposalId: review.proposal.proposalId,
      maker: review.maker,
      actor,
      decision,
      reason,
      contentHash,
      at: new Date(at),
    });
  }
}

export async function saveInstruction(manager: EntityManager, released: AllocationReleased): Promise<void> {
  const { instructionId, mandateId, sequence, proposalId, contentHash, releasedAt } = released;
  await manager.insert(InstructionEntity, {
    instructionId,
    mandateId,
    sequence,
    proposalId,
    contentHash,
    releasedAt: new Date(releasedAt),
    body: released as never,
  });
}

/** Reviews, newest first; all of them or those of one status. */
export async function listReviews(manager: EntityManager, status?: string): Promise<ReviewView[]> {
  const rows = await manager.find(ReviewEntity, {
    ...(status !== undefined && { where: { status } }),
    order: { openedAt: 'DESC', proposalId: 'ASC' },
    take: 1000,
  });
  const decisions = await manager.find(ReviewDecisionEntity, {
    where: { proposalId: In(rows.map(({ proposalId }) => proposalId)) },
    order: { at: 'ASC', actor: 'ASC' },
  });
  return rows.map((row) =>
    reviewView(
      row,
      decisions.filter(({ proposalId }) => proposalId === row.proposalId),
    ),
  );
}

export async function findReview(manager: EntityManager, proposalId: string): Promise<ReviewView | undefined> {
  const row = await manager.findOneBy(ReviewEntity, { proposalId });
  return row ? withDecisions(manager, row) : undefined;
}

/** Mandates whose waiting review is past its validity. */
export async function mandatesWithExpiredReviews(manager: EntityManager, now: string): Promise<string[]> {
  const rows: { mandate_id: string }[] = await manager.query(
    `select mandate_id from review where status = 'waiting' and expires_at <= $1`,
    [now],
  );
  return rows.map(({ mandate_id }) => mandate_id);
}

async function withDecisions(manager: EntityManager, row: ReviewEntity): Promise<ReviewView> {
  const { proposalId } = row;
  const decisions = await manager.find(ReviewDecisionEntity, {
    where: { proposalId },
    order: { at: 'ASC', actor: 'ASC' },
  });
  return reviewView(row, decisions);
}
