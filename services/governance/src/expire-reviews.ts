import type { DomainEvent } from '@allostat/pipeline';
import { LOGGER, type Logger, type RunningStage, type UnitRunner } from '@allostat/platform';
import { CommandCauses } from './command-cause';
import { governInUnit } from './govern-in-unit';
import { mandatesWithExpiredReviews } from './review/review.store';

/** Ends the reviews whose validity is over; returns how many. */
export async function expireReviews(units: UnitRunner<DomainEvent>, causes: CommandCauses): Promise<number> {
  const now = causes.now();
  const mandateIds = await units.run((unit) => mandatesWithExpiredReviews(unit.manager, now));
  for (const mandateId of mandateIds) {
    await units.run(async (unit) => {
      const cause = { ...(await causes.of(unit, mandateId, ['expire', now])), time: now };
      await governInUnit(unit, mandateId, { type: 'ExpireReviews', mandateId }, cause);
    });
  }
  return mandateIds.length;
}

const CHECK_MS = 30_000;

/** Looks twice a minute for reviews whose validity is over; returns how to stop. */
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
