import type { EntityManager } from 'typeorm';
import { preparedOf } from '../postgres/queryable';

/** Claims event ids for a consumer; returns those that it had not applied before. */
export async function claim(manager: EntityManager, consumer: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await preparedOf(manager).query({
    name: 'claim',
    text: `insert into inbox (consumer, event_id) select $1, unnest($2::text[]) on conflict do nothing returning event_id`,
    values: [consumer, [...ids]],
  });
  return new Set(rows.map(({ event_id }) => event_id as string));
}

/** Gives claims of this transaction back, for messages that it will not apply. */
export async function unclaim(manager: EntityManager, consumer: string, ids: readonly string[]): Promise<void> {
  await manager.query('delete from inbox where consumer = $1 and event_id = any($2::text[])', [consumer, [...ids]]);
}
