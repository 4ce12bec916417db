import type { EntityManager } from 'typeorm';
import { EMPTY_ROOT, MerkleEdge, perfectSubtrees, toHex } from '@allostat/kernel';
import { auditColumns, type LogRecord } from './append-audit';
import { readNodes } from './read-nodes';

export interface AuditHead {
  readonly size: number;
  /** Root of the Merkle tree over the records (RFC 6962), hexadecimal. */
  readonly root: string;
}

/** Appends records at once, unlike `appendAudit`: others wait until the commit, and what the log has become is known. */
export async function appendAuditNow(manager: EntityManager, records: readonly LogRecord[]): Promise<AuditHead> {
  await manager.query('select audit_append($1, $2, $3, $4, $5, $6)', auditColumns(records));
  return auditHead(manager);
}

/** Size and root of the log as it stands. */
export async function auditHead(manager: EntityManager): Promise<AuditHead> {
  const edge = await readEdge(manager);
  return { size: edge.size, root: toHex(edge.size === 0 ? EMPTY_ROOT : edge.root) };
}

async function readEdge(manager: EntityManager): Promise<MerkleEdge> {
  const [{ size }]: { size: string }[] = await manager.query(
    'select coalesce(max(sequence), 0) as size from audit_record',
  );
  const count = Number(size);
  return MerkleEdge.of(count, await readNodes(manager, perfectSubtrees({ begin: 0, end: count })));
}
