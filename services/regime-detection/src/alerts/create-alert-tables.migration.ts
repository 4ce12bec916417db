import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was told about alerts, how far each webhook has been told, and when each universe was last assessed. */
export class CreateAlertTables1764100000010 implements MigrationInterface {
  readonly name = 'CreateAlertTables1764100000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table regime_alert (
        universe_id text not null,
        sequence bigint not null check (sequence > 0),
        told_at timestamptz not null,
        body jsonb not null,
        primary key (universe_id, sequence)
      );
      create table regime_pulse (
        universe_id text primary key,
        as_of date not null,
        sequence bigint not null
      );
      create table alert_delivery (
        webhook text not null,
        universe_id text not null,
        sequence bigint not null,
        attempts int not null default 0,
        next_attempt timestamptz not null default now(),
        last_error text,
        primary key (webhook, universe_id)
      )`);
    await runner.query('revoke update, delete, truncate on regime_alert from allostat_regime_detection');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table alert_delivery, regime_pulse, regime_alert');
  }
}
