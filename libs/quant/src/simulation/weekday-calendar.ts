import { invariant, type IsoDate } from '@allostat/kernel';

const DAY_MS = 86_400_000;

/** The date `days` calendar days after `date` (before it when negative). */
export function addDays(date: IsoDate, days: number): IsoDate {
  const time = Date.parse(`${date}T00:00:00Z`);
  invariant(Number.isFinite(time), () => `date must be YYYY-MM-DD, got ${date}`);
  return new Date(time + days * DAY_MS).toISOString().slice(0, 10);
}

/** Day of the week of a date, 0 for Sunday. */
export function dayOfWeek(date: IsoDate): number {
  const time = Date.parse(`${date}T00:00:00Z`);
  invariant(Number.isFinite(time), () => `date must be YYYY-MM-DD, got ${date}`);
  return new Date(time).getUTCDay();
}

/** `count` consecutive weekdays from `start` on (the first weekday on or after it). */
export function weekdayCalendar(start: IsoDate, count: number): IsoDate[] {
  invariant(Number.isInteger(count) && count > 0, () => `count must be a positive integer, got ${count}`);
  const dates: IsoDate[] = [];
  for (let date = start; dates.length < count; date = addDays(date, 1)) {
    const day = dayOfWeek(date);
    if (day !== 0 && day !== 6) dates.push(date);
  }
  return dates;
}
