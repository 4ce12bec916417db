export type { OutgoingMessage, ReceivedMessage } from './messaging/message';
export type {
  MessageBatch,
  MessageBus,
  PartitionProgress,
  Queryable,
  SubscribeOptions,
  Subscription,
  TopicPartition,
  TopicSpec,
  TransactionalAppend,
} from './messaging/message-bus';
export { createMessageBus, type MessageBusOptions } from './messaging/create-message-bus';
export { murmur2, partitionFor } from './messaging/partitioner';
export type { PostgresLogOptions } from './messaging/postgres/postgres-log';
export { migrate, type MigrateOptions, type MigrationClass } from './postgres/migrate';
export { roleName, roleUrl, schemaName } from './postgres/role';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './postgres/embedded-postgres';
export { boundCommand } from './process/bound-command';
export { freePort } from './process/free-port';
export { sleep } from './process/sleep';
