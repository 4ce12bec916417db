import { logLevel, type KafkaConfig, type SASLOptions } from 'kafkajs';

export interface KafkaBusOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** User and password by SCRAM; with `ssl` the password is not readable on the way. */
  readonly sasl?: {
    readonly mechanism: 'scram-sha-256' | 'scram-sha-512' | 'plain';
    username: string;
    password: string;
  };
  /** True, or the authority's certificate and our own, in PEM. */
  readonly ssl?: boolean | { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Copies of new topics; default: what the broker says. */
  readonly replicationFactor?: number;
  /** A member that is silent for so long loses its partitions; default 10 000. */
  readonly sessionTimeoutMs?: number;
  readonly heartbeatMs?: number;
  /** Partitions of one consumer handled at the same time; default 4. */
  readonly concurrency?: number;
  readonly onError?: (error: Error) => void;
  /** Lines of the client itself. */
  readonly onLog?: (level: 'error' | 'warn' | 'info', text: string) => void;
}

const LEVELS = { [logLevel.ERROR]: 'error', [logLevel.WARN]: 'warn', [logLevel.INFO]: 'info' } as const;

/** The client's own configuration. */
export function kafkaConfig(options: KafkaBusOptions): KafkaConfig {
  return {
    brokers: [...options.brokers],
    clientId: options.clientId,
    logLevel: options.onLog === undefined ? logLevel.NOTHING : logLevel.WARN,
    logCreator:
      () =>
      ({ level, log }) => {
        const label = LEVELS[level as keyof typeof LEVELS] as 'error' | 'warn' | 'info' | undefined;
        if (label !== undefined) options.onLog?.(label, log.message);
      },
    retry: { initialRetryTime: 100, maxRetryTime: 5000, retries: 8 },
    ...(options.sasl === undefined ? {} : { sasl: options.sasl as SASLOptions }),
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
  };
}
