import type { OutboxLimits } from '../outbox/outbox-message';
import type { OutgoingMessage, ReceivedMessage } from './message';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** How long messages are kept; without it, for ever. */
  readonly retentionMs?: number;
  /** Keeps at least the last message of every key for ever, whatever the retention. */
  readonly compacted?: boolean;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Messages of one partition, in order. When the handler's promise resolves, all of them count as done. */
export interface MessageBatch extends TopicPartition {
  readonly messages: readonly ReceivedMessage[];
  /** Keeps the session alive; the transport also does it by itself while the handler runs. */
  heartbeat(): Promise<void>;
  /** False once the partition is no longer ours or the subscription closes: stop and reject as soon as possible. */
  isRunning(): boolean;
}

/** Where a live consumer stands in one partition. */
export interface PartitionProgress extends TopicPartition {
  /** Offset of the next message to handle. */
  readonly position: bigint;
  /** Offset that the next appended message will get, as last heard. */
  readonly end: bigint;
  /** Milliseconds since the epoch of the last time it moved or had nothing to do. */
  readonly lastProgressAt: number;
}

export interface Subscription {
  assigned(): TopicPartition[];
  progress(): PartitionProgress[];
  /** False when the consumer has lost its session and has not got it back. */
  isConnected(): boolean;
  /** Stops fetching, waits for the batches in work, commits their offsets and leaves the group. */
  close(): Promise<void>;
}

export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** A rejection leaves the offset where it was; the same messages come again after a short wait. */
  readonly handler: (batch: MessageBatch) => Promise<void>;
  /** Where a group without an offset starts; true (default) is the oldest message. */
  readonly fromBeginning?: boolean;
  /** Most messages a batch; default 100. */
  readonly maxBatch?: number;
}

/** Something that runs one statement inside a transaction that the caller holds. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** A connection on which a statement is planned once and run many times. */
export interface PreparedQueries {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<{ rows: Record<string, unknown>[] }>;
}

/** A message that has gone from an outbox to the log. */
export interface MovedMessage {
  readonly topic: string;
  readonly bytes: number;
}

/** Offered by a log that lives in a database: an outbox in the same one is moved there by one statement. */
export interface LogDatabase {
  /** Identifies the database that holds the log; two connections that read the same value are in the same one. */
  readonly databaseId: string;
  /** Moves the next rows of the outbox that `connection` sees: all of them or none. */
  moveOutbox(connection: PreparedQueries, limits: OutboxLimits): Promise<readonly MovedMessage[]>;
}

/** A partitioned, ordered, replayable log with consumer groups; delivery is at least once. */
export interface MessageBus {
  readonly kind: 'kafka' | 'postgres';
  readonly database?: LogDatabase;
  /** Resolves when every message is durable. Messages of one key keep their order. */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  /** Makes missing topics and adds missing partitions; never removes any. */
  ensureTopics(specs: readonly TopicSpec[]): Promise<void>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** How many messages of the topics a group has still to take; a group without an offset has all of them to take. */
  lag(group: string, topics: readonly string[]): Promise<number>;
  /** Rejects when the log cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
