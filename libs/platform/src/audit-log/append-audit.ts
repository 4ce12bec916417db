import type { EntityManager } from 'typeorm';
import { canonicalJson } from '@allostat/kernel';

/** One fact for an audit log; a reader needs nothing but its body to know what happened. */
export interface LogRecord {
  readonly type: 'AuditRecord';
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Appends records when the caller's transaction commits; one transaction at a time, so the log has no fork and no gap and its
 * order is that of the commits.
 */
export async function appendAudit(manager: EntityManager, records: readonly LogRecord[]): Promise<void> {
  await manager.query(
    'insert into audit_incoming (at, actor, action, subject, reference, record) values ($1, $2, $3, $4, $5, $6)',
    auditColumns(records),
  );
}

/** Records as the columns of `audit_incoming` and the arguments of `audit_append`. */
export function auditColumns(records: readonly LogRecord[]): unknown[] {
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
export function auditReference({ body }: Pick<LogRecord, 'body'>): string | null {
  const named = body.proposalId ?? body.instructionId;
  return typeof named === 'string' ? named : null;
}
