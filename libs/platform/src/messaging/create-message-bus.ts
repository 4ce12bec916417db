import type { MessageBus } from './message-bus';
import { PostgresLog, type PostgresLogOptions } from './postgres/postgres-log';

export type MessageBusOptions = { readonly kind: 'postgres' } & PostgresLogOptions;

/** Connects to the log that the configuration names. */
export function createMessageBus(options: MessageBusOptions): Promise<MessageBus> {
  return PostgresLog.connect(options);
}
