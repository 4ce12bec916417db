import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs and their slices: a slice with a result is a checkpoint, one with a lease in the future is being computed. */
export class CreateJobTables1764800000003 implements MigrationInterface {
  readonly name = 'CreateJobTables1764800000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table job (
        job_id text primary key,
        kind text not null check (kind in ('randomised-backtests', 'regime-training')),
        name text not null,
        spec text not null check (spec ~ '^[0-9a-f]{64}$'),
        slices int not null check (slices > 0),
        submitted_by text not null,
        submitted_at timestamptz not null,
        status text not null default 'running' check (status in ('running', 'done', 'cancelled', 'failed')),
        reason text,
        result_hash text,
        summary jsonb,
        check ((status = 'done') = (result_hash is not null))
      );
      create table job_slice (
        job_id text not null references job (job_id),
        slice int not null check (slice >= 0),
        lease_until timestamptz,
        attempts int not null default 0,
        error text,
        result jsonb,
        primary key (job_id, slice)
      );
      create index job_slice_open on job_slice (job_id, slice) where result is null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table job_slice, job');
  }
}
