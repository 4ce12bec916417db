export { appendAudit, auditColumns, auditReference, type LogRecord } from './audit-log/append-audit';
export { createAuditAppending, createAuditTables } from './audit-log/audit-tables';
export { appendAuditNow, auditHead, type AuditHead } from './audit-log/audit-head';
export { AuditNotFoundError } from './audit-log/audit-log.controller';
export { AuditRecordEntity } from './audit-log/audit-record.entity';
export { AuditSettings, readVerifierKeys } from './audit-log/audit-settings';
export {
  strayAmong,
  type AuditedBook,
  type AuditedTable,
  type LogEntry,
  type StrayRow,
  type ToldRow,
} from './audit-log/audited-book';
export { consistencyProof, findCheckpoint, logVerifierKey, type AuditLogIdentity } from './audit-log/checkpoint.store';
export {
  keepCheckpoints,
  keepHeartbeats,
  publishCheckpoint,
  recordHeartbeat,
  type KeptLog,
} from './audit-log/keep-checkpoints';
export { readRotations, rotateKey } from './audit-log/key-rotation';
export { proveRecords } from './audit-log/prove-records';
export { serveAuditLog } from './audit-log/serve-audit-log';
export { verifyAudit, type AuditVerification } from './audit-log/verify-audit';
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
} from './messaging/message-bus';
export { createMessageBus, type MessageBusOptions } from './messaging/create-message-bus';
export { murmur2, partitionFor } from './messaging/partitioner';
export { assertCarriable, MAX_MESSAGE_BYTES } from './messaging/message-size';
export type { PostgresLogOptions } from './messaging/postgres/postgres-log';
export type { KafkaBusOptions } from './messaging/kafka/kafka-options';
export { migrate, type MigrateOptions, type MigrationClass } from './postgres/migrate';
export { roleName, roleUrl, schemaName } from './postgres/role';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './postgres/embedded-postgres';
export { boundCommand } from './process/bound-command';
export { freePort } from './process/free-port';
export { codeVersion } from './process/code-version';
export { sleep } from './process/sleep';
export { envelopeHeaders, readEnvelope, type Envelope } from './messaging/envelope';
export { UndecodableMessageError, type EventCodec, type TypedEvent } from './messaging/event-codec';
export { UnitOfWork } from './unit-of-work/unit-of-work';
export { UnitRunner } from './unit-of-work/unit-runner';
export { AggregateStore, type AggregateStoreOptions } from './aggregate/aggregate-store';
export { decodeState, encodeState } from './aggregate/state-codec';
export { ArtefactStore } from './artefact/artefact-store';
export { DeadLetters, type DeadLetter, type DeadLetterFilter } from './dead-letter/dead-letters';
export { openDeadLetters } from './dead-letter/open-dead-letters';
export type { MessageContext } from './runner/message-context';
export { NotReadyError, failureKind, isConflict, isInfrastructureError, type FailureKind } from './runner/failure-kind';
export { DEFAULT_RETRY, type RetryPolicy } from './runner/retry-policy';
export { failpointsFromEnv, NO_FAILPOINTS, type Failpoints } from './failpoint/failpoints';
export type { StageDefinition } from './stage/stage-definition';
export { CLOCK, LOGGER, type Runtime } from './stage/runtime';
export { startStage, type RunningStage } from './stage/start-stage';
export type { HealthReport, PartitionHealth, StagePhase } from './health/stage-health';
export { StageMetrics, type StageBacklog } from './metrics/stage-metrics';
export { createLogger, type Logger, type LoggerOptions } from './logs/logger';
export { readConfig, type Environment } from './config/read-config';
export { Telemetry, type TelemetryOptions } from './telemetry/telemetry';
export { NO_TRACING, type Tracing } from './telemetry/tracing';
export type { Cache, FanOut } from './cache/cache';
export { createCache, createFanOut, type CacheOptions } from './cache/create-cache';
export { stopOnSignals, type StopOptions } from './stage/stop-on-signals';
export { SigningKey, verifyEd25519 } from './signing/signing-key';
export {
  DecisionThreads,
  type Decision,
  type DecisionTask,
  type DecisionThreadsOptions,
} from './threads/decision-threads';
export { decideInUnit, type UnitStage } from './unit-of-work/decide-in-unit';
export { runService, type ServiceOptions } from './stage/run-service';
export { busOptions, SERVICE_CONFIG, type ServiceConfig } from './stage/service-config';
export type { Principal } from './identity/authenticator';
export { Caller } from './identity/caller.decorator';
export { maySeeUniverse, requireUniverse } from './identity/may-see-universe';
export { NotAllowedError } from './identity/not-allowed-error';
export { People, type PeopleLedger } from './identity/people';
export { factsOf, peopleChange, type PersonFacts } from './identity/people-change';
export { isErased, pseudonymous, readPeopleFile, type PeopleEntry, type Person } from './identity/people-file';
export { PeopleDirectory } from './identity/people-directory';
export { signIn, type SignInOptions } from './identity/sign-in';
export { SIGN_IN_CONFIG, signInFrom } from './identity/sign-in-config';
export { SchemaPipe } from './nest/schema-pipe';
export { HttpErrorFilter } from './nest/http-error.filter';
export { startWebhooks } from './webhooks/start-webhooks';
export { WebhookDeliverer, type AlertSource, type WebhookDelivererOptions } from './webhooks/webhook-deliverer';
export { NO_END, type WebhookAlert } from './webhooks/webhook-message';
export {
  columnLineageFacet,
  outputFacet,
  qualityFacet,
  schemaFacet,
  versionFacet,
  type LineageDataset,
  type LineageEvent,
  type LineageWork,
  type SourceColumn,
} from './lineage/lineage-event';
export { LineageRun, type LineageRunOptions } from './lineage/lineage-run';
export { lineageSinks } from './lineage/lineage-sink';
