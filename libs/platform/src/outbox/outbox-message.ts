import { partitionFor } from '../messaging/partitioner';
import type { OutgoingMessage } from '../messaging/message';
import type { PreparedQueries } from '../messaging/message-bus';

export const OUTBOX_SHARDS = 4;
export const OUTBOX_CHANNEL = 'allostat_outbox';
const ROWS_A_STATEMENT = 1000;

/** How much one move takes. */
export interface OutboxLimits {
  readonly shards: readonly number[];
  readonly rows: number;
  /** A move ends with the row that reaches this size. */
  readonly bytes: number;
}

/** Selects the ids of the next rows, at least one, by the parameters of `limitParameters`. */
export const NEXT_IDS = `
  select id from (
    select id, sum(octet_length(value)) over (order by id) - octet_length(value) as bytes_before
    from (select id, value from outbox where shard = any($1::smallint[]) order by id limit $2) next
  ) sized where bytes_before < $3`;

export const limitParameters = ({ shards, rows, bytes }: OutboxLimits): unknown[] => [shards, rows, bytes];

/** The shard of a key: rows of one key are published by one leader, in the order of their ids. */
export function shardOf(key: string): number {
  return partitionFor(key, OUTBOX_SHARDS);
}

/** Appends messages to the outbox in the caller's transaction, in the order given. */
export async function insertOutbox(connection: PreparedQueries, messages: readonly OutgoingMessage[]): Promise<void> {
  for (let start = 0; start < messages.length; start += ROWS_A_STATEMENT) {
    const rows = messages.slice(start, start + ROWS_A_STATEMENT);
    await connection.query({
      name: 'insert outbox',
      text: `insert into outbox (shard, topic, key, value, headers)
       select s, t, k, v, h
       from unnest($1::smallint[], $2::text[], $3::text[], $4::bytea[], $5::jsonb[]) with ordinality u(s, t, k, v, h, n)
       order by n`,
      values: [
        rows.map(({ key }) => shardOf(key)),
        rows.map(({ topic }) => topic),
        rows.map(({ key }) => key),
        rows.map(({ value }) => value),
        rows.map(({ headers }) => JSON.stringify(headers)),
      ],
    });
  }
}
