import { invariant } from './invariant';
import type { Instant } from './units';

const DAY_MS = 86_400_000;

/** The one written form of an instant (milliseconds, UTC), so that texts compare as times do. */
export function toInstant(time: string | number): Instant {
  const milliseconds = typeof time === 'number' ? time : Date.parse(time);
  invariant(Number.isFinite(milliseconds), () => `not an instant: ${time}`);
  return new Date(milliseconds).toISOString();
}

/** `instant` plus a number of days of 24 hours. */
export function addDays(instant: Instant, days: number): Instant {
  return toInstant(Date.parse(instant) + days * DAY_MS);
}
