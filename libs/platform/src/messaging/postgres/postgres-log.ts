import { Pool } from 'pg';
import { AllostatError } from '@allostat/kernel';
import { clientOptions } from '../../postgres/client-options';
import { limitParameters, NEXT_IDS, type OutboxLimits } from '../../outbox/outbox-message';
import type { OutgoingMessage } from '../message';
import type {
  MessageBus,
  LogDatabase,
  MovedMessage,
  PreparedQueries,
  SubscribeOptions,
  Subscription,
  TopicSpec,
} from '../message-bus';
import { GroupConsumer, type GroupTimings } from './group-consumer';

export interface PostgresLogOptions {
  readonly url: string;
  readonly clientId?: string;
  /** Connections for publishing; every subscription has one of its own besides. */
  readonly poolSize?: number;
  /** A member that is silent for so long loses its partitions; default 10 000. */
  readonly sessionTimeoutMs?: number;
  /** How often a member renews its session and looks for changes in the group; default 1000. */
  readonly heartbeatMs?: number;
  readonly onError?: (error: Error) => void;
}

const TRIM_EVERY_MS = 60_000;

/** The durable log in Postgres: partitions, groups and offsets, shared by any number of processes. */
export class PostgresLog implements MessageBus {
  readonly kind = 'postgres';
  private readonly pool: Pool;
  private readonly timings: GroupTimings;
  private readonly onError: (error: Error) => void;
  private readonly consumers = new Set<GroupConsumer>();
  private readonly trimTimer: NodeJS.Timeout;

  private constructor(
    private readonly options: PostgresLogOptions,
    readonly database: LogDatabase,
    pool: Pool,
  ) {
    this.pool = pool;
    this.onError = options.onError ?? (() => undefined);
    this.timings = { sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000, heartbeatMs: options.heartbeatMs ?? 1000 };
    this.trimTimer = setInterval(() => void this.trim().catch(this.onError), TRIM_EVERY_MS);
    this.trimTimer.unref();
  }

  /** Connects, and throws `AllostatError` (LOG.NOT_MIGRATED) when the database does not hold the log's tables. */
  static async connect(options: PostgresLogOptions): Promise<PostgresLog> {
    const pool = new Pool({ ...clientOptions(options.url, options.clientId ?? 'log'), max: options.poolSize ?? 4 });
    // Idle connections may break at any time; the next query gets a new one or fails by itself.
    pool.on('error', (error) => options.onError?.(error));
    try {
      const databaseId = await readDatabaseId(pool);
      return new PostgresLog(options, { databaseId, moveOutbox }, pool);
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await this.pool
      .query('select log.append($1::text[], $2::text[], $3::bytea[], $4::jsonb[])', [
        messages.map(({ topic }) => topic),
        messages.map(({ key }) => key),
        messages.map(({ value }) => value),
        messages.map(({ headers }) => JSON.stringify(headers)),
      ])
      .catch(rethrowNamed);
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    for (const { name, partitions, retentionMs, compacted } of specs) {
      await this.pool.query(
        `insert into log.topic (name, partitions, retention_ms, compacted) values ($1, $2, $3, $4)
         on conflict (name) do update set partitions = greatest(topic.partitions, excluded.partitions),
           retention_ms = excluded.retention_ms, compacted = excluded.compacted`,
        [name, partitions, retentionMs ?? null, compacted ?? false],
      );
      await this.pool.query(
        `insert into log.partition (topic, partition)
         select name, p from log.topic, generate_series(0, partitions - 1) p where name = $1 on conflict do nothing`,
        [name],
      );
    }
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    await this.requireTopics(options.topics);
    const consumer: GroupConsumer = new GroupConsumer({
      ...options,
      ...this.timings,
      client: clientOptions(this.options.url, `${this.options.clientId ?? 'log'}:${options.group}`),
      onError: this.onError,
      onClosed: () => this.consumers.delete(consumer),
    });
    this.consumers.add(consumer);
    await consumer.start();
    return consumer;
  }

  async lag(group: string, topics: readonly string[]): Promise<number> {
    const { rows } = await this.pool.query<{ lag: string }>(
      `select coalesce(sum(p.next_offset - coalesce(o.next_offset, 0)), 0)::text as lag
       from log.partition p left join log.position o
         on o.group_id = $1 and o.topic = p.topic and o.partition = p.partition
       where p.topic = any($2::text[])`,
      [group, [...topics]],
    );
    return Number(rows[0].lag);
  }

  async ping(): Promise<void> {
    await this.pool.query('select 1');
  }

  /** Removes what retention and compaction allow to go; runs by itself every minute in one process at a time. */
  async trim(): Promise<number> {
    const { rows } = await this.pool.query<{ trim: string }>('select log.trim()');
    return Number(rows[0].trim);
  }

  async close(): Promise<void> {
    clearInterval(this.trimTimer);
    await Promise.all([...this.consumers].map((consumer) => consumer.close()));
    await this.pool.end();
  }

  private async requireTopics(names: readonly string[]): Promise<void> {
    const { rows } = await this.pool.query<{ name: string }>('select name from log.topic where name = any($1)', [
      names,
    ]);
    const known = new Set(rows.map(({ name }) => name));
    const missing = names.filter((name) => !known.has(name));
    if (missing.length > 0) throw unknownTopic(missing.join(', '));
  }
}

/** Takes the rows out of the outbox and appends them in their order; the rows never leave the database. */
const MOVE_OUTBOX = `
  with taken as (
    delete from outbox where id in (${NEXT_IDS}) returning id, topic, key, value, headers
  ), appended as (
    select log.append(array_agg(topic order by id), array_agg(key order by id), array_agg(value order by id),
      array_agg(headers order by id))
    from taken having count(*) > 0
  )
  select topic, octet_length(value) as bytes from taken, appended`;

async function moveOutbox(connection: PreparedQueries, limits: OutboxLimits): Promise<readonly MovedMessage[]> {
  const statement = { name: 'move outbox', text: MOVE_OUTBOX, values: limitParameters(limits) };
  const { rows } = await connection.query(statement).catch(rethrowNamed);
  return rows as unknown as MovedMessage[];
}

const NO_SUCH_TOPIC = 'AL404';

function rethrowNamed(error: unknown): never {
  const { code, detail } = error as { code?: string; detail?: string };
  throw code === NO_SUCH_TOPIC ? unknownTopic(detail ?? '') : error;
}

function unknownTopic(names: string): AllostatError {
  return new AllostatError(
    'LOG.UNKNOWN_TOPIC',
    `topic ${names} does not exist`,
    'make the topics first: ensureTopics with the topic registry, run by an administrator',
  );
}

async function readDatabaseId(pool: Pool): Promise<string> {
  try {
    const { rows } = await pool.query<{ id: string }>('select id from log.identity');
    return rows[0].id;
  } catch (error) {
    if ((error as { code?: string }).code !== '42P01' && (error as { code?: string }).code !== '3F000') throw error;
    throw new AllostatError(
      'LOG.NOT_MIGRATED',
      'the database does not hold the message log',
      'run the migrations once before the services start',
      { cause: error },
    );
  }
}
