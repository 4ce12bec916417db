import type { DataSource, EntityManager } from 'typeorm';
import type { Queryable } from '../messaging/message-bus';

/** A TypeORM connection as the least that our SQL needs. Statements must return rows: select, or `returning`. */
export function queryableOf(source: DataSource | EntityManager): Queryable {
  return {
    query: async (text, values) => ({ rows: await source.query<Record<string, unknown>[]>(text, values) }),
  };
}
