import { join } from 'node:path';
import { InputError } from '@allostat/kernel';
import {
  inspectAverages,
  inspectBars,
  inspectMembership,
  inspectWeights,
  readObservations,
  type ImportProfile,
  type Observation,
  type QuarantinedRow,
} from '@allostat/pipeline';
import { EXIT_REFUSED, printResult } from '../cli/output';
import { examplesFolder } from '../files/examples-folder';
import { readProfile } from '../files/read-profile';
import { readTable, readTables } from '../files/read-table';
import type { InspectAveragesOptions, InspectBarsOptions, InspectMembershipOptions, InspectOptions } from './inspect';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export function runInspectBars(options: InspectBarsOptions): void {
  const profile = readProfile(options.profile);
  const field = (file: string, kind: ImportProfile['kind']): readonly Observation[] =>
    readObservations(readTable(file, profile), { ...profile, kind }, file).observations;
  const found = inspectBars({
    close: field(options.close, profile.kind),
    ...(options.open !== undefined && { open: field(options.open, profile.kind) }),
    ...(options.high !== undefined && { high: field(options.high, profile.kind) }),
    ...(options.low !== undefined && { low: field(options.low, profile.kind) }),
    ...(options.volume !== undefined && { volume: field(options.volume, 'volume') }),
  });
  tell(found, options);
}

export function runInspectWeights(file: string, options: InspectOptions): void {
  const [header, ...rows] = readTable(file, { delimiter: ',' });
  const [name, symbols, weights] = columnsOf(header, ['name', 'symbols', 'weights'], file);
  const listed = rows.map((row, i) => ({
    name: row[name],
    symbols: words(row[symbols]),
    weights: words(row[weights]).map((text) => numberOf(text, file, i + 2)),
    row: i + 2,
  }));
  tell(inspectWeights(listed, file), options);
}

export function runInspectMembership(file: string, options: InspectMembershipOptions): void {
  const [header, ...rows] = readTable(file, { delimiter: ',' });
  const [ticker, start, end] = columnsOf(header, ['ticker', 'start_date', 'end_date'], file);
  const spells = rows.map((row, i) => {
    const [symbol, from, until] = [row[ticker], row[start], row[end] ?? ''];
    if (!DATE.test(from) || (until !== '' && !DATE.test(until)))
      throw new InputError(`${file}:${i + 2}: "${from}" to "${until}" are not dates YYYY-MM-DD`, { file, row: i + 2 });
    return { symbol, from, ...(until !== '' && { until }), row: i + 2 };
  });
  tell(
    inspectMembership(
      spells,
      file,
      options.prices === undefined ? undefined : pricesOf(options.prices, options.profile),
    ),
    options,
  );
}

export async function runInspectAverages(file: string, options: InspectAveragesOptions): Promise<void> {
  const read = async (name: string, profileFile: string) => {
    const profile = readProfile(profileFile);
    const tables = await readTables(name, profile);
    return tables.map((table) => readObservations(table.rows, profile, table.file).observations);
  };
  const months = (await read(options.months, options.monthsProfile)).flat();
  // a workbook has a vintage a sheet: each is judged by itself, and a series is told once
  const found = new Map<string, QuarantinedRow>();
  for (const quarters of await read(file, options.profile))
    for (const row of inspectAverages(quarters, months)) if (!found.has(row.series)) found.set(row.series, row);
  tell([...found.values()], options);
}

function pricesOf(file: string, profileFile: string | undefined) {
  const profile = readProfile(profileFile ?? join(examplesFolder(), 'profiles/wide-prices.yaml'));
  const { series } = readObservations(readTable(file, profile), profile, file);
  if (series.length === 0) throw new InputError(`${file} has no prices`, { file });
  return {
    symbols: series.map(({ id }) => id),
    first: series.reduce((first, own) => (own.first < first ? own.first : first), series[0].first),
    last: series.reduce((last, own) => (own.last > last ? own.last : last), series[0].last),
  };
}

export function columnsOf(header: readonly string[], names: readonly string[], file: string): number[] {
  return names.map((name) => {
    const at = header.map((cell) => cell.trim()).indexOf(name);
    if (at >= 0) return at;
    throw new InputError(
      `${file} has no column "${name}"`,
      { file, field: name },
      `the file has: ${header.join(', ')}`,
    );
  });
}

const words = (cell: string | undefined): string[] => (cell ?? '').split(/\s+/).filter((word) => word !== '');

function numberOf(text: string, file: string, row: number): number {
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new InputError(`${file}:${row}: the weight "${text}" is no number`, { file, row });
}

export function tell(found: readonly QuarantinedRow[], options: InspectOptions): void {
  const lines = found.map(
    ({ file, row, series, rule, value, reason }) => `${file}:${row} ${series} ${value}: ${rule}, ${reason}`,
  );
  printResult({ found }, found.length === 0 ? ['nothing was found'] : lines, options);
  if (found.length > 0) process.exitCode = EXIT_REFUSED;
}
