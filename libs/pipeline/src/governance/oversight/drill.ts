import type { Instant } from '@allostat/kernel';
import type { AuditRecord } from '../audit-record';
import type { AnswerChallenge, ChallengeReview, DecideReview, OverrideProposal, WithdrawReview } from '../commands';
import { signatureContext } from '../decide-review';
import { MACHINE_MAKER, openingOf, submittedReview } from '../open-review';
import { audit } from '../output';
import { GovernanceRefusal } from '../refusal';
import { challengeReview } from '../review/challenge';
import { isOpen, nextStatus, type ReviewAction } from '../review/review-status';
import { requireOnTime, requirePerson, requireReason, sign } from '../review/sign';
import type { GovernanceState, Review } from '../state';
import { FAULT_WORDS, plantFault, type Fault } from './plant-fault';

/** How a drill ended: somebody objected, it was approved as if it were sound, or nobody decided in time. */
export type DrillOutcome = 'caught' | 'missed' | 'not-decided';

/** A proposal with a planted fault on its way through a review that looks like any other and can release nothing. */
export interface Drill {
  readonly fault: Fault;
  readonly plantedBy: string;
  readonly plantedAt: Instant;
  /** The real proposal that it is a copy of. */
  readonly baseId: string;
  readonly review: Review;
  readonly outcome?: DrillOutcome;
  readonly endedAt?: Instant;
}

export type DrillCommand = DecideReview | ChallengeReview | OverrideProposal | WithdrawReview | AnswerChallenge;

/** A step of a drill: what stands then, and the record of it. Drills put nothing on the bus. */
export interface DrillStep {
  readonly drill: Drill;
  readonly records: readonly AuditRecord[];
}

/** Puts a faulty copy of the mandate's last proposal before its reviewers. */
export function plantDrill(
  wish: { readonly fault: Fault; readonly plantedBy: string; readonly reason: string },
  state: GovernanceState,
  now: Instant,
): DrillStep {
  const { fault, plantedBy, reason } = wish;
  requirePerson(plantedBy);
  requireReason(reason);
  const { mandate, review: last } = state;
  if (!mandate || !last) {
    throw new GovernanceRefusal(
      'GOVERNANCE.NOTHING_TO_COPY',
      'the mandate has no proposal yet that a drill could copy',
      'plant it after the first proposal',
    );
  }
  if (isOpen(last.status) || last.status === 'approved') {
    throw new GovernanceRefusal(
      'GOVERNANCE.REVIEW_IS_OPEN',
      `proposal ${last.proposal.proposalId} waits: two open reviews of one mandate would give the drill away`,
      'plant it when the review is over',
    );
  }
  const planted = plantFault(last.proposal, fault, mandate, now);
  const review = submittedReview(planted, MACHINE_MAKER, [{ person: plantedBy, part: 'editor' }], state, now);
  const drill: Drill = { fault, plantedBy, plantedAt: now, baseId: last.proposal.proposalId, review };
  return {
    drill,
    records: [recordOf(drill, 'planted', plantedBy, now, { reason, proposal: planted, ...openingOf(review) })],
  };
}

/** What a person's command makes of a drill. Whoever objects in any way has caught it, and it is over. */
export function actOnDrill(command: DrillCommand, drill: Drill, now: Instant): DrillStep {
  const { review } = drill;
  if (isOpen(review.status)) requireOnTime(review, now);
  switch (command.type) {
    case 'DecideReview': {
      const signed = sign(review, command, signatureContext(command, now));
      const [entry] = signed.decisions.slice(-1);
      const next = { ...drill, review: signed };
      if (signed.status === 'approved') return ended(next, 'missed', command.actor, now, 'supersede', { ...entry });
      if (signed.status === 'rejected') return ended(next, 'caught', command.actor, now, undefined, { ...entry });
      return { drill: next, records: [recordOf(next, command.decision, command.actor, now, { ...entry })] };
    }
    case 'ChallengeReview': {
      const challenged = { ...drill, review: challengeReview(review, command, now) };
      const { topic, text } = command;
      return ended(challenged, 'caught', command.actor, now, 'withdraw', { by: 'challenge', topic, text });
    }
    case 'OverrideProposal':
      requirePerson(command.actor);
      requireReason(command.reason);
      return ended(drill, 'caught', command.actor, now, 'edit', { by: 'override', reason: command.reason });
    case 'WithdrawReview':
      requireReason(command.reason);
      return ended(drill, 'caught', command.actor, now, 'withdraw', { by: 'withdrawal', reason: command.reason });
    case 'AnswerChallenge':
      nextStatus(review.status, 'answer');
      throw new Error('unreachable: the first challenge ends a drill');
  }
}

/** Ends a drill that nobody decided on: a real proposal has come, or its time is over. */
export function endDrill(drill: Drill, action: 'supersede' | 'expire', now: Instant): DrillStep {
  return ended(drill, 'not-decided', 'service:governance', now, action, { by: action });
}

/** Whether people can still act on a drill. */
export function isRunning({ review }: Drill): boolean {
  return isOpen(review.status);
}

function ended(
  drill: Drill,
  outcome: DrillOutcome,
  actor: string,
  now: Instant,
  action: Extract<ReviewAction, 'supersede' | 'withdraw' | 'edit' | 'expire'> | undefined,
  body: Readonly<Record<string, unknown>>,
): DrillStep {
  const status = action === undefined ? drill.review.status : nextStatus(drill.review.status, action);
  const over: Drill = { ...drill, review: { ...drill.review, status } as Review, outcome, endedAt: now };
  return { drill: over, records: [recordOf(over, outcome, actor, now, body)] };
}

function recordOf(
  { review, fault, baseId, plantedBy }: Drill,
  action: string,
  actor: string,
  now: Instant,
  body: Readonly<Record<string, unknown>>,
): AuditRecord {
  const { mandateId, proposalId } = review.proposal;
  const { contentHash, status, challenges } = review;
  const about = { drill: true, mandateId, proposalId, contentHash, baseId, plantedBy, status, challenges };
  return audit(now, actor, `drill.${action}`, mandateId, { ...about, fault, wrong: FAULT_WORDS[fault], ...body });
}
