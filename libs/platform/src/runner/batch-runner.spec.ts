import type { EntityManager } from 'typeorm';
import type { DeadLetters } from '../dead-letter/dead-letters';
import { NO_FAILPOINTS } from '../failpoint/failpoints';
import { envelopeHeaders } from '../messaging/envelope';
import type { EventCodec, TypedEvent } from '../messaging/event-codec';
import type { ReceivedMessage } from '../messaging/message';
import type { MessageBatch } from '../messaging/message-bus';
import { UnitOfWork } from '../unit-of-work/unit-of-work';
import type { UnitRunner } from '../unit-of-work/unit-runner';
import { BatchAbandonedError, BatchRunner } from './batch-runner';
import { backoffMs, DEFAULT_RETRY } from './retry-policy';
import { SILENT_OBSERVER } from './runner-observer';

interface Fact extends TypedEvent {
  readonly name: string;
}

const codec: EventCodec<Fact> = {
  encode: () => ({ topic: 't', key: 'k', value: new Uint8Array() }),
  decode: ({ type, value }) => ({ type, name: Buffer.from(value).toString() }),
};

/** An inbox in memory with the transactions of the real one: what a unit that fails claimed is given back. */
class FakeUnits {
  readonly applied = new Set<string>();
  units = 0;

  async once<T>(work: (unit: UnitOfWork<Fact>) => Promise<T>): Promise<T> {
    const before = new Set(this.applied);
    this.units++;
    const manager = {
      query: (text: string, [, ids]: [string, string[]]) => {
        if (text.startsWith('delete')) return Promise.resolve(void ids.forEach((id) => this.applied.delete(id)));
        const fresh = [...new Set(ids)].filter((id) => !this.applied.has(id));
        fresh.forEach((id) => this.applied.add(id));
        return Promise.resolve(fresh.map((event_id) => ({ event_id })));
      },
    } as unknown as EntityManager;
    try {
      return await work(new UnitOfWork<Fact>({ service: 's', manager, codec, traceparent: () => undefined }));
    } catch (error) {
      this.applied.clear();
      before.forEach((id) => this.applied.add(id));
      throw error;
    }
  }
}

const message = (name: string, offset: number): ReceivedMessage => ({
  topic: 't',
  partition: 0,
  offset: String(offset),
  key: 'k',
  value: Buffer.from(name),
  headers: envelopeHeaders({ id: name, type: 'Fact', source: 's', time: '2024-01-01T00:00:00Z', correlationId: 'c' }),
  timestamp: 0,
});

function setUp(
  dispatch: (name: string) => Promise<void> | void,
  more: { maxUnitMs?: number; notReadyMs?: number } = {},
) {
  const units = new FakeUnits();
  const letters: { offset: string; attempts: number }[] = [];
  const state = { running: true };
  const runner = new BatchRunner<Fact>({
    group: 'g',
    units: units as unknown as UnitRunner<Fact>,
    codec,
    dispatch: async ({ name }) => dispatch(name),
    deadLetters: {
      record: (_group: string, { offset }: ReceivedMessage, _error: unknown, attempts: number) =>
        Promise.resolve(void letters.push({ offset, attempts })),
    } as unknown as DeadLetters,
    retry: { ...DEFAULT_RETRY, attempts: 3, baseMs: 1, maxMs: 2, ...more },
    failpoints: NO_FAILPOINTS,
    observer: SILENT_OBSERVER,
    maxUnitMs: more.maxUnitMs ?? 1000,
  });
  const batch = (names: string[]): MessageBatch => ({
    topic: 't',
    partition: 0,
    messages: names.map(message),
    heartbeat: () => Promise.resolve(),
    isRunning: () => state.running,
  });
  return { units, letters, state, runner, batch };
}

describe('BatchRunner', () => {
  it('applies a batch in one unit, each message once', async () => {
    const seen: string[] = [];
    const { runner, units, batch } = setUp((name) => void seen.push(name));
    await runner.handle(batch(['a', 'b', 'a', 'c']));
    await runner.handle(batch(['b', 'd']));
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
    expect(units.units).toBe(2);
  });

  it('rolls the unit back when a message fails, and goes on without it', async () => {
    const seen: string[] = [];
    const { runner, units, letters, batch } = setUp((name) => {
      seen.push(name);
      if (name === 'bad') throw new RangeError('no');
    });
    await runner.handle(batch(['a', 'bad', 'c']));
    expect([...units.applied].sort()).toEqual(['a', 'c']);
    expect(letters).toEqual([{ offset: '1', attempts: 3 }]);
    expect(seen).toEqual(['a', 'bad', 'a', 'bad', 'bad', 'bad', 'c']);
  });

  it('commits what it has when a unit lasts too long, and goes on in the next', async () => {
    const { runner, units, batch } = setUp(() => new Promise((resolve) => setTimeout(resolve, 15)), { maxUnitMs: 20 });
    await runner.handle(batch(['a', 'b', 'c', 'd', 'e']));
    expect(units.applied.size).toBe(5);
    expect(units.units).toBeGreaterThanOrEqual(2);
  });

  it('keeps what it applied, gives the rest back and rejects, when the partition is taken away', async () => {
    const { runner, units, state, batch } = setUp((name) => {
      if (name === 'b') state.running = false;
    });
    await expect(runner.handle(batch(['a', 'b', 'c', 'd']))).rejects.toThrow(BatchAbandonedError);
    expect([...units.applied]).toEqual(['a', 'b']);
  });

  it('does not leave a failing message half way when the partition is taken away', async () => {
    const { runner, letters, state, batch } = setUp(() => {
      state.running = false;
      throw new Error('fails');
    });
    await expect(runner.handle(batch(['a']))).rejects.toThrow(BatchAbandonedError);
    expect(letters).toEqual([]);
  });

  it('never gives a message up for what its surroundings did', async () => {
    let failures = 0;
    const { runner, units, letters, batch } = setUp(() => {
      if (failures++ < 20) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    });
    await runner.handle(batch(['a']));
    expect(units.applied.has('a')).toBe(true);
    expect(letters).toEqual([]);
  });

  it('gives up at last what never gets ready', async () => {
    const { runner, letters, batch } = setUp(
      () => {
        throw Object.assign(new Error('not yet'), { retriable: true });
      },
      { notReadyMs: 30 },
    );
    await runner.handle(batch(['a']));
    expect(letters).toHaveLength(1);
    expect(letters[0].attempts).toBeGreaterThan(3);
  });
});

describe('backoffMs', () => {
  it('doubles from the base to the limit, and draws from the upper half', () => {
    const wait = (attempt: number, random: number) => backoffMs(attempt, { baseMs: 100, maxMs: 1000 }, () => random);
    expect([1, 2, 3, 4, 5, 6].map((attempt) => wait(attempt, 1))).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(wait(3, 0)).toBe(200);
  });
});
