import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where each feed over HTTP stands, and which requests were taken: a request that comes again is not taken twice. */
export class CreateHttpFeedTables1764100000011 implements MigrationInterface {
  readonly name = 'CreateHttpFeedTables1764100000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table http_feed (
        universe_id text not null,
        feed text not null,
        next_sequence bigint not null,
        primary key (universe_id, feed)
      );
      create table http_delivery (
        idempotency_key text primary key,
        body_hash text not null,
        universe_id text not null,
        feed text not null,
        sequence bigint not null,
        sent_by text not null,
        received_at timestamptz not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table http_delivery, http_feed');
  }
}
