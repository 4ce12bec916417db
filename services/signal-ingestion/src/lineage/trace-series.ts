import type { IsoDate } from '@allostat/kernel';
import type { Sql } from '../quarantine/quarantine.store';

/** Rows of one file from which values of a series were read. */
export interface TracedFile {
  /** File, `override:CASE` for a person's correction; absent for values that a feed sent. */
  readonly file?: string;
  readonly firstRow?: number;
  readonly lastRow?: number;
  readonly values: number;
}

/** The newest value of a series in a window. */
export interface TracedValue {
  readonly eventTime: IsoDate;
  readonly value?: number;
  readonly revision: number;
  readonly file?: string;
  readonly row?: number;
}

/** Where the values of a series that were known at a time came from. */
export interface TracedSeries {
  readonly series: string;
  readonly values: number;
  readonly first: IsoDate;
  readonly last: TracedValue;
  readonly files: readonly TracedFile[];
}

export interface TraceWindow {
  readonly seriesIds: readonly string[];
  /** Last day that values may be about. */
  readonly until: IsoDate;
  /** Values that became known later are left out. */
  readonly knownBy: string;
  /** Days with values that count, back from the last. */
  readonly days: number;
}

/** The newest revision of each day, as it was known then. */
const KNOWN = `select distinct on (series_id, event_time) series_id, event_time, revision, value, origin_file, origin_row
    from observation where series_id = any($1) and event_time <= $2 and known_time <= $3 and kind not in ('headline', 'volume')
    order by series_id, event_time, revision desc`;
const WINDOW = `select * from (select known.*, row_number() over (partition by series_id order by event_time desc) as back
    from (${KNOWN}) known) numbered where back <= $4`;

interface FileRow {
  readonly series: string;
  readonly file: string | null;
  readonly first_row: number | null;
  readonly last_row: number | null;
  readonly values: number;
  readonly first: IsoDate;
}

interface LastRow {
  readonly series: string;
  readonly event_time: IsoDate;
  readonly value: number | null;
  readonly revision: number;
  readonly file: string | null;
  readonly row: number | null;
}

/** Traces series to the rows of files they were read from; series without a value in the window are left out. */
export async function traceSeries(sql: Sql, window: TraceWindow): Promise<TracedSeries[]> {
  const parameters = [[...window.seriesIds], window.until, window.knownBy, window.days];
  const files = (await sql.query(
    `select series_id as series, origin_file as file, min(origin_row) as first_row, max(origin_row) as last_row,
       count(*)::int as values, min(event_time)::text as first
     from (${WINDOW}) seen group by series_id, origin_file order by series_id, min(event_time)`,
    parameters,
  )) as FileRow[];
  const last = (await sql.query(
    `select series_id as series, event_time::text, value, revision, origin_file as file, origin_row as row
     from (${WINDOW}) seen where back = 1`,
    parameters,
  )) as LastRow[];
  return last.map((newest) => {
    const own = files.filter(({ series }) => series === newest.series);
    return {
      series: newest.series,
      values: own.reduce((sum, { values }) => sum + values, 0),
      first: own.reduce((first, file) => (file.first < first ? file.first : first), own[0].first),
      last: {
        eventTime: newest.event_time,
        ...(newest.value !== null && { value: newest.value }),
        revision: newest.revision,
        ...(newest.file !== null && { file: newest.file }),
        ...(newest.row !== null && { row: newest.row }),
      },
      files: own.map(({ file, first_row, last_row, values }) => ({
        ...(file !== null && { file }),
        ...(first_row !== null && { firstRow: first_row }),
        ...(last_row !== null && { lastRow: last_row }),
        values,
      })),
    };
  });
}
