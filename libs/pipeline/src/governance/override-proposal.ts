import { deterministicId, invariant, type Instant } from '@allostat/kernel';
import type { AllocationProposed } from '../optimization/events';
import { brokenLimits } from '../mandate/broken-limits';
import { tradingCost } from '../mandate/trading-cost';
import type { Universe } from '../universe/universe';
import type { Decision } from '../stage';
import type { OverrideProposal } from './commands';
import { currentReview } from './decide-review';
import { openReview } from './open-review';
import { audit, type GovernanceOutput } from './output';
import { GovernanceRefusal } from './refusal';
import type { Party } from './review/parties';
import { nextStatus } from './review/review-status';
import { requirePerson, requireReason } from './review/sign';
import type { GovernanceState } from './state';

/** Tolerance on the sum of weights that a person typed. */
const SUM_TOLERANCE = 1e-9;

/** Puts a person's own weights in the place of the waiting proposal; that person becomes the maker. */
export function overrideProposal(
  command: OverrideProposal,
  state: GovernanceState,
  universe: Universe,
  now: Instant,
): Decision<GovernanceState, GovernanceOutput> {
  const review = currentReview(command.proposalId, state, now);
  requireReason(command.reason);
  requirePerson(command.actor);
  nextStatus(review.status, 'edit');
  const { mandate } = state;
  invariant(mandate, `mandate ${command.mandateId} is not known to governance`);
  const { proposal } = review;
  const known = new Set(proposal.weights.map(({ instrument }) => instrument));
  const unknown = Object.keys(command.weights).filter((instrument) => !known.has(instrument));
  if (unknown.length > 0) refuse(`${unknown.join(', ')} is not in the universe`, `use one of ${[...known].join(', ')}`);
  const target = (instrument: string): number => command.weights[instrument] ?? 0; // not named: not held
  const sum = [...known].reduce((total, instrument) => total + target(instrument), 0);
  if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) refuse(`the weights sum to ${sum}`, 'weights are decimals that sum to 1');
  const broken = brokenLimits(Object.fromEntries([...known].map((id) => [id, target(id)])), mandate, universe);
  if (broken.length > 0) refuse(`limits are broken: ${broken.join('; ')}`, 'stay within the limits of the mandate');
  // why the machine's weights changed says nothing of these
  const { claims: _claims, explanation: _why, surrogate: _rule, residuals: _residuals, ...facts } = proposal;
  const own: AllocationProposed = {
    ...facts,
    proposalId: deterministicId('override', proposal.proposalId, command.actor, JSON.stringify(command.weights)),
    weights: proposal.weights.map(({ instrument, previousWeight }) => ({
      instrument,
      previousWeight,
      targetWeight: target(instrument),
      cost: tradingCost(instrument, target(instrument) - previousWeight, mandate, universe),
    })),
    turnover: proposal.weights.reduce((total, w) => total + Math.abs(target(w.instrument) - w.previousWeight), 0) / 2,
    certificate: { method: `override by ${command.actor}`, status: 'feasible', primalResidual: 0, iterations: 0 },
    rationale: [`${command.actor} replaced the proposed weights: ${command.reason}`],
  };
  const priced = { ...own, expectedCost: own.weights.reduce((total, { cost }) => total + cost, 0) };
  const body = {
    proposalId: proposal.proposalId,
    replacedBy: own.proposalId,
    reason: command.reason,
    differences: proposal.weights.map(({ instrument, targetWeight }) => ({
      instrument,
      proposed: targetWeight,
      own: target(instrument),
    })),
  };
  // whoever had a hand in the old content had one in the new: nobody gets out by being edited
  const parties: Party[] = review.parties.map(({ person, part }) => ({
    person,
    part: part === 'maker' ? 'editor' : part,
  }));
  const opened = openReview(priced, command.actor, state, now, { parties, replaces: 'edit' });
  return {
    state: opened.state,
    events: [audit(now, command.actor, 'proposal.overridden', command.mandateId, body), ...opened.events],
  };
}

function refuse(message: string, hint: string): never {
  throw new GovernanceRefusal('GOVERNANCE.OVERRIDE_REFUSED', message, hint, 422);
}
