import type { DataSource, QueryRunner } from 'typeorm';
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
  once<T>(work: (unit: UnitOfWork<E>) => Promise<T>): Promise<T> {
    return this.turns.run(() => this.transaction(work));
  }

  private async transaction<T>(work: (unit: UnitOfWork<E>) => Promise<T>): Promise<T> {
    const { dataSource, service, schema, codec, outbox, failpoints, tracing, commitsEarly = false } = this.options;
    const runner = dataSource.createQueryRunner();
    try {
      await runner.connect();
      await runner.startTransaction();
      let result: T;
      let shards: ReadonlySet<number>;
      const unit = new UnitOfWork<E>({
        service,
        manager: runner.manager,
        codec,
        traceparent: () => tracing.traceparent(),
      });
      try {
        result = await work(unit);
        shards = await unit.flush();
        if ([...shards].some((shard) => !outbox.owns(shard))) {
          await runner.query('select pg_notify($1, $2)', [OUTBOX_CHANNEL, schema]);
        }
        // After a swallowed database error "commit" would silently roll back; any statement brings it to light.
        const early = commitsEarly && (await preparedForEarlyCommit(runner));
        if (!commitsEarly && !unit.wrote) await runner.query('select 1');
        failpoints.pass('before-commit');
        await runner.commitTransaction();
        if (early) await this.disk.after(() => runner.query(FLUSH_TO_DISK));
      } catch (error) {
        // A broken connection cannot roll back and need not: the server does. The first error is the one that tells.
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
      failpoints.pass('after-commit');
      if (shards.size > 0) outbox.wake();
      unit.committed();
      return result;
    } finally {
      await runner.release();
    }
  }
}

/** Lets the commit that follows not wait for the disk; false when the transaction has written nothing. */
async function preparedForEarlyCommit(runner: QueryRunner): Promise<boolean> {
  const [{ wrote }]: { wrote: boolean }[] = await runner.query(
    `select set_config('synchronous_commit', 'off', true), pg_current_xact_id_if_assigned() is not null as wrote`,
  );
  return wrote;
}
