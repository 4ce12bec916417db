import { sleep } from '@allostat/platform';

/** Repeats `check` until it no longer throws; after `withinMs` (default 10 000) throws what it threw last. */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 10_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
