import type { Logger } from '../logs/logger';
import type { Envelope } from '../messaging/envelope';
import type { ReceivedMessage } from '../messaging/message';
import type { StageMetrics } from '../metrics/stage-metrics';
import type { FailureKind } from '../runner/failure-kind';
import type { RunnerObserver } from '../runner/runner-observer';
import type { Tracing } from '../telemetry/tracing';

const placeOf = ({ topic, partition, offset, headers }: ReceivedMessage) => ({
  topic,
  partition,
  offset,
  eventId: headers.ce_id,
  correlationId: headers['correlation-id'],
});

/** Turns what the runner tells into metrics, traces and log lines. */
export class StageObserver implements RunnerObserver {
  constructor(
    private readonly group: string,
    private readonly metrics: StageMetrics,
    private readonly logger: Logger,
    private readonly tracing: Tracing,
  ) {}

  async around(message: ReceivedMessage, envelope: Envelope, handle: () => Promise<void>): Promise<void> {
    const { topic, timestamp } = message;
    this.metrics.hopSeconds.observe({ topic }, Math.max(0, Date.now() - timestamp) / 1000);
    const stop = this.metrics.handlerSeconds.startTimer({ topic });
    await this.tracing.message(this.group, message, envelope, handle).finally(stop);
  }

  committed(messages: readonly { readonly message: ReceivedMessage; readonly envelope: Envelope }[]): void {
    for (const { message, envelope } of messages) this.metrics.committed(message.topic, envelope);
  }

  duplicate(message: ReceivedMessage): void {
    this.metrics.duplicates.inc({ topic: message.topic });
    this.logger.debug(placeOf(message), 'the message was applied before');
  }

  failed(messages: readonly ReceivedMessage[], kind: FailureKind, error: unknown, attempt: number): void {
    const [first] = messages;
    this.metrics.failures.inc({ topic: first.topic, kind });
    // A batch is tried again message by message, and what cannot be decoded is told when it is given up.
    const passing = kind === 'not-ready' || kind === 'undecodable' || messages.length > 1;
    const level = passing ? 'debug' : 'warn';
    this.logger[level]({ ...placeOf(first), messages: messages.length, kind, attempt, error }, 'a try failed');
  }

  deadLettered(message: ReceivedMessage, error: unknown, attempts: number): void {
    this.metrics.deadLettered.inc({ topic: message.topic });
    this.logger.error({ ...placeOf(message), attempts, error }, 'the message was given up and kept as a dead letter');
  }
}
