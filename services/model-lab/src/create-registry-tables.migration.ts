import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The model registry: versions that cannot be overwritten, aliases as an append-only ledger. */
export class CreateRegistryTables1764100000003 implements MigrationInterface {
  readonly name = 'CreateRegistryTables1764100000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table model_version (
        model text not null,
        version text not null,
        artefact text not null check (artefact ~ '^[0-9a-f]{64}$'),
        trained_from date not null,
        trained_to date not null check (trained_to >= trained_from),
        observations int not null check (observations > 0),
        log_likelihood double precision not null,
        converged boolean not null,
        seed bigint not null,
        registered_at timestamptz not null,
        primary key (model, version)
      );
      create table model_alias (
        id bigint generated always as identity primary key,
        model text not null,
        alias text not null check (alias in ('champion', 'challenger')),
        version text not null,
        from_time timestamptz not null,
        reason text not null check (length(btrim(reason)) >= 5),
        foreign key (model, version) references model_version (model, version)
      );
      create index model_alias_current on model_alias (model, alias, id desc);
      revoke update, delete, truncate on model_version, model_alias from allostat_model_lab`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table model_alias, model_version');
  }
}
