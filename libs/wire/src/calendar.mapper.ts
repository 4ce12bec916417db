import type { TradingCalendar as CalendarMessage } from '@allostat/contracts';
import type { HalfDay, TradingCalendar } from '@allostat/pipeline';
import type { FieldReader } from './field-reader';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

export const calendarToWire = ({ weekend, closed, halfDays = [], ...calendar }: TradingCalendar) => ({
  ...calendar,
  weekend: [...weekend],
  closed: [...closed],
  halfDays: halfDays.map((day) => ({ ...day })),
});

export function calendarFromWire(message: CalendarMessage, read: FieldReader): TradingCalendar {
  const date = (field: string, value: string): string => read.date(`calendar.${field}`, value);
  const closed = message.closed.map((day) => date('closed', day));
  closed.forEach((day, i) => {
    if (i > 0 && !(closed[i - 1] < day)) read.fail('calendar.closed', `${day} is not in order`);
  });
  return {
    id: read.text('calendar.id', message.id),
    from: date('from', message.from),
    to: date('to', message.to),
    weekend: message.weekend.map(
      (name) => WEEKDAYS.find((day) => day === name) ?? read.fail('calendar.weekend', `"${name}" is not a weekday`),
    ),
    closed,
    ...(message.halfDays.length > 0 && {
      halfDays: message.halfDays.map((day) => halfDayFromWire('calendar.half_days', day, read)),
    }),
  };
}

export function halfDayFromWire(field: string, { date, closes }: HalfDay, read: FieldReader): HalfDay {
  if (!TIME.test(closes)) read.fail(`${field}.closes`, `must be a time HH:MM, got "${closes}"`);
  return { date: read.date(`${field}.date`, date), closes };
}
