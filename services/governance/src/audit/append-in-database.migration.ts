import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCHEMA = 'governance';
const ROLE = 'allostat_governance';

/**
 * Appending as one function of the database: it takes the log's lock, counts, hashes (RFC 6962) and inserts. What a
 * transaction puts into `audit_incoming` is appended when it commits, so that the lock is held for no round trip at all.
 * The function has the rights of the tables' owner, and no service may insert any more: a record without its leaf and
 * nodes, or under another number, cannot be written.
 */
export class AppendInDatabase1764500000001 implements MigrationInterface {
  readonly name = 'AppendInDatabase1764500000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function audit_append(
        at timestamptz[], actor text[], action text[], subject text[], reference text[], record text[],
        out size bigint, out peaks bytea[]
      ) language plpgsql security definer set search_path to ${SCHEMA}, pg_temp as $$
      #variable_conflict use_variable
      declare
        first bigint;
        depth int := 0;
        place bigint;
        height smallint;
        hash bytea;
        leaves bytea[] := '{}';
        levels smallint[] := '{}';
        places bigint[] := '{}';
        hashes bytea[] := '{}';
      begin
        perform pg_advisory_xact_lock(hashtextextended('allostat audit log ' || current_schema(), 0));
        select coalesce(max(r.sequence), 0) into first from audit_record r;
        size := first;
        -- the roots of the perfect subtrees that the log consists of, the largest first
        for bit in reverse 62..0 loop
          continue when (first >> bit) & 1 = 0;
          place := (first >> bit) - 1;
          if bit = 0 then
            select r.leaf_hash into strict hash from audit_record r where r.sequence = first;
          else
            select n.hash into strict hash from audit_node n where n.level = bit and n.index = place;
          end if;
          depth := depth + 1;
          peaks[depth] := hash;
        end loop;
        for k in 1 .. cardinality(record) loop
          hash := sha256('\\x00'::bytea || convert_to(record[k], 'UTF8'));
          leaves[k] := hash;
          place := size;
          height := 0;
          while place & 1 = 1 loop
            hash := sha256('\\x01'::bytea || peaks[depth] || hash);
            depth := depth - 1;
            place := place >> 1;
            height := height + 1;
            levels := levels || height;
            places := places || place;
            hashes := hashes || hash;
          end loop;
          depth := depth + 1;
          peaks[depth] := hash;
          size := size + 1;
        end loop;
        peaks := peaks[1:depth];
        insert into audit_record (sequence, at, actor, action, subject, reference, record, leaf_hash)
          select first + r.position, r.at, r.actor, r.action, r.subject, r.reference, r.record, r.leaf
          from unnest(at, actor, action, subject, reference, record, leaves)
            with ordinality as r (at, actor, action, subject, reference, record, leaf, position);
        insert into audit_node (level, index, hash)
          select n.level, n.index, n.hash from unnest(levels, places, hashes) as n (level, index, hash);
      end $$;
      revoke all on function audit_append from public;
      grant execute on function audit_append to ${ROLE};

      -- what a transaction will append when it commits; empty for everybody else
      create unlogged table audit_incoming (
        id bigint generated always as identity primary key,
        at timestamptz[] not null,
        actor text[] not null,
        action text[] not null,
        subject text[] not null,
        reference text[] not null,
        record text[] not null
      );
      create function audit_take() returns trigger
      language plpgsql security definer set search_path to ${SCHEMA}, pg_temp as $$
      begin
        perform audit_append(new.at, new.actor, new.action, new.subject, new.reference, new.record);
        delete from audit_incoming where id = new.id;
        return null;
      end $$;
      create constraint trigger audit_incoming_append after insert on audit_incoming
        deferrable initially deferred for each row execute function audit_take();
      revoke update, delete, truncate on audit_incoming from ${ROLE};
      revoke insert on audit_record, audit_node from ${ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table audit_incoming; drop function audit_take; drop function audit_append; grant insert on audit_record, audit_node to ${ROLE}`,
    );
  }
}
