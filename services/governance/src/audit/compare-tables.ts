import type { EntityManager } from 'typeorm';
import { canonicalJson, sha256Hex, toHex, toUtf8, merkleLeaf } from '@allostat/kernel';
import { strayAmong, type AuditedBook, type AuditedTable, type StrayRow, type ToldRow } from '@allostat/platform';
import { LogProjection } from './log-projection';

type Row = Readonly<Record<string, unknown>>;

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

/** The tables of governance, as its log tells of them. */
export class GovernanceBook extends LogProjection implements AuditedBook {
  strayRow(manager: EntityManager): Promise<StrayRow | undefined> {
    return strayRow(manager, this);
  }
}

/** Compares the audited tables with what the log tells of them, and names the first row that is not as told. */
async function strayRow(manager: EntityManager, log: LogProjection): Promise<StrayRow | undefined> {
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
