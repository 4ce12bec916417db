import { InputError } from '@allostat/kernel';
import type { ReceivedMessage } from '../messaging/message';
import type { Queryable } from '../messaging/message-bus';
import { OUTBOX_CHANNEL, shardOf } from '../outbox/outbox-message';

/** A message that was given up, with everything needed to understand it and to send it again. */
export interface DeadLetter {
  readonly id: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly reason: string;
  /** Where it happened, for whoever looks into it. */
  readonly detail: string | null;
  readonly attempts: number;
  readonly at: Date;
  readonly redrivenAt: Date | null;
}

export interface DeadLetterFilter {
  /** True lists also what was sent again; default false. */
  readonly redriven?: boolean;
  readonly topic?: string;
  /** Most letters, oldest first; default 100. */
  readonly limit?: number;
}

const COLUMNS = `id::text, group_id as "group", topic, partition, "offset"::text, key, value, headers, event_id as "eventId",
  event_type as "eventType", reason, detail, attempts, at, redriven_at as "redrivenAt"`;

// Postgres text cannot hold the character zero; the value keeps the original bytes.
const storable = (text: string) => text.replaceAll('\u0000', '\ufffd');

/** The dead letters of one service; the connection's search path must be the service's schema. */
export class DeadLetters {
  constructor(private readonly connection: Queryable) {}

  /** Keeps a message that was given up; the same message twice is one letter. */
  async record(group: string, message: ReceivedMessage, error: unknown, attempts: number): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    const detail = error instanceof Error ? (error.stack ?? null) : null;
    const headers = storable(JSON.stringify(message.headers).replaceAll('\\u0000', '\ufffd'));
    await this.connection.query(
      `insert into dead_letter
         (group_id, topic, partition, "offset", key, value, headers, event_id, event_type, reason, detail, attempts)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       on conflict (group_id, topic, partition, "offset") do update
         set attempts = dead_letter.attempts + excluded.attempts, reason = excluded.reason, detail = excluded.detail
       returning id`,
      [
        group,
        message.topic,
        message.partition,
        message.offset,
        storable(message.key),
        message.value,
        headers,
        message.headers.ce_id === undefined ? null : storable(message.headers.ce_id),
        message.headers.ce_type === undefined ? null : storable(message.headers.ce_type),
        storable(reason),
        detail === null ? null : storable(detail),
        attempts,
      ],
    );
  }

  async list({ redriven = false, topic, limit = 100 }: DeadLetterFilter = {}): Promise<DeadLetter[]> {
    const { rows } = await this.connection.query(
      `select ${COLUMNS} from dead_letter
       where ($1 or redriven_at is null) and ($2::text is null or topic = $2) order by dead_letter.id limit $3`,
      [redriven, topic ?? null, limit],
    );
    return rows as unknown as DeadLetter[];
  }

  /** One letter; throws `InputError` when there is none with this id. */
  async show(id: string): Promise<DeadLetter> {
    const { rows } = await this.connection.query(`select ${COLUMNS} from dead_letter where id::text = $1`, [id]);
    if (rows.length === 0) {
      throw new InputError(`there is no dead letter ${id}`, { field: 'id' }, 'see the list of dead letters');
    }
    return rows[0] as unknown as DeadLetter;
  }

  /** How many wait to be looked at. */
  async count(): Promise<number> {
    const { rows } = await this.connection.query(
      'select count(*)::int as n from dead_letter where redriven_at is null',
    );
    return rows[0].n as number;
  }

  /**
   * Sends letters again to their topic, bytes and headers unchanged, through the outbox, and marks them, in one
   * statement. Groups that have applied the message recognise its id. Returns the ids that were sent; one that was
   * sent before is left out.
   */
  async redrive(ids: readonly string[]): Promise<string[]> {
    const { rows } = await this.connection.query(
      'select id::text, key from dead_letter where id::text = any($1::text[]) and redriven_at is null order by id',
      [[...ids]],
    );
    const sent = await this.connection.query(
      `with shards as (select * from unnest($1::bigint[], $2::smallint[]) s(id, shard)),
         marked as (
           update dead_letter d set redriven_at = now() from shards s
           where d.id = s.id and d.redriven_at is null
           returning d.id, s.shard, d.topic, d.key, d.value, d.headers),
         queued as (
           insert into outbox (shard, topic, key, value, headers)
           select shard, topic, key, value, headers from marked order by id returning 1),
         told as (select pg_notify($3, current_schema()) from (select count(*) from queued) q)
       select marked.id::text from marked, told order by marked.id`,
      [rows.map(({ id }) => id), rows.map(({ key }) => shardOf(key as string)), OUTBOX_CHANNEL],
    );
    return sent.rows.map(({ id }) => id as string);
  }
}
