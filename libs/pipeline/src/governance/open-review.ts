import { addDays, invariant, type Instant } from '@allostat/kernel';
import type { AllocationProposed } from '../optimization/events';
import type { Decision } from '../stage';
import { contentHash } from './content-hash';
import { audit, type GovernanceOutput } from './output';
import { accumulatedExposure, TIER_RULES, tierOf } from './review/materiality';
import type { Party } from './review/parties';
import type { Requirement } from './review/review-core';
import { isOpen, nextStatus, type ReviewAction } from './review/review-status';
import type { GovernanceState, Review } from './state';

/** Actor name of the machine that makes proposals; no person can sign as it. */
export const MACHINE_MAKER = 'service:optimization';

export interface OpeningOptions {
  /** Everybody who had a hand in the content beside the maker. */
  readonly parties?: readonly Party[];
  /** How a review that is open for the same mandate ends; `edit` when this one is an edit of it. */
  readonly replaces?: Extract<ReviewAction, 'supersede' | 'edit'>;
}

/** Opens the review of a proposal; one that is still open for the same mandate ends. */
export function openReview(
  proposal: AllocationProposed,
  maker: string,
  state: GovernanceState,
  now: Instant,
  { parties = [], replaces = 'supersede' }: OpeningOptions = {},
): Decision<GovernanceState, GovernanceOutput> {
  const review = submittedReview(proposal, maker, parties, state, now);
  const { functions } = review.requirement;
  const { parties: all, questions, ...terms } = openingOf(review);
  const opened = { ...terms, ...(functions.length > 0 && { functions }) };
  return {
    state: { ...state, review },
    events: [
      ...endOpen(state, proposal.proposalId, maker, now, replaces),
      { type: 'ReviewOpened', ...opened },
      audit(now, maker, 'review.opened', proposal.mandateId, { ...opened, parties: all, questions }),
    ],
  };
}

/** What the record of a review's opening says of it, so that its row follows from the log. */
export function openingOf({ proposal, contentHash, maker, parties, requirement, expiresAt }: Review) {
  const { mandateId, proposalId } = proposal;
  const { approvals: requiredApprovals, tier, questions } = requirement;
  return { mandateId, proposalId, contentHash, maker, requiredApprovals, expiresAt, tier, parties, questions };
}

/** A review as it begins: what it asks for follows from the proposal, the mandate and what was released before. */
export function submittedReview(
  proposal: AllocationProposed,
  maker: string,
  parties: readonly Party[],
  state: GovernanceState,
  now: Instant,
): Review & { readonly status: 'submitted' } {
  const { mandate } = state;
  invariant(mandate, `mandate ${proposal.mandateId} is not known to governance`);
  return {
    status: 'submitted',
    proposal,
    contentHash: contentHash(proposal),
    maker,
    parties: [{ person: maker, part: 'maker' }, ...parties],
    requirement: requirementOf(proposal, state, now),
    openedAt: now,
    expiresAt: addDays(now, mandate.approvals.validityDays),
    decisions: [],
    challenges: [],
  };
}

/** The tier follows from what the change moves, together with what moved shortly before, and from what it is for. */
function requirementOf(proposal: AllocationProposed, state: GovernanceState, now: Instant): Requirement {
  const { mandate } = state;
  invariant(mandate, `mandate ${proposal.mandateId} is not known to governance`);
  const tier = tierOf(accumulatedExposure(proposal.turnover, state.exposures, now), mandate.stage);
  const rule = TIER_RULES[tier];
  return { ...rule, tier, approvals: Math.max(rule.approvals, mandate.approvals.required) };
}

function endOpen(
  { review }: GovernanceState,
  supersededBy: string,
  maker: string,
  now: Instant,
  action: 'supersede' | 'edit',
): GovernanceOutput[] {
  if (!review || !(isOpen(review.status) || review.status === 'approved')) return [];
  const status = nextStatus(review.status, action);
  const { mandateId, proposalId } = review.proposal;
  const ended = { mandateId, proposalId, contentHash: review.contentHash, supersededBy };
  const voided = review.decisions.filter(({ decision }) => decision === 'approve').map(({ actor }) => actor);
  const body = { ...ended, ...(status === 'voided' && { voidedApprovals: voided }) };
  return [
    { type: 'ProposalSuperseded', ...ended },
    audit(now, maker, status === 'voided' ? 'proposal.voided' : 'proposal.superseded', mandateId, body),
  ];
}
