import type { Observation } from './events';
import { quarantinedRow, type QuarantinedRow } from './quarantined-row';

const MONTHS = 3;
/** Share of a series' quarters that must be the mean of their months, and none of them its last month. */
const SHARE_MIN = 0.9;
const QUARTERS_MIN = 8;
/** Quarters are rounded to two digits in some files and months in others. */
const TOLERANCE = 0.006;
/** Months that differ by less cannot tell their mean from their last value after rounding. */
const RANGE_MIN = 0.05;

/**
 * Finds series whose values are averages of a finer series of the same name: a quarter that is the mean of its months was known only
 * after the last of them, and its changes are smoother than those of the months. Told once a series, at its first such value.
 */
export function inspectAverages(quarters: readonly Observation[], months: readonly Observation[]): QuarantinedRow[] {
  const monthly = new Map(months.map((o) => [`${o.seriesId}|${o.eventTime.slice(0, 7)}`, o.value]));
  const bySeries = new Map<string, { averaged: Observation[]; endOfPeriod: number; compared: number }>();
  for (const quarter of quarters) {
    const { seriesId, eventTime, value } = quarter;
    if (value === undefined) continue;
    const [year, month] = eventTime.split('-').map(Number);
    const own = Array.from({ length: MONTHS }, (_, i) =>
      monthly.get(`${seriesId}|${year}-${String(month + i).padStart(2, '0')}`),
    ).filter((level) => level !== undefined);
    if (own.length < MONTHS || Math.max(...own) - Math.min(...own) < RANGE_MIN) continue;
    const entry = bySeries.get(seriesId) ?? { averaged: [], endOfPeriod: 0, compared: 0 };
    const near = (level: number): boolean => Math.abs(value - level) <= TOLERANCE;
    entry.compared++;
    if (near(own.reduce((a, b) => a + b, 0) / MONTHS)) entry.averaged.push(quarter);
    if (near(own[MONTHS - 1])) entry.endOfPeriod++;
    bySeries.set(seriesId, entry);
  }
  return [...bySeries].flatMap(([series, { averaged, endOfPeriod, compared }]) => {
    if (compared < QUARTERS_MIN || averaged.length / compared < SHARE_MIN || endOfPeriod >= averaged.length) return [];
    const [{ eventTime }] = averaged;
    const reason = `${averaged.length} of ${compared} values of ${series} are the mean of their three months, the first of ${eventTime}: each was known only after the last month`;
    return [quarantinedRow(averaged[0], 'averaged', reason)];
  });
}
