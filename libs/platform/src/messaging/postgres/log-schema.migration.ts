import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The durable log. The row of a partition is locked while messages are appended, so offsets have no gaps and become
 * visible in order. Services only call functions: nobody but the owner can change or delete a record.
 */
export class LogSchema1764000000000 implements MigrationInterface {
  readonly name = 'LogSchema1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(APPEND);
    await runner.query(TRIM);
    await runner.query(GRANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table log.record, log.position, log.member, log.partition, log.topic, log.identity');
    await runner.query('drop function log.append, log.trim');
  }
}

const TABLES = `
  create table log.identity (id uuid primary key default gen_random_uuid());
  insert into log.identity default values;
  create table log.topic (
    name text primary key,
    partitions int not null check (partitions between 1 and 1024),
    retention_ms bigint check (retention_ms > 0),
    compacted boolean not null default false
  );
  create table log.partition (
    topic text not null references log.topic (name),
    partition int not null,
    next_offset bigint not null default 0,
    primary key (topic, partition)
  ) with (fillfactor = 50);
  create table log.record (
    topic text not null,
    partition int not null,
    "offset" bigint not null,
    key text not null,
    value bytea not null,
    headers jsonb not null,
    at timestamptz not null default clock_timestamp(),
    primary key (topic, partition, "offset")
  );
  create index record_at on log.record using brin (at);
  create table log.position (
    group_id text not null,
    topic text not null,
    partition int not null,
    next_offset bigint not null,
    primary key (group_id, topic, partition)
  ) with (fillfactor = 50);
  create table log.member (
    group_id text not null,
    member_id text not null,
    topics text[] not null,
    seen timestamptz not null,
    backend_pid int not null,
    backend_start timestamptz not null,
    primary key (group_id, member_id)
  )`;

const APPEND = `
  create function log.append(topics text[], partitions int[], keys text[], vals bytea[], heads jsonb[])
  returns void language plpgsql security definer set search_path = log, pg_temp as $$
  declare
    place record;
    base bigint;
  begin
    -- One order for everybody who locks several partitions: no deadlock.
    for place in
      select u.t, u.p, count(*) as n from unnest(topics, partitions) u(t, p) group by u.t, u.p order by u.t, u.p
    loop
      update log.partition set next_offset = next_offset + place.n
        where topic = place.t and partition = place.p returning next_offset - place.n into base;
      if not found then
        raise exception 'topic % has no partition %', place.t, place.p using errcode = 'AL404';
      end if;
      insert into log.record (topic, partition, "offset", key, value, headers)
        select place.t, place.p, base + row_number() over (order by u.i) - 1, u.k, u.v, u.h
        from unnest(topics, partitions, keys, vals, heads) with ordinality u(t, p, k, v, h, i)
        where u.t = place.t and u.p = place.p;
      perform pg_notify('allostat_log', json_build_array(place.t, place.p, (base + place.n)::text)::text);
    end loop;
  end $$`;

const TRIM = `
  create function log.trim() returns bigint
  language plpgsql security definer set search_path = log, pg_temp as $$
  declare
    removed bigint := 0;
    step bigint;
    kind record;
  begin
    if not pg_try_advisory_xact_lock(hashtextextended('allostat log trim', 0)) then
      return 0;
    end if;
    for kind in select name, retention_ms, compacted from log.topic where retention_ms is not null or compacted loop
      if kind.compacted then
        -- The newest message of a key stays. Young ones wait, so that a slow reader can see the steps between.
        delete from log.record old
          using (select partition, key, max("offset") as last from log.record where topic = kind.name group by 1, 2) young
          where old.topic = kind.name and old.partition = young.partition and old.key = young.key
            and old."offset" < young.last
            and old.at < now() - make_interval(secs => coalesce(kind.retention_ms, 3600000) / 1000.0);
      else
        delete from log.record
          where topic = kind.name and at < now() - make_interval(secs => kind.retention_ms / 1000.0);
      end if;
      get diagnostics step = row_count;
      removed := removed + step;
    end loop;
    return removed;
  end $$`;

const GRANTS = `
  revoke all on function log.append, log.trim from public;
  grant usage on schema log to allostat_service;
  grant execute on function log.append, log.trim to allostat_service;
  grant select on log.identity, log.topic, log.partition, log.record to allostat_service;
  grant select, insert, update, delete on log.position, log.member to allostat_service`;
