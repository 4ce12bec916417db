import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLE = 'allostat_governance';

/**
 * Absences; committees as versioned things; meetings, votes and minutes. A vote is on the content of its review, one a
 * person, with a reason when it is no yes, and none is added once the minutes stand. None of it is ever changed.
 */
export class CreateCommitteeTables1764300000002 implements MigrationInterface {
  readonly name = 'CreateCommitteeTables1764300000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table review_decision add column resolutions jsonb;
      alter table approved_version drop constraint approved_version_kind_check;
      alter table approved_version add constraint approved_version_kind_check
        check (kind in ('policies', 'mandate', 'universe', 'committee'));
      -- a clock reading that the log does not hold; the record of the approval has its own
      alter table approved_version drop column recorded_at;

      create table absence (
        id text primary key,
        person text not null,
        deputy text check (deputy <> person),
        valid_from timestamptz not null,
        valid_until timestamptz not null check (valid_until > valid_from),
        reason text not null check (length(btrim(reason)) >= 5),
        declared_by text not null,
        delegations jsonb not null,
        ended_at timestamptz,
        constraint nobody_takes_over check (declared_by = person or deputy is null or declared_by <> deputy)
      );

      create table committee_meeting (
        meeting_id text primary key,
        committee text not null,
        committee_version int not null,
        convened_by text not null,
        convened_at timestamptz not null,
        items jsonb not null
      );
      create table committee_vote (
        meeting_id text not null references committee_meeting (meeting_id),
        proposal_id text not null references review (proposal_id),
        member text not null,
        cast_by text not null,
        choice text not null check (choice in ('for', 'against', 'abstain')),
        reason text,
        content_hash text not null,
        at timestamptz not null,
        primary key (meeting_id, proposal_id, member),
        unique (meeting_id, proposal_id, cast_by),
        constraint dissent_has_a_reason check (choice = 'for' or length(btrim(coalesce(reason, ''))) >= 5)
      );
      create table committee_minutes (
        meeting_id text primary key references committee_meeting (meeting_id),
        text text not null check (length(btrim(text)) >= 5),
        closed_by text not null,
        closed_at timestamptz not null,
        results jsonb not null,
        follow_ups jsonb not null
      );

      create function vote_is_in_order() returns trigger language plpgsql as $$
      begin
        perform 1 from committee_meeting where meeting_id = new.meeting_id for update;
        if exists (select 1 from committee_minutes where meeting_id = new.meeting_id) then
          raise exception 'meeting % is closed', new.meeting_id using errcode = '42501';
        end if;
        if not exists (select 1 from review where proposal_id = new.proposal_id and content_hash = new.content_hash) then
          raise exception 'the vote of % is on other content than that of %', new.member, new.proposal_id
            using errcode = '42501';
        end if;
        if exists (select 1 from review_party where proposal_id = new.proposal_id
          and person in (new.member, new.cast_by)) then
          raise exception 'four eyes: % had a hand in %', new.cast_by, new.proposal_id using errcode = '42501';
        end if;
        return new;
      end $$;
      create trigger vote_is_in_order before insert on committee_vote
        for each row execute function vote_is_in_order();

      revoke update, delete, truncate on absence, committee_meeting, committee_vote, committee_minutes from ${ROLE};
      grant update (ended_at) on absence to ${ROLE}`);
    // locking a meeting's row needs a right to update something in it
    await runner.query(`grant update (meeting_id) on committee_meeting to ${ROLE}`);
    await runner.query(`
      create function meeting_stays() returns trigger language plpgsql as $$
      begin
        raise exception 'a meeting is never changed' using errcode = '42501';
      end $$;
      create trigger meeting_stays before update or delete on committee_meeting
        for each row execute function meeting_stays()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table committee_minutes, committee_vote, committee_meeting, absence;
      drop function vote_is_in_order(), meeting_stays();
      alter table review_decision drop column resolutions`);
  }
}
