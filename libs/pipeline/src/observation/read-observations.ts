import { InputError, type Instant, type IsoDate } from '@allostat/kernel';
import { addDays } from '@allostat/quant';
import type { QuarantineRule } from '../signal-ingestion/events';
import type { Observation } from './events';
import { findRepeatedRows } from './find-repeated-rows';
import type { ImportProfile, LongLayout } from './import-profile';
import { calendarDate, monthEnd, parseDate } from './parse-date';
import type { QuarantinedRow } from './quarantined-row';

export interface ReadObservations {
  readonly observations: readonly Observation[];
  readonly quarantined: readonly QuarantinedRow[];
  /** Rows or cells that repeat a value of the same series, date and revision exactly. */
  readonly duplicates: number;
  /** Cells without a value: before a series' first value, and after it. */
  readonly missing: { readonly beforeFirst: number; readonly afterFirst: number };
  /** Cells without a value, one by one: all of a long file, those after a series' first value in a wide one. */
  readonly emptyCells: readonly { readonly file: string; readonly row: number; readonly series: string }[];
  readonly series: readonly {
    readonly id: string;
    readonly first: IsoDate;
    readonly last: IsoDate;
    readonly count: number;
  }[];
}

interface Cell {
  readonly series: string;
  readonly text: string;
  readonly headline?: string;
  readonly revision?: string;
}

/**
 * Reads the rows of one file (cells as text, header included) into observations by a profile.
 *
 * Nothing is guessed: a cell is a number, a named missing mark, or set aside as malformed with its row. The same value twice
 * is counted, a different value for the same date is set aside. Throws `InputError` when a column of the profile is absent.
 */
export function readObservations(
  rows: readonly (readonly string[])[],
  profile: ImportProfile,
  file: string,
): ReadObservations {
  const header = headerOf(rows, profile, file);
  const cellsOf =
    profile.layout.type === 'wide' ? wideCells(header, profile, file) : longCells(header, profile.layout, file);
  const dateOf = dateReader(header, profile, file);
  const knownOf = knownReader(header, profile, file);
  const missingMarks = new Set(['', ...profile.missing]);
  const quarantined: QuarantinedRow[] = [];
  const kept = new Map<string, Observation>();
  const revisions = new Map<string, number>();
  const tally = new MissingTally(profile.layout.type);
  let duplicates = 0;

  rows.slice(profile.headerRow + profile.skipAfterHeader).forEach((cells, i) => {
    const row = profile.headerRow + profile.skipAfterHeader + i + 1;
    if (cells.every((cell) => cell.trim() === '')) return;
    const setAside = (series: string, rule: QuarantineRule, value: string, reason: string): void => {
      quarantined.push({ file, row, series, rule, value, reason });
    };
    const eventTime = dateOf(cells);
    if (eventTime === undefined) {
      const text = dateText(cells, header, profile);
      return setAside('*', 'malformed', text, `"${text}" is no date in the order ${profile.date.order}`);
    }
    const knownTime = knownOf(cells, eventTime);
    if (knownTime === undefined)
      return setAside('*', 'malformed', cells.join(profile.delimiter), 'the known date is no date');
    for (const cell of cellsOf(cells)) {
      if (cell.headline === undefined && missingMarks.has(cell.text)) {
        tally.missing(cell.series, row);
        continue;
      }
      const value = cell.text === '' ? undefined : Number(cell.text.replaceAll(' ', ''));
      if (value !== undefined && !Number.isFinite(value)) {
        setAside(cell.series, 'malformed', cell.text, `"${cell.text}" is neither a number nor a missing mark`);
        continue;
      }
      const observation: Observation = {
        seriesId: cell.series,
        kind: profile.kind,
        eventTime,
        knownTime,
        revision: 0,
        ...(value === undefined ? {} : { value: profile.unit === 'percent' ? value / 100 : value }),
        ...(cell.headline === undefined ? {} : { text: cell.headline }),
        origin: { file, row },
      };
      const outcome = place(observation, cell, profile, kept, revisions);
      if (outcome === 'kept') tally.present(cell.series);
      else if (outcome === 'repeated') duplicates++;
      else if (outcome === 'negative') setAside(cell.series, 'negative-price', cell.text, 'a level must be above zero');
      else setAside(cell.series, 'duplicate', cell.text, `${cell.series} of ${eventTime} has another value already`);
    }
  });
  return finish([...kept.values()], quarantined, duplicates, tally, profile, file);
}

