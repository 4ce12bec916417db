import type { EntityManager } from 'typeorm';
import { canonicalJson } from '@allostat/kernel';

/** A row as the log tells of it. */
export interface ToldRow {
  readonly columns: Readonly<Record<string, unknown>>;
  /** The last record that tells of it. */
  readonly sequence: number;
}

/** A record of the log with its place in it. */
export interface LogEntry {
  readonly sequence: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The first row of a table that is not as the log tells, with the record that tells of it; 0 when none does. */
export interface StrayRow {
  readonly sequence: number;
  readonly reason: string;
}

type Row = Readonly<Record<string, unknown>>;

/** A table whose rows are all in the log. */
export interface AuditedTable {
  readonly name: string;
  readonly key: readonly string[];
  /** Columns that the log does not hold: `fault` proves them by what it does. */
  readonly untold?: readonly string[];
  /** What is wrong with a row by itself. */
  readonly fault?: (row: Row) => string | undefined;
  /** Comparable form of a row; by default the row itself. */
  readonly asTold?: (row: Row) => Row;
}

/** Tables as a log tells of them. */
export interface AuditedBook {
  take(entry: LogEntry): void;
  rows(table: string): ReadonlyMap<string, ToldRow>;
  /** The first row that is not as told. */
  strayRow(manager: EntityManager): Promise<StrayRow | undefined>;
}

/** The first of a table's rows that is not as told, or that is told of and missing. */
export function strayAmong(
  rows: readonly Row[],
  { name, key, untold = [], fault, asTold = (row) => row }: AuditedTable,
  told: ReadonlyMap<string, ToldRow>,
): StrayRow | undefined {
  const seen = new Set<string>();
  for (const row of rows) {
    const id = key.map((column) => String(row[column])).join('\n');
    const where = `${name} ${id.replaceAll('\n', ' / ')}`;
    seen.add(id);
    const expected = told.get(id);
    if (!expected) return { sequence: 0, reason: `${where}: no record of the log tells of this row` };
    const { sequence, columns } = expected;
    const given = asTold(row);
    for (const column of Object.keys(row)) {
      if (key.includes(column) || untold.includes(column)) continue;
      if (comparable(given[column]) === comparable(columns[column])) continue;
      return { sequence, reason: `${where}: column ${column} is not what the log tells` };
    }
    const other = fault?.(row);
    if (other !== undefined) return { sequence, reason: `${where}: ${other}` };
  }
  for (const [id, { sequence }] of told) {
    if (!seen.has(id)) return { sequence, reason: `${name} ${id.replaceAll('\n', ' / ')}: the row is missing` };
  }
  return undefined;
}

function comparable(value: unknown): string {
  return canonicalJson(value instanceof Date ? value.toISOString() : (value ?? null));
}
