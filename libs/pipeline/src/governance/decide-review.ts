import type { Instant } from '@allostat/kernel';
import { brokenClaims } from '../optimization/claims';
import type { Decision } from '../stage';
import type { AnswerChallenge, ChallengeReview, DecideReview, WithdrawReview } from './commands';
import type { ReviewMoved } from './events';
import { audit, type GovernanceOutput } from './output';
import { GovernanceRefusal } from './refusal';
import { release } from './release';
import type { ReleaseContext } from './release-context';
import { answerChallenge, challengeReview } from './review/challenge';
import { isOpen, nextStatus } from './review/review-status';
import { requireOnTime, requirePerson, requireReason, sign, type SignatureContext } from './review/sign';
import type { GovernanceState, Review } from './state';

/** The review that `proposalId` names, when people can still act on it; else a refusal that says what stands instead. */
export function currentReview(proposalId: string, state: GovernanceState, now: Instant): Review {
  const { review } = state;
  if (!review || review.proposal.proposalId !== proposalId) {
    throw new GovernanceRefusal(
      'GOVERNANCE.REVIEW_UNKNOWN',
      `proposal ${proposalId} is not the current one of its mandate`,
      'list the waiting proposals with `allostat review list`',
      404,
    );
  }
  if (isOpen(review.status) || review.status === 'approved') requireOnTime(review, now);
  return review;
}

/** Records a person's approval or rejection; the last approval that is needed releases the instruction. */
export function decideReview(
  command: DecideReview,
  state: GovernanceState,
  now: Instant,
  context: ReleaseContext,
): Decision<GovernanceState, GovernanceOutput> {
  const review = currentReview(command.proposalId, state, now);
  const { mandateId, actor, decision } = command;
  if (decision === 'approve') requireTrueClaims(review);
  const signed = sign(review, command, signatureContext(command, now));
  const { decisions, contentHash } = signed;
  const reviewed = { mandateId, proposalId: command.proposalId, contentHash };
  const [entry] = decisions.slice(-1);
  const recorded = audit(now, actor, `review.${decision}`, mandateId, { ...reviewed, ...entry });
  const next = { ...state, review: signed };
  switch (signed.status) {
    case 'rejected':
      return { state: next, events: [recorded, { type: 'ProposalRejected', ...reviewed, decisions }] };
    case 'approved': {
      const released = release(next, now, context);
      return {
        state: released.state,
        events: [recorded, { type: 'ProposalApproved', ...reviewed, decisions }, ...released.events],
      };
    }
    default:
      return { state: next, events: [recorded] };
  }
}

/** Nobody signs a rationale that the proposal's own figures do not bear out, whatever happened to it since it was made. */
function requireTrueClaims({ proposal }: Review): void {
  const [first] = brokenClaims(proposal);
  if (first === undefined) return;
  throw new GovernanceRefusal(
    'GOVERNANCE.CLAIM_BROKEN',
    `the rationale of ${proposal.proposalId} does not hold: ${first}`,
    'reject it; a proposal with a rationale that holds has to be made anew',
    422,
  );
}

/** What a signature is checked against, from what came with the command. */
export function signatureContext(command: DecideReview, now: Instant): SignatureContext {
  const { mandateId, delegations = [], absences = [], committees = [] } = command;
  return { now, mandateId, delegations, absences, committees };
}

/** Puts a doubt on record. */
export function decideChallenge(
  command: ChallengeReview,
  state: GovernanceState,
  now: Instant,
): Decision<GovernanceState, GovernanceOutput> {
  const review = currentReview(command.proposalId, state, now);
  const challenged = challengeReview(review, command, now);
  return moved({ ...state, review: challenged }, 'challenge', command.actor, command.text, now);
}

/** Answers a doubt. */
export function decideAnswer(
  command: AnswerChallenge,
  state: GovernanceState,
  now: Instant,
): Decision<GovernanceState, GovernanceOutput> {
  const review = currentReview(command.proposalId, state, now);
  const answered = answerChallenge(review, command, now);
  return moved({ ...state, review: answered }, 'answer', command.actor, command.text, now);
}

/** Takes a proposal back before it is decided. */
export function decideWithdrawal(
  command: WithdrawReview,
  state: GovernanceState,
  now: Instant,
): Decision<GovernanceState, GovernanceOutput> {
  requireReason(command.reason);
  requirePerson(command.actor);
  const review = currentReview(command.proposalId, state, now);
  if (!review.maker.startsWith('service:') && review.maker !== command.actor) {
    throw new GovernanceRefusal(
      'GOVERNANCE.NOT_THE_MAKER',
      `${review.maker} made this proposal; ${command.actor} cannot withdraw it`,
      'reject it instead',
      403,
    );
  }
  const status = nextStatus(review.status, 'withdraw');
  const withdrawn = { ...review, status } as Review;
  return moved({ ...state, review: withdrawn }, 'withdraw', command.actor, command.reason, now);
}

/** Says that a review has waited longer than its tier allows, once. */
export function escalate(state: GovernanceState, now: Instant): Decision<GovernanceState, GovernanceOutput> {
  const { review } = state;
  if (!review || !isOpen(review.status) || review.escalatedAt !== undefined) return { state, events: [] };
  const { escalateAfterHours, tier } = review.requirement;
  const hours = (Date.parse(now) - Date.parse(review.openedAt)) / 3_600_000;
  if (hours < escalateAfterHours) return { state, events: [] };
  const text = `tier ${tier} has waited ${Math.floor(hours)} hours, ${escalateAfterHours} are allowed`;
  return moved({ ...state, review: { ...review, escalatedAt: now } }, 'escalate', 'service:governance', text, now);
}

function moved(
  state: GovernanceState & { readonly review: Review },
  action: ReviewMoved['action'],
  actor: string,
  text: string,
  now: Instant,
): Decision<GovernanceState, GovernanceOutput> {
  const { proposal, contentHash, status, challenges } = state.review;
  const { mandateId, proposalId } = proposal;
  const fact = { mandateId, proposalId, contentHash, action, status, actor, text, at: now };
  const body = { ...fact, ...(challenges.length > 0 && { challenges }) };
  return {
    state,
    events: [{ type: 'ReviewMoved', ...fact }, audit(now, actor, `review.${action}`, mandateId, body)],
  };
}
