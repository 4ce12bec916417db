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
import type {
  AnswerChallenge,
  AttemptRelease,
  ChallengeReview,
  DecideReview,
  ExpireReviews,
  OverrideProposal,
  WithdrawReview,
} from './commands';
import { decideAnswer, decideChallenge, decideReview, decideWithdrawal, escalate } from './decide-review';
import { MACHINE_MAKER, openReview } from './open-review';
import { audit, type GovernanceOutput } from './output';
import { overrideProposal } from './override-proposal';
import { release } from './release';
import { OPEN_RELEASE_CONTEXT, type ModelStanding, type ReleaseContext } from './release-context';
import type { Party } from './review/parties';
import { isOpen, nextStatus } from './review/review-status';
import type { GovernanceState, Review } from './state';

export type GovernanceInput =
  | MandateVersioned
  | AllocationProposed
  | AllocationUnchanged
  | AllocationInfeasible
  | AllocationStatusReported
  | DecideReview
  | (OverrideProposal & { readonly universe: UniverseVersioned['universe'] })
  | ChallengeReview
  | AnswerChallenge
  | WithdrawReview
  | AttemptRelease
  | ExpireReviews;

/** Commands of people: on an expired review they are refused, so that the refusal says why. */
const COMMANDS: readonly string[] = [
  'DecideReview',
  'OverrideProposal',
  'ChallengeReview',
  'AnswerChallenge',
  'WithdrawReview',
];

/** What a decision may know: when it is, and what stands in the way of a release. */
export interface GovernanceContext extends DecisionContext {
  readonly release?: ReleaseContext;
  /** What the registry says of the models that a proposal follows from. */
  readonly models?: readonly ModelStanding[];
}

/**
 * What governance makes of one event or one person's command on one mandate.
 * Throws `GovernanceRefusal` when a command is not allowed; the state is then untouched.
 */
export function decideGovernance(
  event: GovernanceInput,
  state: GovernanceState,
  context: GovernanceContext,
): Decision<GovernanceState, GovernanceOutput> {
  const now = later(toInstant(context.now), state.latest);
  const expired = COMMANDS.includes(event.type) ? { state, events: [] } : expire(state, now);
  const { release: known = OPEN_RELEASE_CONTEXT, models } = context;
  const decided = apply(event, expired.state, now, { ...known, ...(models && { models }) });
  return {
    state: { ...decided.state, latest: now },
    events: [...expired.events, ...decided.events],
  };
}

function apply(
  event: GovernanceInput,
  state: GovernanceState,
  now: Instant,
  context: ReleaseContext,
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
      return openReview(event, MACHINE_MAKER, state, now, { parties: [...overriders(event), ...developers(context)] });
    case 'AllocationUnchanged':
      return { state, events: [audit(now, MACHINE_MAKER, 'allocation.unchanged', event.mandateId, { ...event })] };
    case 'AllocationInfeasible':
      return { state, events: [audit(now, MACHINE_MAKER, 'allocation.infeasible', event.mandateId, { ...event })] };
    case 'AllocationStatusReported':
      return answerOfOrderSystem(event, state, now);
    case 'DecideReview':
      return decideReview(event, state, now, context);
    case 'ChallengeReview':
      return decideChallenge(event, state, now);
    case 'AnswerChallenge':
      return decideAnswer(event, state, now);
    case 'WithdrawReview':
      return decideWithdrawal(event, state, now);
    case 'AttemptRelease':
      return release(state, now, context);
    case 'OverrideProposal':
      return overrideProposal(event, state, event.universe, now);
    case 'ExpireReviews':
      return escalate(state, now);
    default:
      return assertNever(event);
  }
}

/** Whoever released or corrected data behind a proposal cannot decide on it. */
function overriders({ dataOverriders = [] }: AllocationProposed): Party[] {
  return dataOverriders.map((person) => ({ person, part: 'data-overrider' }));
}

/** Who made a model has a hand in what follows from it. A machine that did signs nothing anyway. */
function developers({ models = [] }: ReleaseContext): Party[] {
  const people = new Set(
    models.flatMap((model) => model.developers).filter((person) => !person.startsWith('service:')),
  );
  return [...people].sort().map((person) => ({ person, part: 'model-developer' }));
}

function expire(state: GovernanceState, now: Instant): Decision<GovernanceState, GovernanceOutput> {
  const { review } = state;
  if (!review || !(isOpen(review.status) || review.status === 'approved') || now < review.expiresAt) {
    return { state, events: [] };
  }
  const { proposal, contentHash, expiresAt } = review;
  const ended = { mandateId: proposal.mandateId, proposalId: proposal.proposalId, contentHash, expiredAt: expiresAt };
  return {
    state: { ...state, review: { ...review, status: nextStatus(review.status, 'expire') } as Review },
    events: [
      { type: 'ProposalExpired', ...ended },
      audit(now, 'service:governance', 'proposal.expired', proposal.mandateId, ended),
    ],
  };
}

function later(now: Instant, latest: Instant | undefined): Instant {
  return latest !== undefined && latest > now ? latest : now;
}
