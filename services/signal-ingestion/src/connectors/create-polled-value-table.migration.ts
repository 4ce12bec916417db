import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each polled source has delivered: a poll delivers what is not here yet. */
export class CreatePolledValueTable1764600000001 implements MigrationInterface {
  readonly name = 'CreatePolledValueTable1764600000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table polled_value (
        universe_id text not null,
        feed text not null,
        series_id text not null,
        event_time date not null,
        revision int not null,
        text_hash text not null,
        known_time timestamptz not null,
        value double precision,
        primary key (universe_id, feed, series_id, event_time, revision, text_hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table polled_value');
  }
}
