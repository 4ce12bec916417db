import { InputError, type IsoDate } from '@allostat/kernel';
import type { HalfDay, TradingCalendar } from '@allostat/pipeline';
import ICAL from 'ical.js';

/** Repetitions of one event that are read at most. */
const OCCURRENCES_MAX = 2000;

/**
 * A trading calendar from an iCalendar file (RFC 5545): an event that lasts whole days closes them, one with times leaves its day open
 * until it ends. Events that repeat are written out as far as the last date that the file itself names. Throws `InputError`.
 */
export function calendarFromEvents(text: string, file: string, id: string): TradingCalendar {
  const closed = new Set<IsoDate>();
  const halfDays: HalfDay[] = [];
  for (const event of eventsOf(text, file)) {
    const { startDate, duration } = event;
    if (!startDate.isDate) {
      const { endDate } = event;
      halfDays.push({ date: dayOf(startDate), closes: endDate.toString().slice(11, 16) });
      continue;
    }
    const days = Math.max(1, Math.round(duration.toSeconds() / 86_400));
    for (const start of startsOf(event, file)) {
      const day = start.clone();
      for (let k = 0; k < days; k++) {
        closed.add(dayOf(day));
        day.adjust(1, 0, 0, 0);
      }
    }
  }
  const dates = [...closed].sort();
  if (dates.length === 0) {
    throw new InputError(
      `${file}: no event lasts a whole day`,
      { file },
      'holidays are events with DTSTART;VALUE=DATE',
    );
  }
  return {
    id,
    from: `${dates[0].slice(0, 4)}-01-01`,
    to: `${dates[dates.length - 1].slice(0, 4)}-12-31`,
    weekend: ['saturday', 'sunday'],
    closed: dates,
    ...(halfDays.length > 0 && { halfDays: halfDays.sort((a, b) => (a.date < b.date ? -1 : 1)) }),
  };
}

function eventsOf(text: string, file: string): ICAL.Event[] {
  try {
    return new ICAL.Component(ICAL.parse(text) as unknown[] as [string, unknown[], unknown[]])
      .getAllSubcomponents('vevent')
      .map((component) => new ICAL.Event(component));
  } catch (error) {
    throw new InputError(
      `${file}: is no iCalendar file: ${(error as Error).message.split('\n')[0]}`,
      { file },
      'it begins with BEGIN:VCALENDAR',
    );
  }
}

/** Days on which an event begins; one that repeats must say until when. */
function startsOf(event: ICAL.Event, file: string): ICAL.Time[] {
  if (!event.isRecurring()) return [event.startDate];
  const steps = event.iterator();
  const starts: ICAL.Time[] = [];
  for (let next = steps.next() as ICAL.Time | null; next; next = steps.next() as ICAL.Time | null) {
    starts.push(next);
    if (starts.length > OCCURRENCES_MAX) {
      throw new InputError(
        `${file}: ${event.summary} repeats for ever`,
        { file },
        'give its RRULE an UNTIL or a COUNT: a calendar covers what it names',
      );
    }
  }
  return starts;
}

const dayOf = (time: ICAL.Time): IsoDate => time.toString().slice(0, 10);
