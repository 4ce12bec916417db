import type { DataSource } from 'typeorm';
import { DeadLetters } from '../dead-letter/dead-letters';
import { NO_FAILPOINTS } from '../failpoint/failpoints';
import { StageHealth } from '../health/stage-health';
import type { Logger } from '../logs/logger';
import type { TypedEvent } from '../messaging/event-codec';
import type { Subscription } from '../messaging/message-bus';
import { readBacklog } from '../metrics/read-backlog';
import { StageMetrics } from '../metrics/stage-metrics';
import { EventStrategy } from '../nest/event-strategy';
import { OutboxRelay } from '../outbox/outbox-relay';
import { clientOptions } from '../postgres/client-options';
import { queryableOf } from '../postgres/queryable';
import { schemaName } from '../postgres/role';
import { BatchRunner } from '../runner/batch-runner';
import { isInfrastructureError } from '../runner/failure-kind';
import { DEFAULT_RETRY } from '../runner/retry-policy';
import { NO_TRACING } from '../telemetry/tracing';
import { UnitRunner } from '../unit-of-work/unit-runner';
import type { Runtime } from './runtime';
import type { StageDefinition } from './stage-definition';
import { StageObserver } from './stage-observer';

const DEFAULT_POOL_SIZE = 4;

const DEFAULT_STALL_MS = 60_000;

/** Units of work that a stage does at the same time. */
export function poolSizeOf(definition: StageDefinition, { poolSize }: Pick<Runtime<TypedEvent>, 'poolSize'>): number {
  return poolSize ?? definition.poolSize ?? DEFAULT_POOL_SIZE;
}

/** What a stage consists of besides its Nest application. */
export interface StageCore<E extends TypedEvent> {
  readonly strategy: EventStrategy;
  readonly health: StageHealth;
  readonly metrics: StageMetrics;
  readonly relay: OutboxRelay;
  readonly units: UnitRunner<E>;
  readonly deadLetters: DeadLetters;
}

/** Wires units, relay, runner and what watches them; nothing is started yet. */
export function buildStageCore<E extends TypedEvent>(
  definition: StageDefinition,
  runtime: Runtime<E>,
  dataSource: DataSource,
  logger: Logger,
): StageCore<E> {
  const { name, commitsEarly = false } = definition;
  const { bus, codec, failpoints = NO_FAILPOINTS } = runtime;
  const tracing = runtime.telemetry?.forService(name) ?? NO_TRACING;
  const strategy: EventStrategy = new EventStrategy({ subscribe: (topics) => subscribe(topics) });
  const subscription = () => strategy.subscription;
  const metrics = new StageMetrics({
    service: name,
    subscription,
    backlog: () => readBacklog(dataSource),
    process: runtime.port !== undefined,
  });
  const relay = buildRelay({ name, commitsEarly }, runtime, metrics, logger);
  const units = new UnitRunner<E>({
    service: name,
    schema: schemaName(name),
    dataSource,
    codec,
    outbox: relay,
    failpoints,
    tracing,
    concurrency: poolSizeOf(definition, runtime),
    commitsEarly,
  });
  const deadLetters = new DeadLetters(queryableOf(dataSource));
  const runner = new BatchRunner<E>({
    group: name,
    units,
    codec,
    deadLetters,
    failpoints,
    dispatch: (event, context) => strategy.dispatch(context.message.topic, event, context),
    retry: { ...DEFAULT_RETRY, ...runtime.retry },
    observer: new StageObserver(name, metrics, logger, tracing),
    ...(runtime.maxUnitMs === undefined ? {} : { maxUnitMs: runtime.maxUnitMs }),
  });
  const subscribe = (topics: readonly string[]): Promise<Subscription> =>
    bus.subscribe({
      group: name,
      topics,
      handler: (batch) => runner.handle(batch),
      ...(runtime.maxBatch === undefined ? {} : { maxBatch: runtime.maxBatch }),
    });
  const listens = () => strategy.topics().length > 0;
  const stallMs = runtime.stallMs ?? DEFAULT_STALL_MS;
  const health = new StageHealth({ ping: () => relay.ping(), subscription, listens, stallMs });
  return { strategy, health, metrics, relay, units, deadLetters };
}

function buildRelay<E extends TypedEvent>(
  { name, commitsEarly }: { readonly name: string; readonly commitsEarly: boolean },
  { bus, databaseUrl, failpoints = NO_FAILPOINTS, publishes = true }: Runtime<E>,
  metrics: StageMetrics,
  logger: Logger,
): OutboxRelay {
  const schema = schemaName(name);
  return new OutboxRelay({
    client: clientOptions(databaseUrl, `relay:${name}`, schema),
    schema,
    bus,
    failpoints,
    leads: publishes,
    waitsForDisk: commitsEarly,
    onPublished: (messages) => metrics.moved(messages),
    onError: (error) => {
      // A broken connection heals; anything else (a topic that nobody made) waits for a person.
      const level = isInfrastructureError(error) ? 'warn' : 'error';
      logger[level]({ error }, 'the outbox could not be published; it is tried again');
    },
  });
}
