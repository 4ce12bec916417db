import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from '@allostat/kernel';
import type { Logger } from '@allostat/platform';
import { alertsAfter, readPulses } from './alert.store';
import type { Webhook } from './webhook';
import { alertPayload, heartbeatPayload, signatureHeaders } from './webhook-payload';

export interface WebhookDelivererOptions {
  readonly database: DataSource;
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
 * Tells each webhook the alerts of each universe in order, at least once, and never gives up: how far it has been told
 * stands in the database, so that a receiver that was away, or a process that was killed, goes on where it stopped. Of
 * several processes one at a time tells a webhook about a universe.
 */
export class WebhookDeliverer {
  private readonly options: Required<WebhookDelivererOptions>;
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private stopped = false;
  private beatAt: number;

  constructor(options: WebhookDelivererOptions) {
    this.options = { ...DEFAULTS, ...options };
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
    const { database, webhooks } = this.options;
    const pulses = await readPulses(database);
    for (const webhook of webhooks) {
      for (const { universeId } of pulses) {
        if (this.stopped || webhook.universes?.includes(universeId) === false) continue;
        await database.transaction((manager) => this.tell(manager, webhook, universeId));
      }
    }
    if (Date.now() < this.beatAt) return;
    this.beatAt = Date.now() + this.options.heartbeatMs;
    const at = this.options.clock.now();
    for (const webhook of webhooks) {
      const failure = await this.post(webhook, heartbeatPayload(pulses, webhook, at), `heartbeat/${at}`);
      if (failure !== undefined)
        this.options.logger.warn({ webhook: webhook.id, failure }, 'a heartbeat was not taken by its receiver');
    }
  }

  /** Sends what a webhook has not been told about a universe, up to the first failure. */
  private async tell(manager: EntityManager, webhook: Webhook, universeId: string): Promise<void> {
    const key = [webhook.id, universeId];
    await manager.query(
      'insert into alert_delivery (webhook, universe_id, sequence) values ($1, $2, 0) on conflict do nothing',
      key,
    );
    const [cursor] = (await manager.query(
      `select sequence::int, attempts from alert_delivery
       where webhook = $1 and universe_id = $2 and next_attempt <= now() for update skip locked`,
      key,
    )) as Cursor[];
    if (cursor === undefined) return;
    for (const event of await alertsAfter(manager, universeId, cursor.sequence)) {
      if (event.type === 'RegimeAlertMoved' && !event.silenced) {
        const id = `${universeId}/${event.sequence}`;
        const failure = await this.post(webhook, alertPayload(event, webhook), id);
        if (failure !== undefined) return this.retryLater(manager, key, cursor.attempts, failure);
      }
      await manager.query(
        `update alert_delivery set sequence = $3, attempts = 0, last_error = null where webhook = $1 and universe_id = $2`,
        [...key, event.sequence],
      );
    }
  }

  private async retryLater(manager: EntityManager, key: string[], attempts: number, failure: string): Promise<void> {
    const { backoffMs, backoffMaxMs, logger } = this.options;
    const waitMs = Math.min(backoffMaxMs, backoffMs * 2 ** Math.min(attempts, 20));
    logger.warn(
      { webhook: key[0], universeId: key[1], attempts: attempts + 1, waitMs, failure },
      'an alert was not taken',
    );
    await manager.query(
      `update alert_delivery set attempts = attempts + 1, last_error = $3, next_attempt = now() + $4 * interval '1 ms'
       where webhook = $1 and universe_id = $2`,
      [...key, failure, waitMs],
    );
  }

  /** Undefined when the receiver took it; else what went wrong. */
  private async post(webhook: Webhook, payload: object, id: string): Promise<string | undefined> {
    const body = JSON.stringify(payload);
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
