import type { ClientConfig } from 'pg';
import type { Failpoints } from '../failpoint/failpoints';
import type { OutgoingMessage } from '../messaging/message';
import type { LogDatabase, MessageBus, MovedMessage } from '../messaging/message-bus';
import { SerialClient } from '../postgres/serial-client';
import { backoffMs } from '../runner/retry-policy';
import { sleep } from '../process/sleep';
import { FLUSH_TO_DISK } from '../unit-of-work/disk-flush';
import { limitParameters, NEXT_IDS, OUTBOX_CHANNEL, OUTBOX_SHARDS, type OutboxLimits } from './outbox-message';

export interface OutboxRelayOptions {
  readonly client: ClientConfig;
  readonly schema: string;
  readonly bus: MessageBus;
  readonly failpoints: Failpoints;
  readonly onError: (error: Error) => void;
  readonly onPublished?: (messages: readonly MovedMessage[]) => void;
  /** Most rows a move; default 500. */
  readonly batch?: number;
  /** A move ends with the row that reaches this size in bytes; default 512 KiB, half of what a Kafka batch may have. */
  readonly batchBytes?: number;
  /** How often to look without being woken, and to try for shards without a leader; default 500. */
  readonly pollMs?: number;
  /** False never becomes the leader of a shard: another process of the service publishes. Default true. */
  readonly leads?: boolean;
  /** The rows may be of transactions that are not on disk yet: nothing leaves before they are. Default false. */
  readonly waitsForDisk?: boolean;
}

interface OutboxRow extends OutgoingMessage {
  readonly id: string;
}

/**
 * Moves the outbox of one service to the log. A shard has one leader among all processes, by advisory lock; rows go in
 * the order of their ids and are deleted after they are published. There is no mark of "published up to here": ids are
 * taken before the commit, so a lower one may appear after a higher one.
 */
export class OutboxRelay {
  private client: SerialClient | undefined;
  private readonly owned = new Set<number>();
  private readonly stopping = new AbortController();
  private nudge = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private sameDatabase = false;
  private contendedAt = 0;
  private idleWaiters: (() => void)[] = [];

  constructor(private readonly options: OutboxRelayOptions) {}

  /** Connects and starts moving; rejects when the first connection fails. */
  async start(): Promise<void> {
    await this.connect();
    this.loop = this.run();
  }

  /** Says that there are new rows. */
  wake(): void {
    this.nudge.abort();
  }

  /** Whether this process is the leader of a shard. */
  owns(shard: number): boolean {
    return this.owned.has(shard);
  }

  /** Rejects when the database cannot be reached; asks on the relay's own connection, which no long unit occupies. */
  async ping(): Promise<void> {
    if (this.client === undefined) throw new Error('the database connection ended');
    await this.client.query('select 1');
  }

  /** Resolves when the shards led here are empty, or after `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    const timeout = new AbortController();
    const idle = new Promise<void>((resolve) => this.idleWaiters.push(resolve));
    this.wake();
    await Promise.race([idle, sleep(timeoutMs, timeout.signal)]);
    timeout.abort();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    this.owned.clear();
    await this.client?.end();
  }

  private async connect(): Promise<SerialClient> {
    const client: SerialClient = new SerialClient(this.options.client);
    client.onLost((error) => this.lost(client, error));
    client.onNotification((_channel, schema) => {
      if (schema === this.options.schema) this.wake();
    });
    await client.connect();
    // Losing the last moves in a crash of the server is harmless: the rows are back, or they are sent twice under one id.
    const wait = this.options.waitsForDisk ? 'on' : 'off';
    await client.query(`set synchronous_commit = ${wait}; listen ${OUTBOX_CHANNEL}`);
    this.sameDatabase = await this.isDatabaseOfLog(client);
    this.client = client;
    this.contendedAt = 0;
    return client;
  }

  private async isDatabaseOfLog(client: SerialClient): Promise<boolean> {
    const { database } = this.options.bus;
    if (database === undefined) return false;
    const { rows } = await client.query<{ here: boolean }>(`select to_regclass('log.identity') is not null as here`);
    if (!rows[0].here) return false;
    const identity = await client.query<{ id: string }>('select id from log.identity');
    return identity.rows[0].id === database.databaseId;
  }

  private lost(client: SerialClient, error: Error): void {
    if (this.client !== client || this.stopping.signal.aborted) return;
    this.client = undefined;
    this.owned.clear();
    this.options.onError(error);
    client.end().catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { pollMs = 500 } = this.options;
    for (let failures = 0; !this.stopping.signal.aborted;) {
      try {
        const client = this.client ?? (await this.connect());
        await this.contend(client, pollMs);
        this.nudge = new AbortController();
        const more = this.owned.size > 0 && (await this.move(client));
        failures = 0;
        if (more || this.nudge.signal.aborted) continue;
        for (const resolve of this.idleWaiters.splice(0)) resolve();
        await sleep(pollMs, this.nudge.signal);
      } catch (error) {
        this.options.onError(error as Error);
        failures++;
        await sleep(backoffMs(Math.min(failures, 10), { baseMs: 100, maxMs: 5000 }), this.stopping.signal);
      }
    }
  }

  /** Tries to become the leader of shards that have none we know of. */
  private async contend(client: SerialClient, everyMs: number): Promise<void> {
    if (this.options.leads === false || this.owned.size === OUTBOX_SHARDS || Date.now() - this.contendedAt < everyMs)
      return;
    this.contendedAt = Date.now();
    const missing = Array.from({ length: OUTBOX_SHARDS }, (_, shard) => shard).filter(
      (shard) => !this.owned.has(shard),
    );
    const { rows } = await client.query<{ shard: number }>(
      `select shard from unnest($1::int[]) shard
       where pg_try_advisory_lock(hashtextextended('allostat outbox|' || $2 || '|' || shard, 0))`,
      [missing, this.options.schema],
    );
    for (const { shard } of rows) this.owned.add(shard);
  }

  /** Moves the next rows; true when it ended at a limit, so that more may stand behind them. */
  private async move(client: SerialClient): Promise<boolean> {
    const { onPublished, batch = 500, batchBytes = 512 * 1024 } = this.options;
    const limits = { shards: [...this.owned], rows: batch, bytes: batchBytes };
    const moved = this.sameDatabase
      ? await this.moveInDatabase(client, limits)
      : await this.publishThenDelete(client, limits);
    if (moved.length > 0) onPublished?.(moved);
    return moved.length >= batch || moved.reduce((sum, { bytes }) => sum + bytes, 0) >= batchBytes;
  }

  private async moveInDatabase(client: SerialClient, limits: OutboxLimits): Promise<readonly MovedMessage[]> {
    const { bus, failpoints } = this.options;
    const moved = await (bus.database as LogDatabase).moveOutbox(client, limits);
    if (moved.length > 0) failpoints.pass('after-publish');
    return moved;
  }

  private async publishThenDelete(client: SerialClient, limits: OutboxLimits): Promise<readonly MovedMessage[]> {
    const { bus, failpoints } = this.options;
    const { rows } = await client.query<OutboxRow>({
      name: 'next',
      text: `select id, topic, key, value, headers from outbox where id in (${NEXT_IDS}) order by id`,
      values: limitParameters(limits),
    });
    if (rows.length === 0) return [];
    if (this.options.waitsForDisk) await client.query(FLUSH_TO_DISK);
    await bus.publish(rows);
    failpoints.pass('after-publish');
    await client.query('delete from outbox where id = any($1::bigint[])', [rows.map(({ id }) => id)]);
    return rows.map(({ topic, value }) => ({ topic, bytes: value.length }));
  }
}
