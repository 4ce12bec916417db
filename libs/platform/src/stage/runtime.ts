import type { Provider } from '@nestjs/common';
import type { Clock } from '@allostat/kernel';
import type { Logger } from '../logs/logger';
import type { EventCodec, TypedEvent } from '../messaging/event-codec';
import type { MessageBus } from '../messaging/message-bus';
import type { Failpoints } from '../failpoint/failpoints';
import type { RetryPolicy } from '../runner/retry-policy';
import type { Telemetry } from '../telemetry/telemetry';

/** What a stage runs on. */
export interface Runtime<E extends TypedEvent> {
  /** Login of the stage's own role; see `roleUrl`. */
  readonly databaseUrl: string;
  /** Stays open when the stage closes; whoever made it closes it. */
  readonly bus: MessageBus;
  readonly codec: EventCodec<E>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Port of health checks, metrics and routes; 0 chooses a free one, without it nothing is served. */
  readonly port?: number;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Units of work at the same time, each with a database connection; default what the stage asks for. */
  readonly poolSize?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** Most messages a transaction; default 100. */
  readonly maxBatch?: number;
  /** A transaction takes no further message when it lasts longer than this; default 250. */
  readonly maxUnitMs?: number;
  /** A partition with messages that has not moved for so long makes the stage not ready; default 60 000. */
  readonly stallMs?: number;
  /** How long the stage remembers which messages it has applied; longer than any topic is kept. Default 30. */
  readonly inboxDays?: number;
  /** False leaves the outbox to other processes of the service; for tools beside them. Default true. */
  readonly publishes?: boolean;
  readonly failpoints?: Failpoints;
  /** Without it nothing is traced. Whoever made it closes it. */
  readonly telemetry?: Telemetry;
  /** Providers from outside, for example a cache or a port to the order system. */
  readonly providers?: readonly Provider[];
}

/** Injection token of the stage's `Clock`. */
export const CLOCK = Symbol('clock');
/** Injection token of the stage's `Logger`. */
export const LOGGER = Symbol('logger');
