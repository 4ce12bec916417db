import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = 'allostat_governance';

/**
 * What reviewers opened, what they put in the place of a proposal, and drills. A drill is a review of a kind of its own,
 * and the database lets no instruction stand on one.
 */
export class CreateOversightTables1764300000001 implements MigrationInterface {
  readonly name = 'CreateOversightTables1764300000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table evidence_view (
        proposal_id text not null references review (proposal_id),
        person text not null,
        part text not null,
        hash text not null check (hash ~ '^[0-9a-f]{64}$'),
        opened_at timestamptz not null,
        primary key (proposal_id, person, part)
      );
      alter table review_decision add column viewed jsonb;

      create table review_override (
        proposal_id text primary key references review (proposal_id),
        replaces text not null references review (proposal_id),
        person text not null,
        at timestamptz not null
      );

      create table drill (
        proposal_id text primary key references review (proposal_id),
        mandate_id text not null,
        fault text not null,
        planted_by text not null,
        planted_at timestamptz not null,
        outcome text check (outcome in ('caught', 'missed', 'not-decided')),
        caught_by text,
        ended_at timestamptz
      );
      create index drill_by_mandate on drill (mandate_id, planted_at);

      create function instruction_is_about_an_allocation() returns trigger language plpgsql as $$
      begin
        if not exists (select 1 from review where proposal_id = new.proposal_id and kind = 'allocation') then
          raise exception 'instruction % is about no allocation: a drill is never released', new.instruction_id
            using errcode = '42501';
        end if;
        return new;
      end $$;
      create trigger instruction_is_about_an_allocation before insert on instruction
        for each row execute function instruction_is_about_an_allocation();

      revoke update, delete, truncate on evidence_view, review_override, drill from ${ROLE};
      grant update (outcome, caught_by, ended_at) on drill to ${ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop trigger instruction_is_about_an_allocation on instruction;
      drop function instruction_is_about_an_allocation();
      drop table drill, review_override, evidence_view;
      alter table review_decision drop column viewed`);
  }
}
