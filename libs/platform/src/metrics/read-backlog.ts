import type { DataSource } from 'typeorm';
import type { StageBacklog } from './stage-metrics';

/** Depth and age of the outbox, and the dead letters that wait, in one statement. */
export async function readBacklog(dataSource: DataSource): Promise<StageBacklog> {
  const [row] = await dataSource.query<{ depth: number; age: number | null; dead: number }[]>(
    `select (select count(*)::int from outbox) as depth,
       (select extract(epoch from clock_timestamp() - min(created_at))::float8 from outbox) as age,
       (select count(*)::int from dead_letter where redriven_at is null) as dead`,
  );
  // No row waits: nothing has been waiting for any time.
  return { outboxDepth: row.depth, outboxAgeSeconds: row.age === null ? 0 : row.age, deadLetters: row.dead };
}
