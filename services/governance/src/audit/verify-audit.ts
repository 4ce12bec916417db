import type { EntityManager } from 'typeorm';
import { canonicalJson, sha256Hex, toInstant } from '@allostat/kernel';
import { AUDIT_GENESIS, auditChainHash } from '@allostat/pipeline';
import { AuditRecordEntity } from './audit-record.entity';

export interface AuditVerification {
  readonly size: number;
  readonly root: string;
  readonly verified: boolean;
  /** First entry that does not hold, and why. */
  readonly firstBad?: { readonly sequence: number; readonly reason: string };
}

const PAGE = 2_000;

/** Recomputes the whole log from its records and names the first entry that does not hold. */
export async function verifyAudit(
  manager: EntityManager,
  expected?: { size: number; root: string },
): Promise<AuditVerification> {
  let size = 0;
  let root = AUDIT_GENESIS;
  for (;;) {
    const rows = await manager
      .createQueryBuilder(AuditRecordEntity, 'a')
      .where('a.sequence > :size', { size })
      .orderBy('a.sequence')
      .take(PAGE)
      .getMany();
    for (const row of rows) {
      const reason = fault(row, size + 1, root);
      if (reason !== undefined) return { size, root, verified: false, firstBad: { sequence: size + 1, reason } };
      size += 1;
      root = row.hash;
    }
    if (rows.length < PAGE) break;
  }
  if (expected && (size < expected.size || (size === expected.size && root !== expected.root))) {
    const reason = `the log ends at ${size}, a checkpoint says that it had ${expected.size} entries with another root`;
    return { size, root, verified: false, firstBad: { sequence: size + 1, reason } };
  }
  return { size, root, verified: true };
}

function fault(row: AuditRecordEntity, sequence: number, previous: string): string | undefined {
  if (Number(row.sequence) !== sequence) return `entry ${sequence} is missing, the next one is ${row.sequence}`;
  if (sha256Hex(row.record) !== row.leafHash) return 'the record is not the one that was hashed';
  if (row.previousHash !== previous) return 'the entry does not follow the one before it';
  if (auditChainHash(previous, row.leafHash) !== row.hash) return 'the hash is not that of the entry';
  const record = JSON.parse(row.record) as Record<string, unknown>;
  if (canonicalJson(record) !== row.record) return 'the record is not in canonical form';
  const columns = { at: toInstant(row.at.getTime()), actor: row.actor, action: row.action, subject: row.subject };
  for (const [column, value] of Object.entries(columns)) {
    if (record[column] !== value) return `column ${column} differs from the record`;
  }
  return undefined;
}
