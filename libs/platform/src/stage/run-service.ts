import { toInstant, type Clock } from '@allostat/kernel';
import type { z } from 'zod';
import { readConfig } from '../config/read-config';
import { failpointsFromEnv } from '../failpoint/failpoints';
import { createLogger } from '../logs/logger';
import { createMessageBus } from '../messaging/create-message-bus';
import type { EventCodec, TypedEvent } from '../messaging/event-codec';
import { Telemetry } from '../telemetry/telemetry';
import { busOptions, type ServiceConfig } from './service-config';
import type { StageDefinition } from './stage-definition';
import { startStage, type RunningStage } from './start-stage';
import { stopOnSignals } from './stop-on-signals';

export interface ServiceOptions<E extends TypedEvent, Schema extends z.ZodObject> {
  readonly name: string;
  readonly config: Schema;
  readonly codec: EventCodec<E>;
  define(config: z.infer<Schema>, clock: Clock): StageDefinition;
  /** Work beside the messages; returns how to end it. */
  readonly onStarted?: (stage: RunningStage<E>, config: z.infer<Schema>, clock: Clock) => () => void | Promise<void>;
}

/** A service's whole life: configuration, log, bus, stage, and the orderly stop on a signal. */
export async function runService<E extends TypedEvent, Schema extends z.ZodObject>(
  options: ServiceOptions<E, Schema>,
): Promise<void> {
  const { name, codec } = options;
  const config = readOrExit(options);
  const common = config as unknown as ServiceConfig;
  const logger = createLogger({ service: name, level: common.LOG_LEVEL });
  const clock: Clock = { now: () => toInstant(Date.now()) };
  const telemetry = Telemetry.fromEnv(process.env);
  const bus = await createMessageBus(
    busOptions(common, name, {
      onError: (error) => logger.warn({ error }, 'the bus reports a fault; it is tried again'),
    }),
  );
  const stage = await startStage<E>(options.define(config, clock), {
    databaseUrl: common.DATABASE_URL,
    bus,
    codec,
    clock,
    logger,
    port: common.PORT,
    host: common.HOST,
    failpoints: failpointsFromEnv(name, process.env),
    ...(telemetry && { telemetry }),
  });
  const end = options.onStarted?.(stage, config, clock);
  stopOnSignals({
    logger,
    stop: async () => {
      await end?.();
      await stage.close();
      await bus.close();
      await telemetry?.close();
    },
  });
}

/** A wrong configuration stops the start and names every wrong variable. */
function readOrExit<E extends TypedEvent, Schema extends z.ZodObject>(
  options: ServiceOptions<E, Schema>,
): z.infer<Schema> {
  try {
    return readConfig(options.config, process.env);
  } catch (error) {
    process.stderr.write(`${options.name}: ${(error as Error).message}\n`);
    return process.exit(2);
  }
}
