import type { EntityManager } from 'typeorm';
import type { OurInstruction, Reconciliation } from '@allostat/pipeline';

/** A request for the order system's book, and what came of it. */
export interface ReconciliationView {
  readonly requestId: string;
  readonly mandateId: string;
  readonly throughSequence: number;
  readonly requestedBy: string;
  readonly requestedAt: string;
  /** Absent while the order system has not answered. */
  readonly reportedAt?: string;
  readonly result?: Reconciliation;
}

interface Row {
  readonly request_id: string;
  readonly mandate_id: string;
  readonly through_sequence: number;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly reported_at: Date | null;
  readonly result: Reconciliation | null;
}

/** Every instruction of a mandate that was released, in its sequence. */
export async function instructionsOf(manager: EntityManager, mandateId: string): Promise<OurInstruction[]> {
  return manager.query<OurInstruction[]>(
    `select i.sequence, i.instruction_id as "instructionId", r.status from instruction i join review r using (proposal_id)
     where i.mandate_id = $1 order by i.sequence`,
    [mandateId],
  );
}

export async function insertRequest(
  manager: EntityManager,
  { requestId, mandateId, throughSequence, requestedBy, requestedAt }: ReconciliationView,
): Promise<void> {
  await manager.query(
    `insert into reconciliation_request (request_id, mandate_id, through_sequence, requested_by, requested_at)
     values ($1, $2, $3, $4, $5)`,
    [requestId, mandateId, throughSequence, requestedBy, requestedAt],
  );
}

/** Keeps what a report came to; false when it had been reported before. */
export async function insertResult(
  manager: EntityManager,
  requestId: string,
  result: Reconciliation,
  at: string,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `insert into reconciliation (request_id, reported_at, result) values ($1, $2, $3)
     on conflict do nothing returning 1`,
    [requestId, at, JSON.stringify(result)],
  );
  return rows.length > 0;
}

export interface ReconciliationFilter {
  readonly ids?: readonly string[];
  readonly mandates?: readonly string[];
  /** Only those that were asked for before this instant and not answered. */
  readonly unansweredSince?: string;
}

/** Reconciliations, newest first. */
export async function readReconciliations(
  manager: EntityManager,
  { ids, mandates, unansweredSince }: ReconciliationFilter = {},
): Promise<ReconciliationView[]> {
  const rows = await manager.query<Row[]>(
    `select * from reconciliation_request left join reconciliation using (request_id)
     where ($1::text[] is null or request_id = any($1)) and ($2::text[] is null or mandate_id = any($2))
       and ($3::timestamptz is null or (reported_at is null and requested_at < $3))
     order by requested_at desc, mandate_id limit 1000`,
    [ids ?? null, mandates ?? null, unansweredSince ?? null],
  );
  return rows.map((row) => ({
    requestId: row.request_id,
    mandateId: row.mandate_id,
    throughSequence: row.through_sequence,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    ...(row.reported_at !== null && { reportedAt: row.reported_at.toISOString() }),
    ...(row.result !== null && { result: row.result }),
  }));
}

/** Mandates that have released something and were not asked about since the given instant. */
export async function mandatesToReconcile(manager: EntityManager, since: string): Promise<string[]> {
  const rows = await manager.query<{ mandate_id: string }[]>(
    `select distinct mandate_id from instruction i where not exists (select 1 from reconciliation_request q
       where q.mandate_id = i.mandate_id and q.requested_at >= $1) order by 1`,
    [since],
  );
  return rows.map(({ mandate_id }) => mandate_id);
}
