import { invariant, type IsoDate } from '@allostat/kernel';
import type { Observation } from './events';
import type { ImportProfile } from './import-profile';
import { quarantinedRow, type QuarantinedRow } from './quarantined-row';

/** Longest silence between two values of a series that a calendar explains, in days: holidays and closed weeks included. */
const SILENCE_DAYS = { daily: 4, weekdays: 9, weekly: 14, monthly: 31, quarterly: 92 } as const;
/** Days by which a series may end before its file, on top of a silence, and still be called current. */
const END_DAYS = 10;

/**
 * Looks at the series of a file one by one against its calendar: silences longer than the calendar explains (`gap`), series
 * that end before the others of the file (`stale`), rows out of order (`unordered`), values of Saturdays and Sundays in a series of
 * weekdays (`off-calendar`), and values that a source revises in place (`revised`); the last three are told once a series or file. These
 * are warnings: the values themselves are used.
 */
export function inspectSeries(
  observations: readonly Observation[],
  { calendar, vintage = 'final' }: Pick<ImportProfile, 'calendar'> & Partial<Pick<ImportProfile, 'vintage'>>,
): QuarantinedRow[] {
  const bySeries = new Map<string, Observation[]>();
  const rows: QuarantinedRow[] = unordered(observations);
  for (const observation of observations) {
    if (observation.kind === 'headline' || observation.value === undefined) continue;
    const own = bySeries.get(observation.seriesId);
    if (own === undefined) bySeries.set(observation.seriesId, [observation]);
    else own.push(observation);
  }
  const limit = SILENCE_DAYS[calendar];
  const last = [...bySeries.values()].reduce((latest, own) => (newest(own) > latest ? newest(own) : latest), '');
  for (const own of bySeries.values()) {
    own.sort((a, b) => (a.eventTime < b.eventTime ? -1 : a.eventTime > b.eventTime ? 1 : 0));
    own.forEach((observation, i) => {
      const before = own[i - 1];
      const silence = before === undefined ? 0 : days(before.eventTime, observation.eventTime);
      if (silence <= limit) return;
      const reason = `${observation.seriesId} has no value between ${before.eventTime} and ${observation.eventTime}, ${silence} days; the ${calendar} calendar explains ${limit}`;
      rows.push(quarantinedRow(observation, 'gap', reason));
    });
    const weekend = calendar === 'weekdays' ? own.filter(({ eventTime }) => isWeekend(eventTime)) : [];
    if (weekend.length > 0) {
      const reason = `${weekend.length} of ${own.length} values of ${weekend[0].seriesId} are of a Saturday or Sunday, the first of ${weekend[0].eventTime}`;
      rows.push(quarantinedRow(weekend[0], 'off-calendar', reason));
    }
    const end = own[own.length - 1];
    if (vintage === 'latest') {
      const reason = `${end.seriesId} is revised back in time: the file says what is known now of ${own[0].eventTime} to ${end.eventTime}, not what was known then`;
      rows.push(quarantinedRow(own[0], 'revised', reason));
    }
    const early = days(end.eventTime, last);
    if (early > limit + END_DAYS || (limit > END_DAYS && early >= limit - 3)) {
      const reason = `${end.seriesId} ends on ${end.eventTime}, ${early} days before the last series of the file`;
      rows.push(quarantinedRow(end, 'stale', reason));
    }
  }
  return rows;
}

function unordered(observations: readonly Observation[]): QuarantinedRow[] {
  const back = observations.findIndex(
    (observation, i) =>
      i > 0 &&
      observation.eventTime < observations[i - 1].eventTime &&
      observation.origin?.file === observations[i - 1].origin?.file,
  );
  if (back < 0) return [];
  const reason = `row of ${observations[back].eventTime} stands after ${observations[back - 1].eventTime}: the file is not in order of date`;
  return [quarantinedRow(observations[back], 'unordered', reason)];
}

function newest(own: readonly Observation[]): IsoDate {
  invariant(own.length > 0, 'a series has values');
  return own.reduce((latest, { eventTime }) => (eventTime > latest ? eventTime : latest), own[0].eventTime);
}

const isWeekend = (date: IsoDate): boolean => [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());

const days = (from: IsoDate, to: IsoDate): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;
