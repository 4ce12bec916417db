import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The inventory's mandatory columns, states and alias changes as append-only ledgers, and the approvals that an alias
 * needs once it points somewhere. No role can change or delete a row, the owner of the tables neither while the triggers
 * stand.
 */
export class ExtendRegistry1764200000003 implements MigrationInterface {
  readonly name = 'ExtendRegistry1764200000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table model_version
        add column code_version text not null default 'unversioned' check (code_version <> ''),
        add column data_versions jsonb not null default '[]',
        add column parameters_hash text,
        add column developers jsonb not null default '["service:model-lab"]' check (jsonb_array_length(developers) > 0),
        add column owner text not null default 'research' check (owner <> ''),
        add column tier text not null default 'high' check (tier in ('routine', 'standard', 'high', 'critical')),
        add column intended_use text not null default 'regime probabilities of its universe' check (intended_use <> ''),
        add column restrictions text not null default 'not to be used outside its universe' check (restrictions <> ''),
        add column limitations jsonb not null default '["fitted on one history"]' check (jsonb_array_length(limitations) > 0),
        add column validation_report text not null default 'not validated independently' check (validation_report <> ''),
        add column review_due date;
      alter table model_alias
        add column recorded_at timestamptz not null default clock_timestamp(),
        add column approval_id text,
        add column actor text not null default 'service:model-lab',
        add column reason_code text not null default 'initial';

      create table model_state (
        id bigint generated always as identity primary key,
        model text not null,
        version text not null,
        state text not null check (state in ('registered', 'validated', 'validation-failed', 'shadow', 'pilot',
          'production', 'suspended', 'retired')),
        actor text not null,
        reason text not null check (length(btrim(reason)) >= 5),
        approval_id text,
        at timestamptz not null,
        recorded_at timestamptz not null default clock_timestamp(),
        foreign key (model, version) references model_version (model, version)
      );

      create table model_change (
        change_id text primary key,
        model text not null,
        version text not null,
        alias text not null check (alias in ('champion', 'challenger')),
        maker text not null,
        developers jsonb not null,
        required_approvals int not null check (required_approvals >= 1),
        content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
        at timestamptz not null,
        unique (change_id, maker, content_hash),
        foreign key (model, version) references model_version (model, version)
      );
      create table model_change_decision (
        change_id text not null,
        maker text not null,
        content_hash text not null,
        actor text not null check (actor !~ '^(service|group):'),
        function text not null,
        decision text not null check (decision in ('approve', 'reject')),
        reason text not null check (length(btrim(reason)) >= 5),
        at timestamptz not null,
        primary key (change_id, actor),
        constraint maker_cannot_decide check (actor <> maker),
        foreign key (change_id, maker, content_hash) references model_change (change_id, maker, content_hash)
      );

      create function developer_cannot_decide() returns trigger language plpgsql as $$
      begin
        if exists (select 1 from model_change where change_id = new.change_id and developers ? new.actor) then
          raise exception 'four eyes: % developed the version of change %', new.actor, new.change_id using errcode = '42501';
        end if;
        return new;
      end $$;
      create trigger developer_cannot_decide before insert on model_change_decision
        for each row execute function developer_cannot_decide();

      create function alias_needs_approvals() returns trigger language plpgsql as $$
      declare
        required int;
        given int;
      begin
        if new.approval_id is null then
          if exists (select 1 from model_alias where model = new.model and alias = new.alias) then
            raise exception 'alias % of % needs an approved change', new.alias, new.model using errcode = '42501';
          end if;
          return new;
        end if;
        select required_approvals into required from model_change where change_id = new.approval_id
          and model = new.model and version = new.version and alias = new.alias;
        select count(*) into given from model_change_decision where change_id = new.approval_id and decision = 'approve';
        if required is null or given < required then
          raise exception 'change % has % of % approvals', new.approval_id, given, required using errcode = '42501';
        end if;
        return new;
      end $$;
      create trigger alias_needs_approvals before insert on model_alias
        for each row execute function alias_needs_approvals();

      create function registry_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'the model registry is append-only' using errcode = '42501';
      end $$`);
    for (const table of ['model_version', 'model_alias', 'model_state', 'model_change', 'model_change_decision']) {
      await runner.query(`
        create trigger ${table}_no_change before update or delete on ${table}
          for each row execute function registry_is_append_only();
        create trigger ${table}_no_truncate before truncate on ${table}
          for each statement execute function registry_is_append_only();
        revoke update, delete, truncate on ${table} from allostat_model_lab`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table model_change_decision, model_change, model_state;
      drop function registry_is_append_only() cascade;
      drop function alias_needs_approvals() cascade;
      drop function developer_cannot_decide() cascade`);
  }
}
