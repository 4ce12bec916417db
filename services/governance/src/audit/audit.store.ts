import type { EntityManager } from 'typeorm';
import { canonicalJson } from '@allostat/kernel';
import { AUDIT_GENESIS, auditChainHash, auditLeafHash, type AuditRecord } from '@allostat/pipeline';
import { AuditRecordEntity } from './audit-record.entity';

const LOCK = `select pg_advisory_xact_lock(hashtextextended('allostat audit log', 0))`;

export interface AuditHead {
  readonly size: number;
  readonly root: string;
}

/** Appends records in the caller's transaction; one appender at a time, so the chain has no fork and no gap. */
export async function appendAudit(manager: EntityManager, records: readonly AuditRecord[]): Promise<AuditHead> {
  await manager.query(LOCK);
  let { size, root } = await auditHead(manager);
  const rows = records.map((record) => {
    const leafHash = auditLeafHash(record);
    const previousHash = root;
    size += 1;
    root = auditChainHash(previousHash, leafHash);
    return {
      sequence: String(size),
      at: new Date(record.at),
      actor: record.actor,
      action: record.action,
      subject: record.subject,
      record: canonicalJson(record),
      leafHash,
      previousHash,
      hash: root,
    };
  });
  await manager.insert(AuditRecordEntity, rows);
  return { size, root };
}

export async function auditHead(manager: EntityManager): Promise<AuditHead> {
  const [last] = await manager.find(AuditRecordEntity, { order: { sequence: 'DESC' }, take: 1 });
  return last ? { size: Number(last.sequence), root: last.hash } : { size: 0, root: AUDIT_GENESIS };
}
