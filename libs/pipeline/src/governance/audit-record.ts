import { canonicalJson, merkleLeaf, toHex, toUtf8, type Instant } from '@allostat/kernel';

/** One fact for the audit log. `body` is complete: a reader needs nothing else to know what happened. */
export interface AuditRecord {
  readonly type: 'AuditRecord';
  readonly at: Instant;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Leaf hash of a record in the log's Merkle tree (RFC 6962), hexadecimal; independent of where the record stands. */
export function auditLeafHash(record: AuditRecord): string {
  return toHex(merkleLeaf(toUtf8(canonicalJson(record))));
}
