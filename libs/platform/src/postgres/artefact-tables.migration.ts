import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Immutable blobs. Services may insert and read; a trigger refuses changes even to the owner of the table. */
export class ArtefactTables1764000000002 implements MigrationInterface {
  readonly name = 'ArtefactTables1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table artefacts.artefact (
        hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
        media_type text not null,
        bytes bytea not null,
        created_at timestamptz not null default now(),
        check (encode(sha256(bytes), 'hex') = hash)
      );
      alter table artefacts.artefact alter column bytes set storage external;
      create function artefacts.refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'artefacts are never changed or deleted' using errcode = '42501';
      end $$;
      create trigger artefact_no_change before update or delete on artefacts.artefact
        for each row execute function artefacts.refuse_change();
      create trigger artefact_no_truncate before truncate on artefacts.artefact
        for each statement execute function artefacts.refuse_change();
      grant usage on schema artefacts to allostat_service;
      grant select, insert on artefacts.artefact to allostat_service`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table artefacts.artefact; drop function artefacts.refuse_change()');
  }
}
