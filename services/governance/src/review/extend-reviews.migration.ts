import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = 'allostat_governance';

/**
 * Reviews of any kind, with everybody who had a hand in their content, and four eyes as a rule of the database: no
 * decision by or for a party, none twice by one person, no party added once the person has decided, and no instruction
 * while a party is among its approvers. The row of the review is locked first, so that two transactions cannot both be
 * right.
 */
export class ExtendReviews1764200000001 implements MigrationInterface {
  readonly name = 'ExtendReviews1764200000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table review add column kind text not null default 'allocation',
        add column tier text not null default 'standard',
        add column functions jsonb not null default '[]',
        add column questions jsonb not null default '[]',
        add column challenges jsonb not null default '[]',
        add column held jsonb;
      alter table review drop constraint review_status_check;
      update review set status = 'submitted' where status = 'waiting';
      alter table review add constraint review_status_check check (status in ('draft', 'submitted', 'challenged',
        'responded', 'approved', 'released', 'acknowledged', 'completed', 'rejected', 'withdrawn', 'expired',
        'superseded', 'voided', 'refused-by-order-system'));
      drop index review_one_waiting_per_mandate;
      create unique index review_one_open_per_subject on review (kind, mandate_id)
        where status in ('submitted', 'challenged', 'responded', 'approved');

      alter table review_decision add column function text,
        add column on_behalf_of text,
        add column reason_code text,
        add column answers jsonb,
        add column evidence jsonb,
        add column authentication text,
        add constraint nobody_stands_in_for_himself check (on_behalf_of is null or on_behalf_of <> actor),
        add constraint maker_has_no_stand_in check (on_behalf_of is null or on_behalf_of <> maker),
        add constraint only_people_decide check (actor !~ '^(service|group):');

      create table review_party (
        proposal_id text not null references review (proposal_id),
        person text not null,
        part text not null check (part in ('maker', 'editor', 'model-developer', 'data-overrider', 'delegator')),
        primary key (proposal_id, person, part)
      );
      insert into review_party select proposal_id, maker, 'maker' from review;

      create function decision_needs_independence() returns trigger language plpgsql as $$
      begin
        perform 1 from review where proposal_id = new.proposal_id for update;
        if exists (select 1 from review_party where proposal_id = new.proposal_id
          and person in (new.actor, new.on_behalf_of)) then
          raise exception 'four eyes: % had a hand in %', new.actor, new.proposal_id using errcode = '42501';
        end if;
        if exists (select 1 from review_decision where proposal_id = new.proposal_id
          and (actor in (new.actor, new.on_behalf_of) or on_behalf_of in (new.actor, new.on_behalf_of))) then
          raise exception 'four eyes: % has already decided on %', new.actor, new.proposal_id using errcode = '42501';
        end if;
        return new;
      end $$;
      create trigger decision_needs_independence before insert on review_decision
        for each row execute function decision_needs_independence();

      create function party_has_not_decided() returns trigger language plpgsql as $$
      begin
        perform 1 from review where proposal_id = new.proposal_id for update;
        if exists (select 1 from review_decision where proposal_id = new.proposal_id
          and new.person in (actor, on_behalf_of)) then
          raise exception 'four eyes: % has decided on % and cannot become a party', new.person, new.proposal_id
            using errcode = '42501';
        end if;
        return new;
      end $$;
      create trigger party_has_not_decided before insert on review_party
        for each row execute function party_has_not_decided();

      create function instruction_is_four_eyed() returns trigger language plpgsql as $$
      begin
        if exists (select 1 from review_decision d join review_party p using (proposal_id)
          where d.proposal_id = new.proposal_id and p.person in (d.actor, d.on_behalf_of)) then
          raise exception 'four eyes: a party of % is among its approvers', new.proposal_id using errcode = '42501';
        end if;
        return new;
      end $$;
      create trigger instruction_is_four_eyed before insert on instruction
        for each row execute function instruction_is_four_eyed();

      create table delegation (
        id text primary key,
        from_person text not null,
        to_person text not null check (to_person <> from_person),
        function text not null,
        mandate_id text not null,
        valid_from timestamptz not null,
        valid_until timestamptz not null check (valid_until > valid_from),
        reason text not null check (length(btrim(reason)) >= 5),
        revoked_at timestamptz
      );

      create table cap_reservation (
        cap_id text not null,
        proposal_id text not null references review (proposal_id),
        amount double precision not null check (amount >= 0),
        state text not null check (state in ('reserved', 'posted', 'voided')),
        at timestamptz not null,
        primary key (cap_id, proposal_id)
      );

      revoke update, delete, truncate on review_party from ${ROLE};
      revoke update, delete, truncate on delegation from ${ROLE};
      revoke delete, truncate on cap_reservation from ${ROLE};
      grant update (revoked_at) on delegation to ${ROLE};
      grant update (status, instruction_id, challenges, held) on review to ${ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table cap_reservation, delegation, review_party cascade;
      drop trigger decision_needs_independence on review_decision;
      drop trigger instruction_is_four_eyed on instruction;
      drop function decision_needs_independence(), party_has_not_decided(), instruction_is_four_eyed()`);
  }
}
