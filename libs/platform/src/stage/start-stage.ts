import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { INestApplication, InjectionToken } from '@nestjs/common';
import type { NestMicroservice } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DeadLetters } from '../dead-letter/dead-letters';
import { addHealthRoutes } from '../health/health-routes';
import type { HealthReport } from '../health/stage-health';
import type { TypedEvent } from '../messaging/event-codec';
import type { StageMetrics } from '../metrics/stage-metrics';
import type { EventStrategy } from '../nest/event-strategy';
import { nestLogger } from '../nest/nest-logger';
import { RethrowFilter } from '../nest/rethrow.filter';
import { startPurging } from '../runner/purge-inbox';
import type { UnitRunner } from '../unit-of-work/unit-runner';
import type { Runtime } from './runtime';
import { buildStageCore, poolSizeOf } from './stage-core';
import { openStageDatabase } from './stage-database';
import type { StageDefinition } from './stage-definition';
import { stageModule } from './stage-module';

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
const DEFAULT_INBOX_DAYS = 30;

/** Starts a stage on a migrated database and returns when it takes messages. */
export async function startStage<E extends TypedEvent>(
  definition: StageDefinition,
  runtime: Runtime<E>,
): Promise<RunningStage<E>> {
  const { name } = definition;
  const { databaseUrl, inboxDays = DEFAULT_INBOX_DAYS } = runtime;
  const logger = runtime.logger.child({ stage: name });
  // Closed from the last to the first, at the end as after a failed start.
  const open: (() => Promise<unknown>)[] = [];
  try {
    // More than units can take: dead letters and metrics do not wait for long decisions, nor does what waits for the disk.
    const poolSize = poolSizeOf(definition, runtime) + (definition.commitsEarly ? 2 : 1);
    const dataSource = await openStageDatabase(definition, { databaseUrl, poolSize, logger });
    open.push(() => dataSource.destroy());
    const core = buildStageCore(definition, runtime, dataSource, logger);
    const { strategy, health, metrics, relay, units, deadLetters } = core;
    const purge = startPurging(dataSource, inboxDays, logger);
    open.push(() => purge.stop());
    await relay.start();
    open.push(() => relay.stop());
    open.push(() => relay.flush(FLUSH_TIMEOUT_MS));
    const app = await NestFactory.create<NestExpressApplication>(
      stageModule(definition, { runtime, logger, dataSource, units, deadLetters }),
      {
        logger: nestLogger(logger),
        forceCloseConnections: true,
        abortOnError: false,
      },
    );
    open.push(() => app.close());
    if (definition.bodyLimit !== undefined) app.useBodyParser('json', { limit: definition.bodyLimit });
    open.push(() => strategy.close());
    addHealthRoutes(app.getHttpAdapter(), health, metrics, { others: definition.http === true });
    connect(app, strategy);
    const url = await listen(app, runtime);
    health.phase = 'running';
    logger.info({ topics: strategy.topics(), url }, 'the stage takes messages');
    const close = async () => {
      health.phase = 'stopping';
      logger.info('the stage stops');
      for (const step of open.reverse()) await step();
    };
    let closing: Promise<void> | undefined;
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
    for (const step of open.reverse()) await step().catch(() => undefined);
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
