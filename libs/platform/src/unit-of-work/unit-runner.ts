import type { PoolClient, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import type { Failpoints } from '../failpoint/failpoints';
import type { EventCodec, TypedEvent } from '../messaging/event-codec';
import { OUTBOX_CHANNEL } from '../outbox/outbox-message';
import { isConflict } from '../runner/failure-kind';
import { backoffMs } from '../runner/retry-policy';
import { Semaphore } from '../process/semaphore';
import { sleep } from '../process/sleep';
import type { Tracing } from '../telemetry/tracing';
import { DiskFlush, FLUSH_TO_DISK } from './disk-flush';
import { UnitOfWork } from './unit-of-work';

/** Whoever publishes the outbox. */
export interface OutboxWaker {
  owns(shard: number): boolean;
  wake(): void;
}

export interface UnitRunnerOptions<E extends TypedEvent> {
  readonly service: string;
  readonly schema: string;
  readonly dataSource: DataSource;
  readonly codec: EventCodec<E>;
  readonly outbox: OutboxWaker;
  readonly failpoints: Failpoints;
  readonly tracing: Tracing;
  /** Units at the same time; further ones wait for their turn, however long that takes. */
  readonly concurrency: number;
  /**
   * Releases the locks of a unit when it is committed in memory, before it is on disk, and waits for the disk together with
   * others. What a crash of the server takes away is then always the end of what was committed, and nobody was told of it.
   */
  readonly commitsEarly?: boolean;
}

const CONFLICT_ATTEMPTS = 5;

/** Runs work in units of work: one transaction each, and the outbox is published right after the commit. */
export class UnitRunner<E extends TypedEvent = TypedEvent> {
  private readonly turns: Semaphore;
  private readonly disk = new DiskFlush();

  constructor(private readonly options: UnitRunnerOptions<E>) {
    this.turns = new Semaphore(options.concurrency);
  }

  /**
   * Runs `work` in a unit; for work that no message caused. When the transaction loses against another one
   * (deadlock, serialization) it is rolled back and run again, up to five times.
   */
  async run<T>(work: (unit: UnitOfWork<E>) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.options.tracing.span('unit', () => this.once(work));
      } catch (error) {
        if (!isConflict(error) || attempt === CONFLICT_ATTEMPTS) throw error;
        await sleep(backoffMs(attempt, { baseMs: 10, maxMs: 500 }));
      }
    }
  }

  /** Like `run`, without repetition. */
  async once<T>(work: (unit: UnitOfWork<E>) => Promise<T>): Promise<T> {
    const { dataSource, outbox, failpoints } = this.options;
    const { unit, result, shards, onDisk } = await this.turns.run(() => this.transaction(work));
    // no turn and no connection is held while the disk writes: others go on in the meantime
    if (!onDisk) await this.disk.after(() => dataSource.query(FLUSH_TO_DISK));
    failpoints.pass('after-commit');
    if (shards.size > 0) outbox.wake();
    unit.committed();
    return result;
  }

  private async transaction<T>(work: (unit: UnitOfWork<E>) => Promise<T>): Promise<Committed<T, E>> {
    const { dataSource, service, schema, codec, outbox, failpoints, tracing, commitsEarly = false } = this.options;
    const runner = dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      await runner.startTransaction();
      const unit = new UnitOfWork<E>({
        service,
        manager: runner.manager,
        codec,
        traceparent: () => tracing.traceparent(),
      });
      try {
        const result = await work(unit);
        const shards = await unit.flush();
        if ([...shards].some((shard) => !outbox.owns(shard))) {
          await runner.query('select pg_notify($1, $2)', [OUTBOX_CHANNEL, schema]);
        }
        failpoints.pass('before-commit');
        const wrote = await commit(client, unit.lastStatements, commitsEarly);
        return { unit, result, shards, onDisk: !commitsEarly || !wrote };
      } catch (error) {
        // A broken connection cannot roll back and need not: the server does. The first error is the one that tells.
        await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }
}

interface Committed<T, E extends TypedEvent> {
  readonly unit: UnitOfWork<E>;
  readonly result: T;
  readonly shards: ReadonlySet<number>;
  /** False while the commit is in memory only. */
  readonly onDisk: boolean;
}

/**
 * Ends the transaction in one message to the server, after the last statements; says whether it wrote anything. Where a
 * database error was swallowed before, "commit" alone would silently roll back: the statement in front of it fails then.
 */
async function commit(client: PoolClient, last: readonly string[], early: boolean): Promise<boolean> {
  const wrote = 'select pg_current_xact_id_if_assigned() is not null as wrote';
  const inMemory = early ? ['set local synchronous_commit = off'] : [];
  const answers = await client.query([...last, wrote, ...inMemory, 'commit'].join(';\n'));
  const { rows } = (answers as unknown as QueryResult<{ wrote: boolean }>[])[last.length];
  return rows[0].wrote;
}
