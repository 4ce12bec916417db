import { canonicalJson, sha256Hex, type Instant } from '@allostat/kernel';

/** One fact for the audit log. `body` is complete: a reader needs nothing else to know what happened. */
export interface AuditRecord {
  readonly type: 'AuditRecord';
  readonly at: Instant;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Hash of a record's content, independent of where it stands in the log. */
export function auditLeafHash(record: AuditRecord): string {
  return sha256Hex(canonicalJson(record));
}

/** Hash of a log entry: binds the record to all records before it. */
export function auditChainHash(previousHash: string, leafHash: string): string {
  return sha256Hex(`${previousHash}${leafHash}`);
}

/** What stands before the first record. */
export const AUDIT_GENESIS = '0'.repeat(64);
