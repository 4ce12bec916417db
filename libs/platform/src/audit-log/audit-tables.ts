import type { QueryRunner } from 'typeorm';

const TABLES = ['audit_record', 'audit_node', 'audit_checkpoint', 'audit_cosignature'];

/**
 * An audit log in the present schema: records, the inner nodes of their Merkle tree, signed checkpoints and the
 * co-signatures of witnesses. All are appended; nothing else is possible for any service.
 */
export async function createAuditTables(runner: QueryRunner, role: string): Promise<void> {
  await runner.query(`
    create table audit_record (
      sequence bigint primary key check (sequence >= 1),
      at timestamptz not null,
      actor text not null,
      action text not null,
      subject text not null,
      -- proposal or instruction that the record is about
      reference text,
      record text not null,
      leaf_hash bytea not null check (length(leaf_hash) = 32)
    );
    create index audit_record_subject on audit_record (subject, sequence);
    create index audit_record_reference on audit_record (reference, sequence) where reference is not null;

    create table audit_node (
      level smallint not null check (level >= 1),
      index bigint not null check (index >= 0),
      hash bytea not null check (length(hash) = 32),
      primary key (level, index)
    );

    create table audit_checkpoint (
      size bigint primary key check (size >= 1),
      root bytea not null check (length(root) = 32),
      note text not null,
      at timestamptz not null
    );

    create table audit_cosignature (
      size bigint not null references audit_checkpoint (size),
      witness text not null,
      line text not null,
      primary key (size, witness)
    );

    create function audit_is_append_only() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit log is append-only' using errcode = '42501';
    end $$`);
  for (const table of TABLES) {
    await runner.query(`
      create trigger ${table}_no_change before update or delete on ${table}
        for each row execute function audit_is_append_only();
      create trigger ${table}_no_truncate before truncate on ${table}
        for each statement execute function audit_is_append_only();
      revoke update, delete, truncate on ${table} from ${role}`);
  }
}

/**
 * Appending as one function of the database: it takes the log's lock, counts, hashes (RFC 6962) and inserts. Of the tree it
 * reads no more than the nodes that a record closes a pair with, one on average. The function has the rights of the tables'
 * owner, and no service may insert any more: a record without its leaf and nodes, or under another number, cannot be written.
 */
export async function createAuditAppending(
  runner: QueryRunner,
  { schema, role }: { readonly schema: string; readonly role: string },
): Promise<void> {
  await runner.query(`
    drop table if exists audit_incoming;
    drop function if exists audit_take;
    drop function if exists audit_append;
    create function audit_append(
      at timestamptz[], actor text[], action text[], subject text[], reference text[], record text[]
    ) returns void language plpgsql security definer set search_path to ${schema}, pg_temp as $$
    #variable_conflict use_variable
    declare
      first bigint;
      place bigint;
      height smallint;
      hash bytea;
      pair bytea;
      -- roots of the perfect subtrees at the end of the log that this call made itself, the largest first
      own bytea[] := '{}';
      depth int := 0;
      leaves bytea[] := '{}';
      levels smallint[] := '{}';
      places bigint[] := '{}';
      hashes bytea[] := '{}';
    begin
      perform pg_advisory_xact_lock(hashtextextended('allostat audit log ' || current_schema(), 0));
      select coalesce(max(r.sequence), 0) into first from audit_record r;
      for k in 1 .. cardinality(record) loop
        hash := sha256('\\x00'::bytea || convert_to(record[k], 'UTF8'));
        leaves[k] := hash;
        place := first + k - 1;
        height := 0;
        while place & 1 = 1 loop
          if depth > 0 then
            pair := own[depth];
            depth := depth - 1;
          elsif height = 0 then
            select r.leaf_hash into strict pair from audit_record r where r.sequence = place;
          else
            select n.hash into strict pair from audit_node n where n.level = height and n.index = place - 1;
          end if;
          hash := sha256('\\x01'::bytea || pair || hash);
          place := place >> 1;
          height := height + 1;
          levels := levels || height;
          places := places || place;
          hashes := hashes || hash;
        end loop;
        depth := depth + 1;
        own[depth] := hash;
      end loop;
      insert into audit_record (sequence, at, actor, action, subject, reference, record, leaf_hash)
        select first + r.position, r.at, r.actor, r.action, r.subject, r.reference, r.record, r.leaf
        from unnest(at, actor, action, subject, reference, record, leaves)
          with ordinality as r (at, actor, action, subject, reference, record, leaf, position);
      insert into audit_node (level, index, hash)
        select n.level, n.index, n.hash from unnest(levels, places, hashes) as n (level, index, hash);
    end $$;
    revoke all on function audit_append from public;
    grant execute on function audit_append to ${role};
    revoke insert on audit_record, audit_node from ${role}`);
}
