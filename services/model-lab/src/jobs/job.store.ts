import type { EntityManager } from 'typeorm';
import type { JobKind, JobResult, JobSubmitted, SliceResult } from '@allostat/pipeline';

export type JobStatus = 'running' | 'done' | 'cancelled' | 'failed';

/** A job as people see it. */
export interface JobView {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly name: string;
  readonly status: JobStatus;
  readonly slices: number;
  /** Slices that have their result. */
  readonly finished: number;
  readonly submittedBy: string;
  readonly submittedAt: string;
  /** Why it was cancelled, or what went wrong. */
  readonly reason: string | null;
  readonly resultHash: string | null;
  readonly summary: unknown;
}

/** A slice that a worker has taken. */
export interface ClaimedSlice {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly spec: string;
  readonly slice: number;
  readonly attempts: number;
}

/** Keeps a job with its slices; one that is known already stays as it is. */
export async function insertJob(manager: EntityManager, job: JobSubmitted, at: string): Promise<void> {
  const { jobId, kind, name, spec, slices, submittedBy } = job;
  await manager.query(
    `insert into job (job_id, kind, name, spec, slices, submitted_by, submitted_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [jobId, kind, name, spec, slices, submittedBy, at],
  );
  await manager.query(
    `insert into job_slice (job_id, slice) select $1, generate_series(0, $2::int - 1) on conflict do nothing`,
    [jobId, slices],
  );
}

/** Ends a job that still runs; returns whether it did. */
export async function endJob(
  manager: EntityManager,
  jobId: string,
  { status, reason }: { readonly status: 'cancelled' | 'failed'; readonly reason: string },
): Promise<boolean> {
  const [, changed]: [unknown, number] = await manager.query(
    `update job set status = $2, reason = $3 where job_id = $1 and status = 'running'`,
    [jobId, status, reason],
  );
  return changed > 0;
}

/**
 * Takes the next slice that nobody computes, of the oldest job that runs; its lease ends after `leaseSeconds` unless it is renewed, and
 * then somebody else may take it. `undefined` when there is nothing to do.
 */
export async function claimSlice(manager: EntityManager, leaseSeconds: number): Promise<ClaimedSlice | undefined> {
  const [rows]: [ClaimedSlice[], number] = await manager.query(
    `update job_slice s set lease_until = now() + make_interval(secs => $1), attempts = attempts + 1
     from job j
     where j.job_id = s.job_id and (s.job_id, s.slice) = (
       select open.job_id, open.slice from job_slice open join job using (job_id)
       where job.status = 'running' and open.result is null and (open.lease_until is null or open.lease_until < now())
       order by job.submitted_at, job.job_id, open.slice limit 1
       for update of open skip locked)
     returning s.job_id as "jobId", j.kind, j.spec, s.slice, s.attempts`,
    [leaseSeconds],
  );
  return rows[0];
}

export async function renewLease(
  manager: EntityManager,
  { jobId, slice }: ClaimedSlice,
  seconds: number,
): Promise<void> {
  await manager.query(
    `update job_slice set lease_until = now() + make_interval(secs => $3) where job_id = $1 and slice = $2 and result is null`,
    [jobId, slice, seconds],
  );
}

/** Keeps a result. Two workers can have computed the same slice: both have the same result, and the first one's stays. */
export async function saveResult(
  manager: EntityManager,
  { jobId, slice }: ClaimedSlice,
  result: SliceResult,
): Promise<void> {
  await manager.query(
    `update job_slice set result = $3, lease_until = null, error = null where job_id = $1 and slice = $2 and result is null`,
    [jobId, slice, JSON.stringify(result)],
  );
}

/** Gives a slice back with what went wrong. */
export async function saveError(manager: EntityManager, { jobId, slice }: ClaimedSlice, error: string): Promise<void> {
  await manager.query(
    `update job_slice set error = $3, lease_until = null where job_id = $1 and slice = $2 and result is null`,
    [jobId, slice, error],
  );
}

/** All results in order once a running job has them all, with the job locked so that one worker alone finishes it. */
export async function resultsWhenComplete(manager: EntityManager, jobId: string): Promise<SliceResult[] | undefined> {
  const locked: unknown[] = await manager.query(
    `select 1 from job where job_id = $1 and status = 'running' for update`,
    [jobId],
  );
  if (locked.length === 0) return undefined;
  const rows: { result: SliceResult | null }[] = await manager.query(
    `select result from job_slice where job_id = $1 order by slice`,
    [jobId],
  );
  const results = rows.flatMap(({ result }) => (result === null ? [] : [result]));
  return results.length === rows.length ? results : undefined;
}

export async function finishJob(manager: EntityManager, jobId: string, result: JobResult): Promise<void> {
  await manager.query(`update job set status = 'done', result_hash = $2, summary = $3 where job_id = $1`, [
    jobId,
    result.resultHash,
    JSON.stringify(result.summary),
  ]);
}

/** Jobs, the newest first; with an id, that one. */
export async function readJobs(manager: EntityManager, jobId?: string): Promise<JobView[]> {
  const rows: (Omit<JobView, 'submittedAt'> & { submittedAt: Date })[] = await manager.query(
    `select job_id as "jobId", kind, name, status, slices, submitted_by as "submittedBy", submitted_at as "submittedAt",
       reason, result_hash as "resultHash", summary,
       (select count(*)::int from job_slice s where s.job_id = job.job_id and s.result is not null) as finished
     from job where $1::text is null or job_id = $1 order by submitted_at desc, job_id`,
    [jobId ?? null],
  );
  return rows.map(({ submittedAt, ...row }) => ({ ...row, submittedAt: submittedAt.toISOString() }));
}
