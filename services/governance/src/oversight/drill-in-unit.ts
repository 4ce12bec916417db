import {
  actOnDrill,
  endDrill,
  initialGovernanceState,
  isRunning,
  plantDrill,
  type DomainEvent,
  type Drill,
  type DrillCommand,
  type DrillStep,
  type Fault,
} from '@allostat/pipeline';
import type { Envelope, UnitOfWork } from '@allostat/platform';
import { GOVERNANCE_STATES, recordOutputs } from '../govern-in-unit';
import { ReviewNotFoundError } from '../review/review-not-found-error';
import { DRILL, saveReview, type ReviewNow } from '../review/review.store';
import { DRILLS, saveDrill } from './drill.store';

type Unit = UnitOfWork<DomainEvent>;

/** Plants a drill on a mandate; returns the id under which its reviewers see it. */
export async function plantInUnit(
  unit: Unit,
  wish: { readonly mandateId: string; readonly fault: Fault; readonly plantedBy: string; readonly reason: string },
  cause: Envelope,
): Promise<string> {
  const state = await GOVERNANCE_STATES.load(unit, wish.mandateId, initialGovernanceState);
  const { drill } = await DRILLS.load(unit, wish.mandateId, () => ({}));
  if (drill && isRunning(drill)) await save(unit, drill, endDrill(drill, 'supersede', cause.time), cause);
  const planted = plantDrill(wish, state, cause.time);
  await save(unit, undefined, planted, cause);
  return planted.drill.review.proposal.proposalId;
}

/** A person's command on a review that is a drill. */
export async function actOnDrillInUnit(unit: Unit, command: DrillCommand, cause: Envelope): Promise<void> {
  const { drill } = await DRILLS.load(unit, command.mandateId, () => ({}));
  if (drill?.review.proposal.proposalId !== command.proposalId) throw new ReviewNotFoundError(command.proposalId);
  const step = actOnDrill(command, drill, cause.time);
  await save(unit, drill, step, cause, step.drill.outcome === 'caught' ? command.actor : null);
}

/** Ends the drill of a mandate, if one runs, because a real proposal has come or its time is over. */
export async function endDrillInUnit(
  unit: Unit,
  mandateId: string,
  action: 'supersede' | 'expire',
  cause: Envelope,
): Promise<void> {
  const { drill } = await DRILLS.load(unit, mandateId, () => ({}));
  if (!drill || !isRunning(drill)) return;
  if (action === 'expire' && cause.time < drill.review.expiresAt) return;
  await save(unit, drill, endDrill(drill, action, cause.time), cause);
}

async function save(
  unit: Unit,
  before: Drill | undefined,
  { drill, records }: DrillStep,
  cause: Envelope,
  caughtBy: string | null = null,
): Promise<void> {
  const { mandateId } = drill.review.proposal;
  DRILLS.save(unit, mandateId, { drill });
  await saveReview(unit.manager, before && reviewNow(before), reviewNow(drill));
  await saveDrill(unit.manager, drill, caughtBy);
  recordOutputs(unit, records, cause);
}

function reviewNow({ review }: Drill): ReviewNow {
  const { proposalId: id, mandateId: subject } = review.proposal;
  return { review, about: { id, kind: DRILL, subject, content: review.proposal } };
}
