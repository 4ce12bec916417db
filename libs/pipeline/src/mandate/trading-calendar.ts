import { invariant, type Instant, type IsoDate } from '@allostat/kernel';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** An open day that ends early. */
export interface HalfDay {
  readonly date: IsoDate;
  /** Local time of the last close, HH:MM. */
  readonly closes: string;
}

/** Days on which a mandate decides and trades. Days before `from` and after `to` are not known: only weekends are closed then. */
export interface TradingCalendar {
  /** The market's code (ISO 10383) or a name of one's own. */
  readonly id: string;
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly weekend: readonly Weekday[];
  /** Holidays, in order. */
  readonly closed: readonly IsoDate[];
  readonly halfDays?: readonly HalfDay[];
}

const DAY_MS = 86_400_000;
/** A closed stretch that is longer is a mistake in the calendar. */
const CLOSED_DAYS_MAX = 60;

/** True on days on which the market trades, half days included; without a calendar every day does. */
export function isOpenDay(calendar: TradingCalendar | undefined, date: IsoDate): boolean {
  if (calendar === undefined) return true;
  const weekday = WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  return !calendar.weekend.includes(weekday) && !has(calendar.closed, date);
}

/** True when the calendar says nothing about the day. */
export function isBeyondCalendar(calendar: TradingCalendar, date: IsoDate): boolean {
  return date < calendar.from || date > calendar.to;
}

/** The day itself when it is open, else the next open one. */
function openDayFrom(calendar: TradingCalendar | undefined, date: IsoDate): IsoDate {
  let day = date;
  for (let k = 0; k <= CLOSED_DAYS_MAX; k++) {
    if (isOpenDay(calendar, day)) return day;
    day = dayAfter(day);
  }
  invariant(false, `calendar ${calendar?.id} is closed for more than ${CLOSED_DAYS_MAX} days from ${date}`);
}

/** From when on an instruction counts: the moment itself on an open day, else the start of the next one. */
export function openFrom(calendar: TradingCalendar | undefined, now: Instant): Instant {
  const today = now.slice(0, 10);
  const open = openDayFrom(calendar, today);
  return open === today ? now : `${open}T00:00:00.000Z`;
}

/** Closed days and half days from one date to another, both included: what an order system needs to know of an instruction's validity. */
export function daysOff(
  calendar: TradingCalendar,
  from: IsoDate,
  to: IsoDate,
): { readonly closed: readonly IsoDate[]; readonly halfDays: readonly HalfDay[] } {
  const closed: IsoDate[] = [];
  for (let day = from; day <= to; day = dayAfter(day)) if (!isOpenDay(calendar, day)) closed.push(day);
  const { halfDays = [] } = calendar;
  return { closed, halfDays: halfDays.filter(({ date }) => date >= from && date <= to) };
}

function dayAfter(date: IsoDate): IsoDate {
  return new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10);
}

/** Whether a sorted list has a date. */
function has(dates: readonly IsoDate[], date: IsoDate): boolean {
  let [low, high] = [0, dates.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (dates[middle] < date) low = middle + 1;
    else high = middle;
  }
  return dates[low] === date;
}
