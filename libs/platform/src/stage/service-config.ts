import { z } from 'zod';
import type { MessageBusOptions } from '../messaging/create-message-bus';
import type { KafkaBusOptions } from '../messaging/kafka/kafka-options';

/** What every service reads from its environment; a service adds its own variables to it. */
export const SERVICE_CONFIG = z.object({
  /** Login of the service's own role. */
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres://'),
  /** Comma-separated host:port; without it the log in the database is the bus. */
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^,\s]+:\d+(,[^,\s]+:\d+)*$/, 'must be host:port, several separated by commas')
    .optional(),
  KAFKA_SASL_MECHANISM: z.enum(['scram-sha-256', 'scram-sha-512', 'plain']).optional(),
  KAFKA_USERNAME: z.string().optional(),
  KAFKA_PASSWORD: z.string().optional(),
  KAFKA_SSL: z.enum(['true', 'false']).default('false'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().default('0.0.0.0'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

export type ServiceConfig = z.infer<typeof SERVICE_CONFIG>;

/** The bus that a configuration names. */
export function busOptions(
  config: ServiceConfig,
  clientId: string,
  handlers: Pick<KafkaBusOptions, 'onError' | 'onLog'> = {},
): MessageBusOptions {
  const { KAFKA_BROKERS, KAFKA_SASL_MECHANISM, KAFKA_USERNAME, KAFKA_PASSWORD } = config;
  if (KAFKA_BROKERS === undefined) {
    return {
      kind: 'postgres',
      url: config.DATABASE_URL,
      clientId,
      ...(handlers.onError && { onError: handlers.onError }),
    };
  }
  return {
    kind: 'kafka',
    brokers: KAFKA_BROKERS.split(','),
    clientId,
    ssl: config.KAFKA_SSL === 'true',
    ...(KAFKA_SASL_MECHANISM !== undefined &&
      KAFKA_USERNAME !== undefined &&
      KAFKA_PASSWORD !== undefined && {
        sasl: { mechanism: KAFKA_SASL_MECHANISM, username: KAFKA_USERNAME, password: KAFKA_PASSWORD },
      }),
    ...handlers,
  };
}
