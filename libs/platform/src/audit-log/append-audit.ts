import { escapeLiteral } from 'pg';
import { canonicalJson } from '@allostat/kernel';
import type { UnitOfWork } from '../unit-of-work/unit-of-work';

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
 * Appends records when the caller's unit commits; one transaction at a time, so the log has no fork and no gap and its
 * order is that of the commits. The log's lock is taken in the message that ends the transaction, and held for no round trip.
 */
export function appendAudit(unit: Pick<UnitOfWork, 'atCommit'>, records: readonly LogRecord[]): void {
  const [at, ...texts] = auditColumns(records).map(textArray);
  unit.atCommit(`select audit_append(${at}::timestamptz[], ${texts.join(', ')})`);
}

/** Literal of an array of texts: statements at the commit take no parameters. */
function textArray(values: readonly (string | null)[]): string {
  const literals = values.map((value) => (value === null ? 'null' : escapeLiteral(value)));
  return `array[${literals.join(',')}]::text[]`;
}

/** Records as the arguments of `audit_append`. */
export function auditColumns(records: readonly LogRecord[]): (string | null)[][] {
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
