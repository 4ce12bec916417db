import type { IsoDate } from '@allostat/kernel';

const TIME_PART = /[T ]\d{1,2}:\d{2}.*$/;

/** A quarter such as `1972 Q1` or `1972Q1`, and a month such as `2008m10`: both stand for their first day. */
const QUARTER = /^(\d{4})[ -]?[Qq]([1-4])$/;
const MONTH = /^(\d{4})[Mm](\d{1,2})$/;

/** A calendar date from text in the given order, four-digit year, any of `/ - .` between; undefined when it is none. */
export function parseDate(text: string, order: 'ymd' | 'mdy' | 'dmy'): IsoDate | undefined {
  const quarter = QUARTER.exec(text.trim());
  if (quarter !== null) return calendarDate(quarter[1], String(3 * Number(quarter[2]) - 2), '1');
  const named = MONTH.exec(text.trim());
  if (named !== null) return calendarDate(named[1], named[2], '1');
  const parts = text.trim().replace(TIME_PART, '').split(/[/.-]/);
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => /^\d+$/.test(part))) return undefined;
  // a month alone stands for its first day
  const [a, b, c] = parts.length === 3 ? parts : order === 'ymd' ? [...parts, '1'] : ['1', ...parts];
  const [year, month, day] = order === 'ymd' ? [a, b, c] : order === 'mdy' ? [c, a, b] : [c, b, a];
  return calendarDate(year, month, day);
}

/** A calendar date from its parts as text; undefined when there is no such day. */
export function calendarDate(year: string, month: string, day: string): IsoDate | undefined {
  if (!/^\d{4}$/.test(year) || !/^\d{1,2}$/.test(month) || !/^\d{1,2}$/.test(day)) return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 10) === iso ? iso : undefined;
}

/** The last day of the month of a date. */
export function monthEnd(date: IsoDate): IsoDate {
  const [year, month] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
