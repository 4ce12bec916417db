import type { DataSource } from 'typeorm';
import type { Logger } from '../logs/logger';

const EVERY_MS = 3_600_000;
const ROWS_A_STEP = 5000;

/** Forgets, a little at a time, the messages that were applied more than `days` ago. Returns how many. */
export async function purgeInbox(dataSource: DataSource, days: number): Promise<number> {
  let total = 0;
  for (;;) {
    const [{ removed }] = await dataSource.query<{ removed: number }[]>(
      `with old as (
         delete from inbox where ctid in
           (select ctid from inbox where at < now() - make_interval(secs => $1 * 86400.0) limit $2) returning 1)
       select count(*)::int as removed from old`,
      [days, ROWS_A_STEP],
    );
    total += removed;
    if (removed < ROWS_A_STEP) return total;
  }
}

/** Purges every hour until it is stopped; several processes may do so at once. */
export function startPurging(dataSource: DataSource, days: number, logger: Logger): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    running = purgeInbox(dataSource, days).catch((error: unknown) => {
      logger.warn({ error }, 'the inbox could not be purged; it is tried again in an hour');
    });
  }, EVERY_MS);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
