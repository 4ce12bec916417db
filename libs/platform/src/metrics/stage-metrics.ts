import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Envelope } from '../messaging/envelope';
import type { MovedMessage, Subscription } from '../messaging/message-bus';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What was seen of the outbox and the dead letters when the metrics were asked for. */
export interface StageBacklog {
  readonly outboxDepth: number;
  readonly outboxAgeSeconds: number;
  readonly deadLetters: number;
}

export interface StageMetricsOptions {
  readonly service: string;
  readonly subscription: () => Subscription | undefined;
  readonly backlog: () => Promise<StageBacklog>;
  /** Adds memory, event loop and processor figures of the whole process. */
  readonly process: boolean;
}

/** Prometheus metrics of one stage, in a registry of its own: several stages may run in one process. */
export class StageMetrics {
  readonly registry = new Registry();
  readonly handled = this.counter('allostat_messages_handled_total', 'Messages applied', ['topic']);
  readonly duplicates = this.counter('allostat_messages_duplicate_total', 'Messages known already', ['topic']);
  readonly failures = this.counter('allostat_message_failures_total', 'Failed tries', ['topic', 'kind']);
  readonly deadLettered = this.counter('allostat_dead_letters_total', 'Messages given up', ['topic']);
  readonly published = this.counter('allostat_messages_published_total', 'Messages moved from the outbox', ['topic']);
  readonly handlerSeconds = this.histogram('allostat_handler_seconds', 'Duration of a handler', ['topic']);
  readonly hopSeconds = this.histogram(
    'allostat_hop_seconds',
    'From the append to the log to the start of the handler',
    ['topic'],
  );
  readonly endToEndSeconds = this.histogram(
    'allostat_event_age_seconds',
    'From the time of the event, as its header says, to the commit of its effect',
    ['topic'],
  );

  private readonly outboxDepth = this.gauge('allostat_outbox_depth', 'Messages waiting to be published');
  private readonly outboxAge = this.gauge(
    'allostat_outbox_age_seconds',
    'Age of the oldest message waiting to be published',
  );
  private readonly deadLetters = this.gauge('allostat_dead_letters', 'Dead letters waiting to be looked at');
  private readonly backlogKnown = this.gauge(
    'allostat_backlog_known',
    '1 when the database could be asked for outbox and dead letters',
  );

  constructor(private readonly options: StageMetricsOptions) {
    this.registry.setDefaultLabels({ service: options.service });
    if (options.process) collectDefaultMetrics({ register: this.registry });
    this.lagGauge();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  async text(): Promise<string> {
    await this.refresh();
    return this.registry.metrics();
  }

  committed(topic: string, envelope: Envelope): void {
    this.handled.inc({ topic });
    const age = (Date.now() - Date.parse(envelope.time)) / 1000;
    if (age >= 0) this.endToEndSeconds.observe({ topic }, age);
  }

  moved(messages: readonly MovedMessage[]): void {
    for (const { topic } of messages) this.published.inc({ topic });
  }

  private lagGauge(): void {
    const { subscription } = this.options;
    new Gauge({
      name: 'allostat_consumer_lag',
      help: 'Messages of a partition not yet handled',
      labelNames: ['topic', 'partition'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { topic, partition, position, end } of subscription()?.progress() ?? []) {
          this.set({ topic, partition: String(partition) }, Number(end > position ? end - position : 0n));
        }
      },
    });
  }

  /** Asked before the registry is read: it takes its figures while others are still being asked for. */
  private async refresh(): Promise<void> {
    try {
      const { outboxDepth, outboxAgeSeconds, deadLetters } = await this.options.backlog();
      this.outboxDepth.set(outboxDepth);
      this.outboxAge.set(outboxAgeSeconds);
      this.deadLetters.set(deadLetters);
      this.backlogKnown.set(1);
    } catch {
      // Metrics are wanted most when the database is away; the gauge says that the figures are old.
      this.backlogKnown.set(0);
    }
  }

  /** A figure of the stage's own. */
  gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.registry] });
  }

  private counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<L extends string>(name: string, help: string, labelNames: readonly L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [this.registry] });
  }
}
