import type { IsoDate } from '@allostat/kernel';
import type { Observation } from './events';

/** A row counts as repeated only when at least this many series are compared. */
const SERIES_MIN = 2;

/** With five series or more, one in ten may move: a cash fund accrues on holidays too. */
const SHARE_MIN = 0.9;
const SERIES_FOR_SHARE = 5;

/**
 * Dates on which the series that have a value, and had one on the date before, repeat it exactly: days on which the market
 * was closed and the vendor filled the row. Returns the number of values that repeat on each such date.
 */
export function findRepeatedRows(observations: readonly Observation[]): Map<IsoDate, number> {
  const byDate = new Map<IsoDate, Map<string, number>>();
  for (const { eventTime, seriesId, value } of observations) {
    if (value === undefined) continue;
    let row = byDate.get(eventTime);
    if (row === undefined) byDate.set(eventTime, (row = new Map()));
    row.set(seriesId, value);
  }
  const repeated = new Map<IsoDate, number>();
  let before: Map<string, number> | undefined;
  for (const date of [...byDate.keys()].sort()) {
    const row = byDate.get(date);
    if (row === undefined) continue;
    const count = before === undefined ? undefined : repeats(row, before);
    if (count !== undefined) repeated.set(date, count);
    before = row;
  }
  return repeated;
}

function repeats(row: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): number | undefined {
  let compared = 0;
  let same = 0;
  for (const [series, value] of row) {
    const old = before.get(series);
    if (old === undefined) continue;
    compared++;
    if (old === value) same++;
  }
  const share = compared < SERIES_FOR_SHARE ? 1 : SHARE_MIN;
  return compared >= SERIES_MIN && same / compared >= share ? same : undefined;
}
