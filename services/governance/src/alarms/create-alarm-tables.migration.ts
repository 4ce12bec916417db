import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = 'allostat_governance';

/** Alarms as a stream that only grows, how far each webhook was told of it, and what reconciliations found. */
export class CreateAlarmTables1764300000003 implements MigrationInterface {
  readonly name = 'CreateAlarmTables1764300000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table alarm_event (
        sequence bigint primary key check (sequence > 0),
        alarm_id text not null,
        step text not null check (step in ('raised', 'repeated', 'acknowledged')),
        mandate_id text,
        at timestamptz not null,
        body jsonb not null
      );
      create unique index alarm_is_raised_once on alarm_event (alarm_id) where step = 'raised';
      create unique index alarm_is_acknowledged_once on alarm_event (alarm_id) where step = 'acknowledged';
      create index alarm_event_by_alarm on alarm_event (alarm_id, sequence);

      create table alarm_delivery (
        webhook text not null,
        stream text not null,
        sequence bigint not null,
        attempts int not null default 0,
        next_attempt timestamptz not null default now(),
        last_error text,
        primary key (webhook, stream)
      );

      create table reconciliation_request (
        request_id text primary key,
        mandate_id text not null,
        through_sequence int not null check (through_sequence >= 0),
        requested_by text not null,
        requested_at timestamptz not null
      );
      create index reconciliation_request_by_mandate on reconciliation_request (mandate_id, requested_at);
      create table reconciliation (
        request_id text primary key references reconciliation_request (request_id),
        reported_at timestamptz not null,
        result jsonb not null
      );

      revoke update, delete, truncate on alarm_event, reconciliation_request, reconciliation from ${ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reconciliation, reconciliation_request, alarm_delivery, alarm_event');
  }
}
