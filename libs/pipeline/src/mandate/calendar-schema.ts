import { z } from 'zod';
import type { TradingCalendar } from './trading-calendar';

const weekday = z.enum(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']);

/** What a calendar file may say; see `examples/calendars`. Dates are sorted here. */
export const calendarSchema = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'start with a letter or digit; no spaces'),
    name: z.string().exactOptional(),
    /** Where the times of half days are told. */
    timeZone: z.string().exactOptional(),
    from: z.iso.date(),
    to: z.iso.date(),
    weekend: z.array(weekday).max(6).default(['saturday', 'sunday']),
    closed: z.array(z.iso.date()).default([]),
    halfDays: z
      .array(
        z.strictObject({
          date: z.iso.date(),
          closes: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'use local time as HH:MM'),
        }),
      )
      .exactOptional(),
  })
  .superRefine(({ from, to, closed, halfDays = [] }, context) => {
    const fault = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    if (!(from < to)) fault(['to'], `${to} does not lie after ${from}`);
    const within = (date: string, path: (string | number)[]): void => {
      if (date < from || date > to) fault(path, `${date} lies outside ${from} to ${to}, which the calendar covers`);
    };
    closed.forEach((date, i) => within(date, ['closed', i]));
    halfDays.forEach(({ date }, i) => {
      within(date, ['halfDays', i, 'date']);
      if (closed.includes(date)) fault(['halfDays', i, 'date'], `${date} is among the closed days`);
    });
  })
  .transform(({ name: _name, timeZone: _zone, closed, halfDays, ...calendar }): TradingCalendar => {
    const dates = [...new Set(closed)].sort();
    const early = halfDays && [...halfDays].sort((a, b) => (a.date < b.date ? -1 : 1));
    return { ...calendar, closed: dates, ...(early && { halfDays: early }) };
  });
