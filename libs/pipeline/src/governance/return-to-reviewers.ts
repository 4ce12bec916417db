import { deterministicId, type Instant } from '@allostat/kernel';
import type { Decision } from '../stage';
import { openReview } from './open-review';
import { audit, type GovernanceOutput } from './output';
import type { GovernanceState, Review } from './state';

/** Opens the review again on what is held now, with the difference on record; what was signed counts no more. */
export function returnToReviewers(
  review: Review,
  state: GovernanceState,
  now: Instant,
  { held, reason }: { readonly held: ReadonlyMap<string, number> | undefined; readonly reason: string },
): Decision<GovernanceState, GovernanceOutput> {
  const { proposal } = review;
  const weights = proposal.weights.map((line) => ({
    ...line,
    previousWeight: held?.get(line.instrument) ?? line.previousWeight,
  }));
  const turnover = weights.reduce((sum, line) => sum + Math.abs(line.targetWeight - line.previousWeight), 0) / 2;
  const again = {
    ...proposal,
    proposalId: deterministicId('returned', proposal.proposalId, now),
    weights,
    turnover,
    rationale: [...proposal.rationale, `Returned to reviewers: ${reason}.`],
  };
  const opened = openReview(again, review.maker, state, now, {
    parties: review.parties.filter(({ part }) => part !== 'maker'),
    replaces: 'edit',
  });
  const difference = proposal.weights.map(({ instrument, previousWeight }, i) => ({
    instrument,
    seen: previousWeight,
    held: weights[i].previousWeight,
  }));
  const body = { code: 'STALE_HOLDINGS', proposalId: proposal.proposalId, replacedBy: again.proposalId, difference };
  const entry = audit(now, 'service:governance', 'review.returned', proposal.mandateId, body);
  return { state: opened.state, events: [entry, ...opened.events] };
}
