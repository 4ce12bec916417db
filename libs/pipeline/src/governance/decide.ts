import { assertNever, toInstant, type Instant } from '@allostat/kernel';
import type { MandateVersioned } from '../mandate/mandate';
import type {
  AllocationInfeasible,
  AllocationProposed,
  AllocationStatusReported,
  AllocationUnchanged,
} from '../optimization/events';
import type { Decision, DecisionContext } from '../stage';
import type { UniverseVersioned } from '../universe/universe';
import { answerOfOrderSystem } from './answer-of-order-system';
import type { DecideReview, ExpireReviews, OverrideProposal } from './commands';
import { decideReview } from './decide-review';
import { MACHINE_MAKER, openReview } from './open-review';
import { audit, type GovernanceOutput } from './output';
import { overrideProposal } from './override-proposal';
import type { GovernanceState } from './state';

export type GovernanceInput =
  | MandateVersioned
  | AllocationProposed
  | AllocationUnchanged
  | AllocationInfeasible
  | AllocationStatusReported
  | DecideReview
  | (OverrideProposal & { readonly universe: UniverseVersioned['universe'] })
  | ExpireReviews;

/**
 * What governance makes of one event or one person's command on one mandate.
 * Throws `GovernanceRefusal` when a command is not allowed; the state is then untouched.
 */
export function decideGovernance(
  event: GovernanceInput,
  state: GovernanceState,
  context: DecisionContext,
): Decision<GovernanceState, GovernanceOutput> {
  const now = later(toInstant(context.now), state.latest);
  // a person's command on an expired review is refused by the command itself, so that the refusal says why
  const isCommand = event.type === 'DecideReview' || event.type === 'OverrideProposal';
  const expired = isCommand ? { state, events: [] } : expire(state, now);
  const decided = apply(event, expired.state, now);
  return {
    state: { ...decided.state, latest: now },
    events: [...expired.events, ...decided.events],
  };
}

function apply(
  event: GovernanceInput,
  state: GovernanceState,
  now: Instant,
): Decision<GovernanceState, GovernanceOutput> {
  switch (event.type) {
    case 'MandateVersioned': {
      const { mandate } = event;
      return {
        state: { ...state, mandate },
        events: [audit(now, 'service:governance', 'mandate.versioned', mandate.id, { mandate })],
      };
    }
    case 'AllocationProposed':
      return openReview(event, MACHINE_MAKER, state, now);
    case 'AllocationUnchanged':
      return { state, events: [audit(now, MACHINE_MAKER, 'allocation.unchanged', event.mandateId, { ...event })] };
    case 'AllocationInfeasible':
      return { state, events: [audit(now, MACHINE_MAKER, 'allocation.infeasible', event.mandateId, { ...event })] };
    case 'AllocationStatusReported':
      return answerOfOrderSystem(event, state, now);
    case 'DecideReview':
      return decideReview(event, state, now);
    case 'OverrideProposal':
      return overrideProposal(event, state, event.universe, now);
    case 'ExpireReviews':
      return { state, events: [] };
    default:
      return assertNever(event);
  }
}

function expire(state: GovernanceState, now: Instant): Decision<GovernanceState, GovernanceOutput> {
  const { review } = state;
  if (review?.status !== 'waiting' || now < review.expiresAt) return { state, events: [] };
  const { proposal, contentHash, expiresAt } = review;
  const ended = { mandateId: proposal.mandateId, proposalId: proposal.proposalId, contentHash, expiredAt: expiresAt };
  return {
    state: { ...state, review: { ...review, status: 'expired' } },
    events: [
      { type: 'ProposalExpired', ...ended },
      audit(now, 'service:governance', 'proposal.expired', proposal.mandateId, ended),
    ],
  };
}

function later(now: Instant, latest: Instant | undefined): Instant {
  return latest !== undefined && latest > now ? latest : now;
}
