import { InputError } from '@allostat/kernel';
import {
  convertHistory,
  parseImportProfile,
  type ConvertedHistory,
  type ImportProfile,
  type RateHistory,
} from '@allostat/pipeline';
import { dropStillRows, historyUntil, type MarketHistory } from '@allostat/quant';
import { readProfile } from '../files/read-profile';
import { readUniverse } from '../files/read-universe';
import { readTable } from '../files/read-table';
import type { HistoryFile } from './backtest-config';

const DAY_MS = 86_400_000;

/** ISO dates in a column `date`, and a column a series. */
const PLAIN = parseImportProfile(
  { id: 'plain', date: { column: 'date' }, layout: { type: 'wide' }, kind: 'total-return-index' },
  'plain',
);

/** Table of a file by date: one value an asset, NaN where missing. */
interface DatedTable {
  readonly dates: readonly string[];
  readonly columns: readonly string[];
  readonly values: Float64Array;
}

/** Reads a history in one currency: see `readConvertedMarket`. */
export function readBacktestMarket(config: HistoryFile): MarketHistory {
  return readConvertedMarket(config).market;
}

/**
 * Reads prices, volumes and the cash rate of a configuration; repeated holiday rows are left out, rows after `to` too. Prices that are
 * quoted in several currencies are converted where the configuration says how.
 */
export function readConvertedMarket(config: HistoryFile): ConvertedHistory {
  const { prices, profile, volumes, riskFree, to, currencies } = config.value;
  const how = profile === undefined ? PLAIN : readProfile(config.path(profile));
  if (how.kind !== 'price' && how.kind !== 'total-return-index')
    throw config.fault(
      ['profile'],
      `reads values of kind ${how.kind}`,
      'a backtest needs prices or total-return levels',
    );
  const levels = readDated(config.path(prices), how);
  const rates = readColumn(config.path(riskFree.file), riskFree.column);
  const traded = volumes === undefined ? undefined : readDated(config.path(volumes), how);
  const market = dropStillRows({
    dates: levels.dates,
    assets: levels.columns,
    levels: levels.values,
    cashRates: Float64Array.from(levels.dates, (date) => numberAt(rates, date)),
    ...(traded && { volumes: aligned(traded, levels) }),
  });
  const last = market.dates.findLastIndex((date) => date <= to);
  if (last < 1) throw config.fault(['to'], `the prices begin on ${market.dates[0]}`, 'end the backtest later');
  const local = historyUntil(market, last);
  if (currencies === undefined) return { market: local, quotes: {} };
  const universe = readUniverse(config.path(currencies.universe));
  const histories = currencies.rates.flatMap(({ file, lagDays }) => readRates(config.path(file), lagDays));
  return convertHistory(local, universe, new Map(histories));
}

/** The columns of a file of rates as histories, in the order of their dates. */
function readRates(file: string, lagDays: number): (readonly [string, RateHistory])[] {
  const table = readDated(file, PLAIN);
  const n = table.columns.length;
  return table.columns.map((series, j) => [
    series,
    table.dates.flatMap((eventTime, t) => {
      const value = table.values[t * n + j];
      const knownOn = new Date(Date.parse(eventTime) + lagDays * DAY_MS).toISOString().slice(0, 10);
      return Number.isNaN(value) ? [] : [{ value, eventTime, knownOn }];
    }),
  ]);
}

/** Text of one column by date; the file has a column `date` with ISO dates. */
export function readColumn(file: string, column: string): ReadonlyMap<string, string> {
  const [header, ...rows] = readTable(file, { delimiter: ',' });
  const dateAt = header.findIndex((name) => name.trim().toLowerCase() === 'date');
  const at = header.indexOf(column);
  if (dateAt < 0 || at < 0) {
    throw new InputError(
      `${file} has the columns ${header.join(', ')}; date and ${column} are needed`,
      { file, row: 1, field: column },
      'name the column as the file does',
    );
  }
  return new Map(rows.filter((row) => row.length > at).map((row) => [row[dateAt].trim(), row[at].trim()]));
}

function numberAt(values: ReadonlyMap<string, string>, date: string): number {
  const text = values.get(date);
  return text === undefined || text === '' ? NaN : Number(text);
}

function readDated(file: string, profile: ImportProfile): DatedTable {
  if (profile.layout.type !== 'wide' || profile.date.column === undefined)
    throw new InputError(`${file} is read by ${profile.id}, which is not a table with a column an asset`, { file });
  const table = readTable(file, profile).slice(profile.headerRow - 1);
  const [header, ...rows] = table;
  const dateAt = header.indexOf(profile.date.column);
  if (dateAt < 0)
    throw new InputError(`${file} has no column ${profile.date.column}`, { file, row: profile.headerRow });
  const wanted = profile.layout.columns ?? header.filter((_, at) => at !== dateAt);
  const places = wanted.map((name) => header.indexOf(name));
  const missing = new Set(['', ...profile.missing]);
  const body = rows.slice(profile.skipAfterHeader).filter((row) => row.some((cell) => cell.trim() !== ''));
  const values = new Float64Array(body.length * places.length);
  const dates = body.map((row, k) => {
    const line = profile.headerRow + profile.skipAfterHeader + k + 1;
    places.forEach((at, j) => {
      const text = at < 0 || row[at] === undefined ? '' : row[at].trim();
      const value = missing.has(text) ? NaN : Number(text);
      if (Number.isNaN(value) && !missing.has(text))
        throw new InputError(`${file}:${line}: "${text}" for ${wanted[j]} is not a number`, { file, row: line });
      values[k * places.length + j] = value;
    });
    return isoDate(row[dateAt], profile.date.order, { file, row: line });
  });
  const { rename } = profile.layout;
  return { dates, columns: wanted.map((name) => rename?.[name] ?? name), values };
}

function isoDate(
  text: string,
  order: ImportProfile['date']['order'],
  { file, row }: { file: string; row: number },
): string {
  const parts = text.trim().split(/[/.-]/);
  const [year, month, day] =
    order === 'ymd' ? parts : order === 'mdy' ? [parts[2], parts[0], parts[1]] : [...parts].reverse();
  const iso = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  if (parts.length !== 3 || !/^\d{4}-\d{2}-\d{2}$/.test(iso) || Number.isNaN(Date.parse(iso)))
    throw new InputError(`${file}:${row}: "${text}" is not a date in the order ${order}`, { file, row });
  return iso;
}

/** Values of one table on the dates and columns of another. */
function aligned(table: DatedTable, { dates, columns }: DatedTable): Float64Array {
  const rows = new Map(table.dates.map((date, row) => [date, row]));
  const out = new Float64Array(dates.length * columns.length).fill(NaN);
  dates.forEach((date, t) => {
    const row = rows.get(date);
    if (row === undefined) return;
    columns.forEach((name, i) => {
      const at = table.columns.indexOf(name);
      if (at >= 0) out[t * columns.length + i] = table.values[row * table.columns.length + at];
    });
  });
  return out;
}
