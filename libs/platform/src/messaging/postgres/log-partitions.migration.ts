import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The log chooses the partition of a key by itself, so that an outbox is moved by one statement inside the database and
 * a topic that grows does so for every writer at the same moment.
 */
export class LogPartitions1764000000003 implements MigrationInterface {
  readonly name = 'LogPartitions1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PARTITION_FOR);
    await runner.query('drop function log.append(text[], int[], text[], bytea[], jsonb[])');
    await runner.query(APPEND);
    await runner.query(`
      revoke all on function log.append, log.partition_for from public;
      grant execute on function log.append, log.partition_for to allostat_service`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function log.append, log.partition_for');
  }
}

/** The murmur2 of Kafka's default partitioner, as in `partitioner.ts`, on 32 bits held in 64. */
const PARTITION_FOR = `
  create function log.partition_for(key text, partitions int) returns int
  language plpgsql immutable strict parallel safe as $$
  declare
    m constant bigint := 1540483477;
    bits constant bigint := 4294967295;
    data constant bytea := convert_to(key, 'UTF8');
    size constant int := length(data);
    tail constant int := size - size % 4;
    h bigint := 2538058380 # size::bigint;
    k bigint;
  begin
    for i in 0 .. size / 4 - 1 loop
      k := get_byte(data, 4 * i) + get_byte(data, 4 * i + 1) * 256::bigint
        + get_byte(data, 4 * i + 2) * 65536::bigint + get_byte(data, 4 * i + 3) * 16777216::bigint;
      k := (k * m) & bits;
      k := ((k # (k >> 24)) * m) & bits;
      h := ((h * m) & bits) # k;
    end loop;
    if size - tail = 3 then h := h # (get_byte(data, tail + 2) * 65536::bigint); end if;
    if size - tail >= 2 then h := h # (get_byte(data, tail + 1) * 256::bigint); end if;
    if size - tail >= 1 then h := ((h # get_byte(data, tail)::bigint) * m) & bits; end if;
    h := ((h # (h >> 13)) * m) & bits;
    h := h # (h >> 15);
    return (h & 2147483647) % partitions;
  end $$`;

const APPEND = `
  create function log.append(topics text[], keys text[], vals bytea[], heads jsonb[])
  returns void language plpgsql security definer set search_path = log, pg_temp as $$
  declare
    place record;
    base bigint;
  begin
    -- One order for everybody who locks several partitions: no deadlock.
    for place in
      select u.t, t.name, log.partition_for(u.k, t.partitions) as p, array_agg(u.i order by u.i) as rows
      from unnest(topics, keys) with ordinality u(t, k, i) left join log.topic t on t.name = u.t
      group by 1, 2, 3 order by 1, 3
    loop
      if place.name is null then
        raise exception 'topic % does not exist', place.t using errcode = 'AL404', detail = place.t;
      end if;
      update log.partition set next_offset = next_offset + cardinality(place.rows)
        where topic = place.t and partition = place.p returning next_offset - cardinality(place.rows) into base;
      insert into log.record (topic, partition, "offset", key, value, headers)
        select place.t, place.p, base + n - 1, keys[i], vals[i], heads[i]
        from unnest(place.rows) with ordinality r(i, n);
      perform pg_notify('allostat_log', json_build_array(place.t, place.p,
        (base + cardinality(place.rows))::text)::text);
    end loop;
  end $$`;
