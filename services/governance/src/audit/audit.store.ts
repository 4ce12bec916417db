import type { EntityManager } from 'typeorm';
import { canonicalJson, fromHex, toHex } from '@allostat/kernel';
import {
  auditLeafHash,
  EMPTY_ROOT,
  MerkleEdge,
  perfectSubtrees,
  type AuditRecord,
  type NewNode,
} from '@allostat/pipeline';
import { readNodes } from './read-nodes';

const LOCK = `select pg_advisory_xact_lock(hashtextextended('allostat audit log', 0))`;

export interface AuditHead {
  readonly size: number;
  /** Root of the Merkle tree over the records (RFC 6962), hexadecimal. */
  readonly root: string;
}

/**
 * Appends records in the caller's transaction; one appender at a time until it commits, so the log has no fork and no gap and
 * its order is that of the commits.
 */
export async function appendAudit(manager: EntityManager, records: readonly AuditRecord[]): Promise<AuditHead> {
  await manager.query(LOCK);
  let edge = await readEdge(manager);
  const nodes: NewNode[] = [];
  const first = edge.size + 1;
  const leaves = records.map((record) => fromHex(auditLeafHash(record)));
  for (const leaf of leaves) {
    const appended = edge.append(leaf);
    edge = appended.edge;
    nodes.push(...appended.nodes);
  }
  await manager.query(
    `insert into audit_record (sequence, at, actor, action, subject, reference, record, leaf_hash)
     select $1::bigint + position - 1, r.at, r.actor, r.action, r.subject, r.reference, r.record, r.leaf
     from unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
       with ordinality as r (at, actor, action, subject, reference, record, leaf, position)`,
    [
      first,
      records.map(({ at }) => at),
      records.map(({ actor }) => actor),
      records.map(({ action }) => action),
      records.map(({ subject }) => subject),
      records.map(auditReference),
      records.map((record) => canonicalJson(record)),
      leaves.map((leaf) => Buffer.from(leaf)),
    ],
  );
  await manager.query(
    'insert into audit_node (level, index, hash) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])',
    [nodes.map(({ level }) => level), nodes.map(({ index }) => index), nodes.map(({ hash }) => Buffer.from(hash))],
  );
  return { size: edge.size, root: toHex(edge.root) };
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
