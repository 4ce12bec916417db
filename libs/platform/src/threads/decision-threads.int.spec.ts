import { join } from 'node:path';
import { DecisionThreads } from './decision-threads';

interface Sum {
  readonly sum: number;
}
interface Add {
  readonly amount: number;
  readonly busyMs?: number;
  readonly refuse?: boolean;
}

const context = { now: '2026-01-02T00:00:00.000Z' };
const onTheLoop = ({ amount }: Add, { sum }: Sum) => ({ state: { sum: sum + amount }, events: [] });

const threadsOf = (threads: number, file = 'decide.fixture.cjs') =>
  new DecisionThreads<Sum, Add, object>({ file: join(__dirname, file), threads, decide: onTheLoop });

describe('DecisionThreads', () => {
  it('decides beside the event loop, which goes on meanwhile', async () => {
    const threads = threadsOf(2);
    await threads.decide({ amount: 1 }, { sum: 0 }, context);
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    const decided = await Promise.all(
      [1, 2].map((amount) => threads.decide({ amount, busyMs: 200 }, { sum: 10 }, context)),
    );
    clearInterval(timer);
    await threads.onModuleDestroy();
    expect(decided.map(({ state }) => state.sum)).toEqual([11, 12]);
    expect(decided[0].events).toEqual([{ type: 'Added', at: context.now, thread: true }]);
    expect(turns).toBeGreaterThan(5);
  });

  it('throws what a decision throws, and goes on with the next', async () => {
    const threads = threadsOf(1);
    await expect(threads.decide({ amount: 7, refuse: true }, { sum: 0 }, context)).rejects.toThrow('no decision on 7');
    await expect(threads.decide({ amount: 1 }, { sum: 1 }, context)).resolves.toMatchObject({ state: { sum: 2 } });
    await threads.onModuleDestroy();
  });

  it.each([
    ['without threads', 0, 'decide.fixture.cjs'],
    ['from source, where there is no compiled file', 1, 'missing.js'],
  ])('decides on the event loop %s', async (_, count, file) => {
    const threads = threadsOf(count, file);
    expect(threads.beside).toBe(false);
    await expect(threads.decide({ amount: 1 }, { sum: 1 }, context)).resolves.toEqual({
      state: { sum: 2 },
      events: [],
    });
  });
});
