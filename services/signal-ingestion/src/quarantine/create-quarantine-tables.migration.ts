import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What rules set aside, and what people said about it. Rows are never changed: a second word is a row of its own. */
export class CreateQuarantineTables1764300000001 implements MigrationInterface {
  readonly name = 'CreateQuarantineTables1764300000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table quarantine_finding (
        id uuid primary key,
        number bigint generated always as identity unique,
        universe_id text not null,
        series_id text not null,
        event_time text not null,
        rule text not null,
        severity text not null check (severity in ('warning', 'error')),
        found_at timestamptz not null,
        body jsonb not null
      );
      create index quarantine_finding_universe on quarantine_finding (universe_id, number);
      create table observation_override (
        finding_id uuid not null references quarantine_finding (id),
        revision int not null check (revision > 0),
        decided_by text not null,
        decided_at timestamptz not null,
        body jsonb not null,
        primary key (finding_id, revision)
      )`);
    await runner.query(
      'revoke update, delete, truncate on quarantine_finding, observation_override from allostat_signal_ingestion',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table observation_override, quarantine_finding');
  }
}
