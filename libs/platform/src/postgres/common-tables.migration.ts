import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every service has in its schema: inbox, outbox, aggregate states, dead letters. */
export class CommonTables1764000000001 implements MigrationInterface {
  readonly name = 'CommonTables1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table inbox (
        consumer text not null,
        event_id text not null,
        at timestamptz not null default now(),
        primary key (consumer, event_id)
      );
      create index inbox_at on inbox using brin (at);
      create table outbox (
        id bigint generated always as identity primary key,
        shard smallint not null,
        topic text not null,
        key text not null,
        value bytea not null,
        headers jsonb not null,
        created_at timestamptz not null default now()
      ) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
      create table aggregate_state (
        store text not null,
        key text not null,
        version bigint not null,
        state bytea not null,
        primary key (store, key)
      );
      create table dead_letter (
        id bigint generated always as identity primary key,
        group_id text not null,
        topic text not null,
        partition int not null,
        "offset" bigint not null,
        key text not null,
        value bytea not null,
        headers jsonb not null,
        event_id text,
        event_type text,
        reason text not null,
        detail text,
        attempts int not null check (attempts > 0),
        at timestamptz not null default now(),
        redriven_at timestamptz,
        unique (group_id, topic, partition, "offset")
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table inbox, outbox, aggregate_state, dead_letter');
  }
}
