import type { DomainEvent } from '@allostat/pipeline';
import { type UnitRunner } from '@allostat/platform';
import type { CommandCauses } from './command-cause';
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
