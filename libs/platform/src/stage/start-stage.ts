import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { INestApplication, InjectionToken } from '@nestjs/common';
import type { NestMicroservice } from '@nestjs/microservices';
import { DeadLetters } from '../dead-letter/dead-letters';
import { NO_FAILPOINTS } from '../failpoint/failpoints';
import { addHealthRoutes } from '../health/health-routes';
import { StageHealth, type HealthReport } from '../health/stage-health';
import type { TypedEvent } from '../messaging/event-codec';
import { readBacklog } from '../metrics/read-backlog';
import { StageMetrics } from '../metrics/stage-metrics';
import { EventStrategy } from '../nest/event-strategy';
import { nestLogger } from '../nest/nest-logger';
import { RethrowFilter } from '../nest/rethrow.filter';
import { OutboxRelay } from '../outbox/outbox-relay';
import { clientOptions } from '../postgres/client-options';
import { queryableOf } from '../postgres/queryable';
import { schemaName } from '../postgres/role';
import { startPurging } from '../runner/purge-inbox';
import { BatchRunner } from '../runner/batch-runner';
import { isInfrastructureError } from '../runner/failure-kind';
import { DEFAULT_RETRY } from '../runner/retry-policy';
import { NO_TRACING } from '../telemetry/tracing';
import { UnitRunner } from '../unit-of-work/unit-runner';
import type { Runtime } from './runtime';
import { openStageDatabase } from './stage-database';
import type { StageDefinition } from './stage-definition';
import { stageModule } from './stage-module';
import { StageObserver } from './stage-observer';

/** A stage at work. */
export interface RunningStage<E extends TypedEvent = TypedEvent> {
  readonly name: string;
  /** Address of health checks, metrics and routes, when it has a port. */
  readonly url?: string;
  /** Runs work in a unit outside of a message. */
  readonly units: UnitRunner<E>;
  readonly deadLetters: DeadLetters;
  readonly metrics: StageMetrics;
  health(): Promise<HealthReport>;
  /** Something the stage's module provides. */
  get<T>(token: InjectionToken<T>): T;
  /** Not ready, stop fetching, finish, commit, publish what is pending, close; the bus stays open. */
  close(): Promise<void>;
}

const FLUSH_TIMEOUT_MS = 5000;

/** Starts a stage on a migrated database and returns when it takes messages. */
export async function startStage<E extends TypedEvent>(
  definition: StageDefinition,
  runtime: Runtime<E>,
): Promise<RunningStage<E>> {
  const { name } = definition;
  const { bus, codec, databaseUrl, failpoints = NO_FAILPOINTS, poolSize = 4 } = runtime;
  const logger = runtime.logger.child({ service: name });
  const schema = schemaName(name);
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const dataSource = await openStageDatabase(definition, { databaseUrl, poolSize, logger });
    undo.push(() => dataSource.destroy());
    const strategy: EventStrategy = new EventStrategy({ subscribe: (topics) => subscribe(topics) });
    const health = new StageHealth({
      dataSource,
      subscription: () => strategy.subscription,
      listens: () => strategy.topics().length > 0,
      stallMs: runtime.stallMs ?? 60_000,
    });
    const metrics = new StageMetrics({
      service: name,
      subscription: () => strategy.subscription,
      backlog: () => readBacklog(dataSource),
      process: runtime.port !== undefined,
    });
    const relay = new OutboxRelay({
      client: clientOptions(databaseUrl, `relay:${name}`, schema),
      schema,
      bus,
      failpoints,
      onError: (error) => {
        // A broken connection heals; anything else (a topic that nobody made) waits for a person.
        const level = isInfrastructureError(error) ? 'warn' : 'error';
        logger[level]({ error }, 'the outbox could not be published; it is tried again');
      },
      onPublished: (messages) => metrics.moved(messages),
    });
    await relay.start();
    undo.push(() => relay.stop());
    const tracing = runtime.telemetry?.forService(name) ?? NO_TRACING;
    const purge = startPurging(dataSource, runtime.inboxDays ?? 30, logger);
    undo.push(() => purge.stop());
    const units = new UnitRunner<E>({ service: name, schema, dataSource, codec, outbox: relay, failpoints, tracing });
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
    const subscribe = (topics: readonly string[]) =>
      bus.subscribe({
        group: name,
        topics,
        handler: (batch) => runner.handle(batch),
        ...(runtime.maxBatch === undefined ? {} : { maxBatch: runtime.maxBatch }),
      });
    const app = await NestFactory.create(stageModule(definition, { runtime, logger, dataSource, units, deadLetters }), {
      logger: nestLogger(logger),
      forceCloseConnections: true,
      abortOnError: false,
    });
    undo.push(() => app.close());
    addHealthRoutes(app.getHttpAdapter(), health, metrics, { others: definition.http === true });
    connect(app, strategy);
    const url = await listen(app, runtime);
    health.phase = 'running';
    logger.info({ topics: strategy.topics(), url }, 'the stage takes messages');
    let closing: Promise<void> | undefined;
    const close = async () => {
      health.phase = 'stopping';
      logger.info('the stage stops');
      await strategy.close();
      await app.close();
      await relay.flush(FLUSH_TIMEOUT_MS);
      await relay.stop();
      await purge.stop();
      await dataSource.destroy();
    };
    return {
      name,
      ...(url === undefined ? {} : { url }),
      units,
      deadLetters,
      metrics,
      health: () => health.report(),
      get: (token) => app.get(token, { strict: false }),
      close: () => (closing ??= close()),
    };
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw error;
  }
}

/** Filters are read when the listeners are registered, and by default that happens before one can be set. */
function connect(app: INestApplication, strategy: EventStrategy): void {
  const microservice = app.connectMicroservice({ strategy }, { deferInitialization: true }) as NestMicroservice;
  microservice.useGlobalFilters(new RethrowFilter());
  microservice.registerListeners();
  microservice.setIsInitialized(true);
  microservice.setIsInitHookCalled(true);
}

async function listen<E extends TypedEvent>(app: INestApplication, runtime: Runtime<E>): Promise<string | undefined> {
  const { port, host = '127.0.0.1' } = runtime;
  if (port === undefined) {
    await app.init();
    await app.startAllMicroservices();
    return undefined;
  }
  await app.listen(port, host);
  await app.startAllMicroservices();
  const address = (app.getHttpServer() as { address(): AddressInfo }).address();
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
