import type { EntityManager } from 'typeorm';
import { canonicalJson, sha256Hex, toHex, toUtf8 } from '@allostat/kernel';
import { merkleLeaf } from '@allostat/pipeline';
import type { LogProjection, ToldRow } from './log-projection';

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

/** Every audited table. The rest of the schema is working state: what it leads to is in the log. */
export const AUDITED_TABLES: readonly AuditedTable[] = [
  {
    name: 'review',
    key: ['proposal_id'],
    untold: ['proposal'],
    fault: (row) =>
      sha256Hex(canonicalJson(row.proposal)) === row.content_hash ? undefined : 'its proposal is not the one reviewed',
  },
  { name: 'review_party', key: ['proposal_id', 'person', 'part'] },
  { name: 'review_decision', key: ['proposal_id', 'actor'] },
  {
    name: 'instruction',
    key: ['instruction_id'],
    asTold: (row) => {
      const { type: _type, auditHash: _auditHash, ...content } = row.body as Row;
      return { ...row, body: content };
    },
  },
  { name: 'review_override', key: ['proposal_id'] },
  { name: 'drill', key: ['proposal_id'] },
  { name: 'approved_version', key: ['kind', 'id', 'version'] },
  { name: 'committee_meeting', key: ['meeting_id'] },
  { name: 'committee_vote', key: ['meeting_id', 'proposal_id', 'member'] },
  { name: 'committee_minutes', key: ['meeting_id'] },
  { name: 'absence', key: ['id'] },
  { name: 'alarm_event', key: ['sequence'] },
  { name: 'reconciliation_request', key: ['request_id'] },
  { name: 'reconciliation', key: ['request_id'] },
  { name: 'delegation', key: ['id'] },
  { name: 'kill_entry', key: ['id'] },
];

/** Compares the audited tables with what the log tells of them, and names the first row that is not as told. */
export async function strayRow(manager: EntityManager, log: LogProjection): Promise<StrayRow | undefined> {
  for (const table of AUDITED_TABLES) {
    const fault = await strayRowOf(manager, table, log.rows(table.name));
    if (fault) return fault;
  }
  return releaseHashFault(manager);
}

async function strayRowOf(
  manager: EntityManager,
  table: AuditedTable,
  told: ReadonlyMap<string, ToldRow>,
): Promise<StrayRow | undefined> {
  const rows: Row[] = await manager.query(`select * from ${table.name} order by ${table.key.join(', ')}`);
  return strayAmong(rows, table, told);
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

/** An instruction names the leaf of its release: whoever has the instruction can ask for its proof. */
async function releaseHashFault(manager: EntityManager): Promise<StrayRow | undefined> {
  const rows: { id: string; hash: string; record: string; sequence: string }[] = await manager.query(
    `select i.instruction_id as id, i.body ->> 'auditHash' as hash, a.sequence, a.record from instruction i
     join audit_record a on a.action = 'instruction.released' and a.reference = i.proposal_id
     order by a.sequence`,
  );
  const bad = rows.find(({ hash, record }) => hash !== toHex(merkleLeaf(toUtf8(record))));
  return (
    bad && { sequence: Number(bad.sequence), reason: `instruction ${bad.id}: its auditHash is not that of its release` }
  );
}
