import { isOpen, type DomainEvent } from '@allostat/pipeline';
import { LOGGER, type Logger, type RunningStage, type UnitRunner } from '@allostat/platform';
import { raiseInUnit } from './alarms/alarm-in-unit';
import { changeKey, expireChangeInUnit } from './changes/change-in-unit';
import { CommandCauses } from './command-cause';
import { governInUnit } from './govern-in-unit';
import { announceBuild } from './release/running-builds';
import { endDrillInUnit } from './oversight/drill-in-unit';
import { ALLOCATION, DRILL, subjectsToLookAt } from './review/review.store';

/** Ends the reviews whose validity is over, escalates those that wait too long; returns how many were looked at. */
export async function expireReviews(units: UnitRunner<DomainEvent>, causes: CommandCauses): Promise<number> {
  const now = causes.now();
  const subjects = await units.run(async (unit) => {
    await announceBuild(unit.manager);
    return subjectsToLookAt(unit.manager);
  });
  for (const { subject: mandateId } of subjects.filter(({ kind }) => kind === ALLOCATION)) {
    await units.run(async (unit) => {
      const cause = { ...(await causes.of(unit, mandateId, ['expire', now])), time: now };
      const { review } = await governInUnit(unit, mandateId, { type: 'ExpireReviews', mandateId }, cause);
      if (review?.escalatedAt === undefined || !isOpen(review.status)) return;
      const { proposalId } = review.proposal;
      const { tier, escalateAfterHours } = review.requirement;
      const text = `proposal ${proposalId} of ${mandateId}, tier ${tier}, has waited longer than ${escalateAfterHours} hours`;
      await raiseInUnit(unit, { kind: 'review-waits', subject: proposalId, mandateId, text }, cause);
    });
  }
  for (const { subject: mandateId } of subjects.filter(({ kind }) => kind === DRILL)) {
    await units.run(async (unit) => {
      const cause = { ...causes.free(['expire-drill', mandateId, now]), time: now };
      await endDrillInUnit(unit, mandateId, 'expire', cause);
    });
  }
  for (const { kind, subject } of subjects) {
    if (kind === ALLOCATION || kind === DRILL) continue;
    await units.run((unit) => expireChangeInUnit(unit, changeKey(kind, subject), causes));
  }
  return subjects.length;
}

const CHECK_MS = 30_000;

/** Looks twice a minute at what time may have moved on; returns how to stop. */
export function keepExpiring(stage: RunningStage<DomainEvent>): () => void {
  const causes = stage.get<CommandCauses>(CommandCauses);
  const logger = stage.get<Logger>(LOGGER);
  const timer = setInterval(() => {
    expireReviews(stage.units, causes).catch((error: unknown) => {
      logger.warn({ error }, 'expired reviews could not be ended; it is tried again');
    });
  }, CHECK_MS);
  return () => clearInterval(timer);
}
