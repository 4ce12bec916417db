import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bitemporal observations: what a value is about, when it became known, which revision it is, where it was read. */
export class CreateObservationTable1764100000000 implements MigrationInterface {
  readonly name = 'CreateObservationTable1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table observation (
        series_id text not null,
        event_time date not null,
        revision int not null check (revision >= 0),
        ordinal int not null check (ordinal >= 0),
        kind text not null,
        known_time timestamptz not null,
        value double precision,
        text text,
        origin_file text,
        origin_row int,
        primary key (series_id, event_time, revision, ordinal)
      );
      create index observation_known on observation using brin (known_time)`);
    await runner.query('revoke update, delete, truncate on observation from allostat_signal_ingestion');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table observation');
  }
}
