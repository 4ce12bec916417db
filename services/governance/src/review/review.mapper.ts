import type {
  AllocationProposed,
  Challenge,
  DrillResult,
  Fault,
  ReviewCore,
  ReviewDecision,
  ReviewStatus,
} from '@allostat/pipeline';
import { isOpen } from '@allostat/pipeline';
import type { ReviewDecisionEntity } from './review-decision.entity';
import type { ReviewEntity } from './review.entity';

/** A review as people and scripts read it. */
export interface ReviewView<Content = AllocationProposed> {
  readonly id: string;
  readonly kind: string;
  /** The mandate of an allocation; the subject of a change. */
  readonly mandateId: string;
  readonly status: string;
  readonly tier: string;
  readonly maker: string;
  /** How many more approvals are needed; 0 once nothing waits. */
  readonly needs: number;
  /** Roles that must be among the approvers and are not yet. */
  readonly functions: readonly string[];
  /** Statements that every approver must confirm. */
  readonly questions: readonly string[];
  readonly contentHash: string;
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly decisions: readonly ReviewDecision[];
  readonly challenges: readonly Challenge[];
  /** Why an approved review does not leave. */
  readonly held?: readonly { readonly rule: string; readonly reason: string }[];
  /** Told once a drill is over: the proposal was planted, and what was wrong with it. */
  readonly drill?: { readonly fault: Fault; readonly wrong: string; readonly outcome: DrillResult['outcome'] };
  readonly proposal: Content;
}

/** A review together with what it is about. */
export interface ReviewedContent {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly content: unknown;
  readonly instructionId?: string;
}

export function reviewRow(review: ReviewCore, about: ReviewedContent): ReviewEntity {
  return {
    proposalId: about.id,
    kind: about.kind,
    mandateId: about.subject,
    maker: review.maker,
    contentHash: review.contentHash,
    status: review.status,
    tier: review.requirement.tier,
    requiredApprovals: review.requirement.approvals,
    functions: review.requirement.functions,
    questions: review.requirement.questions,
    challenges: review.challenges,
    held: null,
    openedAt: new Date(review.openedAt),
    expiresAt: new Date(review.expiresAt),
    instructionId: about.instructionId ?? null,
    proposal: about.content,
  };
}

export function reviewView<Content = AllocationProposed>(
  row: ReviewEntity,
  decisions: readonly ReviewDecisionEntity[],
): ReviewView<Content> {
  const approvals = decisions.filter(({ decision }) => decision === 'approve');
  const given = new Set(approvals.map((approval) => approval.function));
  const functions = row.functions.filter((wanted) => !given.has(wanted));
  const missing = Math.max(0, row.requiredApprovals - approvals.length, functions.length);
  const open = isOpen(row.status as ReviewStatus);
  return {
    id: row.proposalId,
    kind: row.kind,
    mandateId: row.mandateId,
    status: row.status,
    tier: row.tier,
    maker: row.maker,
    needs: open ? missing : 0,
    functions: open ? functions : [],
    questions: row.questions,
    contentHash: row.contentHash,
    openedAt: row.openedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decisions: decisions.map(decisionOf),
    challenges: row.challenges as readonly Challenge[],
    ...(row.held !== null && { held: row.held as NonNullable<ReviewView['held']> }),
    proposal: row.proposal as Content,
  };
}

function decisionOf(row: ReviewDecisionEntity): ReviewDecision {
  return {
    actor: row.actor,
    decision: row.decision as ReviewDecision['decision'],
    reason: row.reason,
    contentHash: row.contentHash,
    at: row.at.toISOString(),
    ...(row.function !== null && { function: row.function }),
    ...(row.onBehalfOf !== null && { onBehalfOf: row.onBehalfOf }),
    ...(row.reasonCode !== null && { reasonCode: row.reasonCode }),
    ...(row.answers !== null && { answers: row.answers }),
    ...(row.evidence !== null && { evidence: row.evidence }),
    ...(row.viewed !== null && { viewed: row.viewed }),
    ...(row.authentication !== null && { authentication: row.authentication }),
    ...(row.resolutions !== null && { resolutions: row.resolutions }),
  };
}
