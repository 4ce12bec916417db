import type { ClientBase } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { PreparedQueries, Queryable } from '../messaging/message-bus';

/** A TypeORM connection as the least that our SQL needs. Statements must return rows: select, or `returning`. */
export function queryableOf(source: DataSource | EntityManager): Queryable {
  return {
    query: async (text, values) => ({ rows: await source.query<Record<string, unknown>[]>(text, values) }),
  };
}

/**
 * The same, for statements that every unit runs: planned once a connection, where TypeORM has each planned anew. One name, one text.
 * Outside a transaction there is no connection to plan for, and the statement runs as any other.
 */
export function preparedOf(manager: EntityManager): PreparedQueries {
  const { queryRunner } = manager;
  if (queryRunner === undefined) return { query: ({ text, values }) => queryableOf(manager).query(text, values) };
  return {
    query: async (statement) => ((await queryRunner.connect()) as ClientBase).query<Record<string, unknown>>(statement),
  };
}
