import { assertNever, type Instant } from '@allostat/kernel';
import type { AllocationStatusReported } from '../optimization/events';
import type { Decision } from '../stage';
import { carryHoldings } from './make-decision-record';
import { audit, type GovernanceOutput } from './output';
import { returnToReviewers } from './return-to-reviewers';
import { nextStatus, REVIEW_TRANSITIONS, type ReviewAction, type ReviewStatus } from './review/review-status';
import type { GovernanceState, ReportedHoldings, Review } from './state';

/** Reports that are kept: the last one, and the one before for proposals made at the very close of the last. */
const REPORTS_KEPT = 2;

/** Answers that say something about a message and nothing about the instruction that is known by its id. */
const ABOUT_THE_MESSAGE: readonly string[] = ['EXISTS', 'DUPLICATE_ID_DIFFERENT_CONTENT', 'SEQUENCE_GAP'];

/** Whether an answer leaves the instruction as it is. */
export function isAboutTheMessage({ reasonCode }: Pick<AllocationStatusReported, 'reasonCode'>): boolean {
  return reasonCode !== undefined && ABOUT_THE_MESSAGE.includes(reasonCode);
}

/** Moves the review along as the order system answers; an answer to anything else is recorded and changes nothing. */
export function answerOfOrderSystem(
  event: AllocationStatusReported,
  state: GovernanceState,
  now: Instant,
): Decision<GovernanceState, GovernanceOutput> {
  const { instructionId, status, sequence, reasonCode, text, realisedCost } = event;
  const body = { instructionId, status, sequence, reasonCode, text, realisedCost, holdings: event.holdings };
  const record = audit(now, 'order-system', `order-system.${status}`, event.mandateId, body);
  if (isAboutTheMessage(event)) return { state, events: [record] };
  const known = finished({ ...state, holdings: reported(state.holdings, event) }, event);
  const { review } = state;
  if (!review || !('instructionId' in review) || review.instructionId !== instructionId) {
    const stray = audit(now, 'order-system', 'order-system.unmatched', event.mandateId, body);
    return { state: known, events: [stray] };
  }
  const answered = { ...known, review: advance(review, status) };
  if (reasonCode !== 'STALE_HOLDINGS' || answered.review.status !== 'refused-by-order-system') {
    return { state: answered, events: [record] };
  }
  const report = event.holdings && { asOf: event.asOf, lines: event.holdings };
  const held = report && carryHoldings(report, review.proposal);
  const reason = text ?? 'the order system holds something else';
  const returned = returnToReviewers(review, answered, now, { held, reason });
  return { state: returned.state, events: [record, ...returned.events] };
}

function reported(
  before: readonly ReportedHoldings[],
  { asOf, holdings }: AllocationStatusReported,
): readonly ReportedHoldings[] {
  if (!holdings) return before;
  return [...before.filter((report) => report.asOf !== asOf), { asOf, lines: holdings }].slice(-REPORTS_KEPT);
}

function finished(state: GovernanceState, { instructionId, status }: AllocationStatusReported): GovernanceState {
  if (state.atWork !== instructionId || actionOf(status) === 'acknowledge') return state;
  const { atWork: _done, ...rest } = state;
  return rest;
}

function advance<R extends Review>(review: R, answer: AllocationStatusReported['status']): R {
  const status = statusAfterAnswer(review.status, answer);
  return status === review.status ? review : { ...review, status };
}

/** Status of a review once the order system has answered. Answers may arrive late: what is completed or refused stays so. */
export function statusAfterAnswer(status: ReviewStatus, answer: AllocationStatusReported['status']): ReviewStatus {
  const action = actionOf(answer);
  return REVIEW_TRANSITIONS[status][action] === undefined ? status : nextStatus(status, action);
}

function actionOf(
  status: AllocationStatusReported['status'],
): Extract<ReviewAction, 'acknowledge' | 'complete' | 'refuse'> {
  switch (status) {
    case 'received':
    case 'working':
    case 'accepted':
    case 'accepted-with-rounding':
    case 'partially-done':
    case 'replace-pending':
    case 'cancel-pending':
      return 'acknowledge';
    case 'rejected':
    case 'cancelled':
      return 'refuse';
    case 'done':
      return 'complete';
    default:
      return assertNever(status);
  }
}