function finish(
  all: readonly Observation[],
  quarantined: readonly QuarantinedRow[],
  duplicates: number,
  tally: MissingTally,
  profile: ImportProfile,
  file: string,
): ReadObservations {
  const isLevel = profile.kind === 'price' || profile.kind === 'total-return-index';
  const repeated = isLevel && profile.calendar === 'weekdays' ? findRepeatedRows(all) : new Map<IsoDate, number>();
  const observations = all.filter((observation) => !repeated.has(observation.eventTime));
  const rows: QuarantinedRow[] = [...repeated].map(([date, count]) => {
    const row = all.find((o) => o.eventTime === date)?.origin?.row;
    const reason = `${count} values repeat the bar before: the market was closed`;
    return {
      file,
      ...(row === undefined ? {} : { row }),
      series: '*',
      rule: 'repeated-row' as const,
      value: date,
      reason,
    };
  });
  return {
    observations,
    quarantined: [...quarantined, ...rows].sort(byRow),
    duplicates,
    missing: tally.totals(),
    emptyCells: tally.empty.map((cell) => ({ file, ...cell })),
    series: summarise(observations),
  };
}

const byRow = (a: QuarantinedRow, b: QuarantinedRow): number =>
  a.row === undefined || b.row === undefined ? 0 : a.row - b.row;

type Placed = 'kept' | 'repeated' | 'different' | 'negative';

/** Keeps an observation unless its series has one for the same date and revision; vintages without a number are counted up. */
function place(
  observation: Observation,
  cell: Cell,
  profile: ImportProfile,
  kept: Map<string, Observation>,
  revisions: Map<string, number>,
): Placed {
  const level = profile.kind === 'price' || profile.kind === 'total-return-index';
  if (level && observation.value !== undefined && observation.value <= 0) return 'negative';
  const base = `${observation.seriesId}|${observation.eventTime}`;
  if (observation.text !== undefined) {
    const key = `${base}|${observation.text}`;
    if (kept.has(key)) return 'repeated';
    kept.set(key, observation);
    return 'kept';
  }
  const dated = profile.publication.column !== undefined && cell.revision === undefined;
  const revision = cell.revision === undefined ? (dated ? (revisions.get(base) ?? 0) : 0) : Number(cell.revision);
  const key = `${base}|${dated ? observation.knownTime : revision}`;
  const before = kept.get(key);
  if (before !== undefined) return before.value === observation.value ? 'repeated' : 'different';
  revisions.set(base, revision + 1);
  kept.set(key, { ...observation, revision });
  return 'kept';
}

class MissingTally {
  private readonly seen = new Set<string>();
  private beforeFirst = 0;
  private afterFirst = 0;
  readonly empty: { row: number; series: string }[] = [];

  constructor(private readonly layout: ImportProfile['layout']['type']) {}

  present(series: string): void {
    this.seen.add(series);
  }
  missing(series: string, row: number): void {
    const begun = this.seen.has(series);
    if (begun) this.afterFirst++;
    else this.beforeFirst++;
    if (begun || this.layout === 'long') this.empty.push({ row, series });
  }
  totals(): { beforeFirst: number; afterFirst: number } {
    return { beforeFirst: this.beforeFirst, afterFirst: this.afterFirst };
  }
}

function summarise(observations: readonly Observation[]): ReadObservations['series'] {
  const found = new Map<string, { id: string; first: IsoDate; last: IsoDate; count: number }>();
  for (const { seriesId, eventTime } of observations) {
    const entry = found.get(seriesId);
    if (entry === undefined) found.set(seriesId, { id: seriesId, first: eventTime, last: eventTime, count: 1 });
    else {
      entry.count++;
      if (eventTime < entry.first) entry.first = eventTime;
      if (eventTime > entry.last) entry.last = eventTime;
    }
  }
  return [...found.values()];
}

