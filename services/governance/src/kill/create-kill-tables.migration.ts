import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = 'allostat_governance';

/** The kill switch: every press is a row that stays; instructions that had not left are kept apart while it is engaged. */
export class CreateKillTables1764200000002 implements MigrationInterface {
  readonly name = 'CreateKillTables1764200000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table kill_entry (
        id bigint generated always as identity primary key,
        scope text not null,
        action text not null check (action in ('engage', 'arm')),
        actor text not null,
        reason text not null check (length(btrim(reason)) >= 5),
        at timestamptz not null,
        drill boolean not null
      );
      create table held_message (like outbox);
      create table running_build (
        instance text primary key,
        build text not null,
        seen_at timestamptz not null default clock_timestamp()
      );
      revoke update, delete, truncate on kill_entry from ${ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table running_build, held_message, kill_entry');
  }
}
