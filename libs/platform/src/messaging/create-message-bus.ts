import { assertNever } from '@allostat/kernel';
import { KafkaBus } from './kafka/kafka-bus';
import type { KafkaBusOptions } from './kafka/kafka-options';
import type { MessageBus } from './message-bus';
import { PostgresLog, type PostgresLogOptions } from './postgres/postgres-log';

export type MessageBusOptions =
  ({ readonly kind: 'kafka' } & KafkaBusOptions) | ({ readonly kind: 'postgres' } & PostgresLogOptions);

/** Connects to the log that the configuration names. */
export function createMessageBus(options: MessageBusOptions): Promise<MessageBus> {
  switch (options.kind) {
    case 'kafka':
      return KafkaBus.connect(options);
    case 'postgres':
      return PostgresLog.connect(options);
    default:
      return assertNever(options);
  }
}