function headerOf(rows: readonly (readonly string[])[], profile: ImportProfile, file: string): string[] {
  if (rows.length < profile.headerRow)
    throw new InputError(`${file} has ${rows.length} rows, the header should be row ${profile.headerRow}`, { file });
  return rows[profile.headerRow - 1].map((cell, i) => (i === 0 ? cell.replace(/^\uFEFF/, '') : cell).trim());
}

function columnAt(header: readonly string[], name: string, file: string): number {
  const at = header.indexOf(name);
  if (at >= 0) return at;
  const hint = `the file has: ${header.slice(0, 12).join(', ')}${header.length > 12 ? ', ...' : ''}`;
  throw new InputError(`${file} has no column "${name}"`, { file, field: name }, hint);
}

function wideCells(
  header: readonly string[],
  profile: ImportProfile,
  file: string,
): (row: readonly string[]) => Cell[] {
  const layout = profile.layout;
  if (layout.type !== 'wide') throw new InputError(`profile ${profile.id} is not wide`, { file });
  const { column, parts } = profile.date;
  const dates = new Set([column, parts?.year, parts?.month, parts?.day, profile.publication.column]);
  const names = layout.columns ?? header.filter((name) => name !== '' && !dates.has(name));
  const columns = names.map((name) => ({ at: columnAt(header, name, file), series: layout.rename?.[name] ?? name }));
  return (row) => columns.map(({ at, series }) => ({ series, text: (row[at] ?? '').trim() }));
}

function longCells(header: readonly string[], layout: LongLayout, file: string): (row: readonly string[]) => Cell[] {
  const at = (name: string | undefined) => (name === undefined ? undefined : columnAt(header, name, file));
  const [series, value, text, revision] = [
    at(layout.seriesColumn),
    at(layout.valueColumn),
    at(layout.textColumn),
    at(layout.revisionColumn),
  ];
  const read = (row: readonly string[], index: number | undefined) =>
    index === undefined ? '' : (row[index] ?? '').trim();
  return (row) => [
    {
      series: series === undefined ? (layout.series ?? '') : read(row, series),
      text: read(row, value),
      ...(text === undefined ? {} : { headline: read(row, text) }),
      ...(revision === undefined ? {} : { revision: read(row, revision) }),
    },
  ];
}

function dateReader(header: readonly string[], profile: ImportProfile, file: string) {
  const { column, order, parts } = profile.date;
  if (parts !== undefined) {
    const [y, m, d] = [parts.year, parts.month, parts.day].map((name) => columnAt(header, name, file));
    return (row: readonly string[]) =>
      calendarDate((row[y] ?? '').trim(), (row[m] ?? '').trim(), (row[d] ?? '').trim());
  }
  const at = columnAt(header, column ?? '', file);
  return (row: readonly string[]) => parseDate(row[at] ?? '', order);
}

function dateText(row: readonly string[], header: readonly string[], profile: ImportProfile): string {
  const at = header.indexOf(profile.date.column ?? profile.date.parts?.year ?? '');
  return at < 0 ? '' : (row[at] ?? '');
}

function knownReader(header: readonly string[], profile: ImportProfile, file: string) {
  const { column, lagDays, from, time } = profile.publication;
  const instant = (date: IsoDate): Instant => `${date}T${time}:00.000Z`;
  if (column !== undefined) {
    const at = columnAt(header, column, file);
    return (row: readonly string[]): Instant | undefined => {
      const date = parseDate(row[at] ?? '', profile.date.order);
      if (date === undefined) return undefined;
      return instant(addDays(from === 'month-end' ? monthEnd(date) : date, lagDays));
    };
  }
  return (_row: readonly string[], eventTime: IsoDate): Instant | undefined =>
    instant(addDays(from === 'month-end' ? monthEnd(eventTime) : eventTime, lagDays));
}
