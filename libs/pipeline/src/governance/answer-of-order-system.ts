import { assertNever, type Instant } from '@allostat/kernel';
import type { AllocationStatusReported } from '../optimization/events';
import type { Decision } from '../stage';
import { audit, type GovernanceOutput } from './output';
import type { GovernanceState, Review } from './state';

type Released = Extract<Review, { instructionId: string }>;

/** Moves the review along as the order system answers; an answer to anything else is recorded and changes nothing. */
export function answerOfOrderSystem(
  event: AllocationStatusReported,
  state: GovernanceState,
  now: Instant,
): Decision<GovernanceState, GovernanceOutput> {
  const { instructionId, status, sequence, reasonCode, text, realisedCost } = event;
  const body = { instructionId, status, sequence, reasonCode, text, realisedCost, holdings: event.holdings };
  const record = audit(now, 'order-system', `order-system.${status}`, event.mandateId, body);
  const { review } = state;
  if (!review || !('instructionId' in review) || review.instructionId !== instructionId) {
    const stray = audit(now, 'order-system', 'order-system.unmatched', event.mandateId, body);
    return { state, events: [stray] };
  }
  return { state: { ...state, review: advance(review, status) }, events: [record] };
}

function advance(review: Released, status: AllocationStatusReported['status']): Released {
  switch (status) {
    case 'received':
    case 'working':
    case 'accepted':
      // answers may arrive late: what is completed or refused stays so
      return review.status === 'released' ? { ...review, status: 'acknowledged' } : review;
    case 'rejected':
    case 'cancelled':
      return { ...review, status: 'refused-by-order-system' };
    case 'done':
      return { ...review, status: 'completed' };
    default:
      return assertNever(status);
  }
}
