import type { EntityManager } from 'typeorm';
import { canonicalJson, toHex } from '@allostat/kernel';
import { EMPTY_ROOT, foldSubtrees, MerkleEdge, perfectSubtrees, type AuditRecord } from '@allostat/pipeline';
import { readNodes } from './read-nodes';

export interface AuditHead {
  readonly size: number;
  /** Root of the Merkle tree over the records (RFC 6962), hexadecimal. */
  readonly root: string;
}

/**
 * Appends records when the caller's transaction commits; one transaction at a time, so the log has no fork and no gap and its
 * order is that of the commits.
 */
export async function appendAudit(manager: EntityManager, records: readonly AuditRecord[]): Promise<void> {
  await manager.query(
    'insert into audit_incoming (at, actor, action, subject, reference, record) values ($1, $2, $3, $4, $5, $6)',
    columnsOf(records),
  );
}

/** Like `appendAudit`, at once: others wait until the commit, and what the log has become is known. */
export async function appendAuditNow(manager: EntityManager, records: readonly AuditRecord[]): Promise<AuditHead> {
  const [{ size, peaks }]: { size: string; peaks: Buffer[] }[] = await manager.query(
    'select size, peaks from audit_append($1, $2, $3, $4, $5, $6)',
    columnsOf(records),
  );
  return { size: Number(size), root: toHex(foldSubtrees(peaks)) };
}

function columnsOf(records: readonly AuditRecord[]): unknown[] {
  return [
    records.map(({ at }) => at),
    records.map(({ actor }) => actor),
    records.map(({ action }) => action),
    records.map(({ subject }) => subject),
    records.map(auditReference),
    records.map((record) => canonicalJson(record)),
  ];
}

/** Proposal, or else instruction, that a record's body names. */
export function auditReference({ body }: Pick<AuditRecord, 'body'>): string | null {
  const named = body.proposalId ?? body.instructionId;
  return typeof named === 'string' ? named : null;
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
