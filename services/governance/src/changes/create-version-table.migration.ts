import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = 'allostat_governance';

/** Approved versions of policies and mandates: a ledger, each row with the review that approved it. */
export class CreateVersionTable1764200000004 implements MigrationInterface {
  readonly name = 'CreateVersionTable1764200000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table approved_version (
        kind text not null check (kind in ('policies', 'mandate')),
        id text not null,
        version int not null check (version >= 1),
        body jsonb not null,
        content_hash text not null,
        change_id text not null unique references review (proposal_id),
        approved_at timestamptz not null,
        recorded_at timestamptz not null default clock_timestamp(),
        primary key (kind, id, version)
      );
      create function version_needs_approvals() returns trigger language plpgsql as $$
      declare
        required int;
        given int;
      begin
        select required_approvals into required from review
          where proposal_id = new.change_id and kind = new.kind and content_hash = new.content_hash;
        select count(*) into given from review_decision
          where proposal_id = new.change_id and content_hash = new.content_hash and decision = 'approve';
        if required is null or given < required then
          raise exception 'change % has % of % approvals', new.change_id, given, required using errcode = '42501';
        end if;
        return new;
      end $$;
      create trigger version_needs_approvals before insert on approved_version
        for each row execute function version_needs_approvals();
      revoke update, delete, truncate on approved_version from ${ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table approved_version; drop function version_needs_approvals()');
  }
}
