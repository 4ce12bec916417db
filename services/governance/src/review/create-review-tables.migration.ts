import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = 'allostat_governance';

/**
 * Reviews, decisions and instructions, with the rules of sign-off as constraints, so that they hold even against a
 * service that has gone wrong: nobody decides on what he made, nobody decides twice, every decision is about the
 * content of its review, and no instruction stands without the approvals that its review requires.
 */
export class CreateReviewTables1764100000001 implements MigrationInterface {
  readonly name = 'CreateReviewTables1764100000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table review (
        proposal_id text primary key,
        mandate_id text not null,
        maker text not null,
        content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
        status text not null check (status in ('waiting', 'rejected', 'expired', 'superseded', 'released',
          'acknowledged', 'refused-by-order-system', 'completed')),
        required_approvals int not null check (required_approvals >= 1),
        opened_at timestamptz not null,
        expires_at timestamptz not null,
        instruction_id text,
        proposal jsonb not null,
        unique (proposal_id, maker, content_hash)
      );
      create index review_by_status on review (status, opened_at);
      create unique index review_one_waiting_per_mandate on review (mandate_id) where status = 'waiting';

      create table review_decision (
        proposal_id text not null,
        maker text not null,
        actor text not null,
        decision text not null check (decision in ('approve', 'reject')),
        reason text not null check (length(btrim(reason)) >= 5),
        content_hash text not null,
        at timestamptz not null,
        primary key (proposal_id, actor),
        constraint maker_cannot_decide check (actor <> maker),
        foreign key (proposal_id, maker, content_hash) references review (proposal_id, maker, content_hash)
      );

      create table instruction (
        instruction_id text primary key,
        mandate_id text not null,
        sequence int not null check (sequence >= 1),
        proposal_id text not null unique references review (proposal_id),
        content_hash text not null,
        released_at timestamptz not null,
        body jsonb not null,
        unique (mandate_id, sequence)
      );

      create function instruction_needs_approvals() returns trigger language plpgsql as $$
      declare
        required int;
        given int;
      begin
        select required_approvals into required from review
          where proposal_id = new.proposal_id and content_hash = new.content_hash;
        select count(*) into given from review_decision
          where proposal_id = new.proposal_id and content_hash = new.content_hash and decision = 'approve';
        if required is null or given < required then
          raise exception 'instruction % has % of % approvals for its content', new.instruction_id, given, required
            using errcode = '42501';
        end if;
        return new;
      end $$;
      create trigger instruction_needs_approvals before insert on instruction
        for each row execute function instruction_needs_approvals();

      revoke update, delete, truncate on review_decision, instruction from ${ROLE};
      revoke update, delete, truncate on review from ${ROLE};
      grant update (status, instruction_id) on review to ${ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table instruction, review_decision, review; drop function instruction_needs_approvals()`);
  }
}
