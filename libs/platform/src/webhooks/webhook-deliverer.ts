import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from '@allostat/kernel';
import type { Logger } from '../logs/logger';
import type { Webhook } from './webhook';
import { signatureHeaders, webhookMessage, type WebhookAlert } from './webhook-message';

/** Anything that runs SQL: a unit's manager, or the data source between units. */
interface Sql {
  query(text: string, parameters?: unknown[]): Promise<unknown>;
}

/** A step that a receiver is to be told, or one that it is not. */
export interface SourceAlert {
  readonly sequence: number;
  /** Absent: counted, and told to nobody. */
  readonly alert?: WebhookAlert;
}

/** Where alerts come from: streams, each numbered without a gap from 1. */
export interface AlertSource {
  /** Service that they are of. */
  readonly service: NonNullable<Webhook['services']>[number];
  /** Table in which is kept how far each receiver has been told of each stream: `webhook`, the column below, `sequence`, ... */
  readonly deliveries: { readonly table: string; readonly stream: string };
  streams(sql: Sql): Promise<readonly string[]>;
  /** Whether a receiver is told of a stream. */
  wants(webhook: Webhook, stream: string): boolean;
  /** Whether a receiver of a stream is told this of it; all of it when absent. */
  tells?(webhook: Webhook, alert: WebhookAlert): boolean;
  /** What follows a number, in order; at most a page. */
  after(sql: Sql, stream: string, sequence: number): Promise<readonly SourceAlert[]>;
  /** Says to a receiver that alerts would come if there were any. */
  heartbeat(sql: Sql, at: string, webhook: Webhook): Promise<WebhookAlert>;
}

export interface WebhookDelivererOptions {
  readonly database: DataSource;
  readonly source: AlertSource;
  readonly webhooks: readonly Webhook[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pollMs?: number;
  readonly heartbeatMs?: number;
  readonly timeoutMs?: number;
  /** First wait after a failure; it doubles up to `backoffMaxMs`. */
  readonly backoffMs?: number;
  readonly backoffMaxMs?: number;
}

const DEFAULTS = { pollMs: 1000, heartbeatMs: 300_000, timeoutMs: 10_000, backoffMs: 1000, backoffMaxMs: 300_000 };

interface Cursor {
  readonly sequence: number;
  readonly attempts: number;
}

/**
 * Tells each webhook the alerts of each stream in order, at least once, and never gives up: how far it has been told
 * stands in the database, so that a receiver that was away, or a process that was killed, goes on where it stopped. Of
 * several processes one at a time tells a webhook about a stream.
 */
export class WebhookDeliverer {
  private readonly options: Required<WebhookDelivererOptions>;
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private stopped = false;
  private beatAt: number;

  constructor(options: WebhookDelivererOptions) {
    const { service } = options.source;
    const webhooks = options.webhooks.filter(({ services }) => services?.includes(service) !== false);
    this.options = { ...DEFAULTS, ...options, webhooks };
    this.beatAt = Date.now() + this.options.heartbeatMs;
  }

  start(): void {
    if (this.options.webhooks.length > 0) this.next();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
  }

  private next(): void {
    this.working = this.round()
      .catch((error: unknown) => this.options.logger.warn({ error }, 'alerts could not be sent; it is tried again'))
      .then(() => {
        if (!this.stopped) this.timer = setTimeout(() => this.next(), this.options.pollMs);
      });
  }

  private async round(): Promise<void> {
    const { database, webhooks, source } = this.options;
    const streams = await source.streams(database);
    for (const webhook of webhooks) {
      for (const stream of streams) {
        if (this.stopped || !source.wants(webhook, stream)) continue;
        await database.transaction((manager) => this.tell(manager, webhook, stream));
      }
    }
    if (Date.now() < this.beatAt) return;
    this.beatAt = Date.now() + this.options.heartbeatMs;
    const at = this.options.clock.now();
    for (const webhook of webhooks) {
      const beat = await source.heartbeat(database, at, webhook);
      const failure = await this.post(webhook, beat, `heartbeat/${source.service}/${at}`);
      if (failure !== undefined)
        this.options.logger.warn({ webhook: webhook.id, failure }, 'a heartbeat was not taken by its receiver');
    }
  }

  /** Sends what a webhook has not been told of a stream, up to the first failure. */
  private async tell(manager: EntityManager, webhook: Webhook, stream: string): Promise<void> {
    const { source } = this.options;
    const { table, stream: column } = source.deliveries;
    const key = [webhook.id, stream];
    await manager.query(
      `insert into ${table} (webhook, ${column}, sequence) values ($1, $2, 0) on conflict do nothing`,
      key,
    );
    const [cursor] = (await manager.query(
      `select sequence::int, attempts from ${table}
       where webhook = $1 and ${column} = $2 and next_attempt <= now() for update skip locked`,
      key,
    )) as Cursor[];
    if (cursor === undefined) return;
    for (const { sequence, alert } of await source.after(manager, stream, cursor.sequence)) {
      if (alert && source.tells?.(webhook, alert) !== false) {
        const failure = await this.post(webhook, alert, `${stream}/${sequence}`);
        if (failure !== undefined) return this.retryLater(manager, key, cursor.attempts, failure);
      }
      await manager.query(
        `update ${table} set sequence = $3, attempts = 0, last_error = null where webhook = $1 and ${column} = $2`,
        [...key, sequence],
      );
    }
  }

  private async retryLater(manager: EntityManager, key: string[], attempts: number, failure: string): Promise<void> {
    const { backoffMs, backoffMaxMs, logger, source } = this.options;
    const { table, stream } = source.deliveries;
    const waitMs = Math.min(backoffMaxMs, backoffMs * 2 ** Math.min(attempts, 20));
    logger.warn({ webhook: key[0], stream: key[1], attempts: attempts + 1, waitMs, failure }, 'an alert was not taken');
    await manager.query(
      `update ${table} set attempts = attempts + 1, last_error = $3, next_attempt = now() + $4 * interval '1 ms'
       where webhook = $1 and ${stream} = $2`,
      [...key, failure, waitMs],
    );
  }

  /** Undefined when the receiver took it; else what went wrong. */
  private async post(webhook: Webhook, alert: WebhookAlert, id: string): Promise<string | undefined> {
    const body = JSON.stringify(webhookMessage(webhook, alert));
    try {
      const response = await fetch(webhook.url, {
        method: 'POST',
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(this.options.timeoutMs),
        headers: {
          'content-type': 'application/json',
          'idempotency-key': id,
          ...signatureHeaders(body, webhook.secret, this.options.clock.now()),
        },
      });
      await response.body?.cancel();
      return response.ok ? undefined : `the receiver answered ${response.status}`;
    } catch (error) {
      return (error as Error).message;
    }
  }
}
