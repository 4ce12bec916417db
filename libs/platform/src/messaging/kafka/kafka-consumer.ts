import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { sleep } from '../../process/sleep';
import type { ReceivedMessage } from '../message';
import type { PartitionProgress, SubscribeOptions, Subscription, TopicPartition } from '../message-bus';
import { Heartbeats } from './heartbeats';
import { PartitionPositions } from './partition-positions';
import { receivedMessage } from './received-message';

export interface KafkaConsumerOptions extends SubscribeOptions {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly concurrency: number;
  readonly onError: (error: Error) => void;
  readonly onClosed: () => void;
}

const DEFAULT_MAX_BATCH = 100;
const RETRY_MS = 200;
const RESTART_MS = 1000;
/** Longest wait of a fetch; closing waits for it. */
const MAX_WAIT_MS = 250;
const REBALANCE_TIMEOUT_MS = 60_000;

/**
 * One member of a Kafka consumer group. Offsets are committed after the handler; nothing a handler throws reaches the
 * client, which would stop for good on some errors; heartbeats go on while a handler works.
 */
export class KafkaConsumer implements Subscription {
  private readonly positions = new PartitionPositions();
  private readonly closing = new AbortController();
  private consumer: Consumer | undefined;
  private aliveAt = 0;
  private joined: () => void = () => undefined;
  private restarting: Promise<void> = Promise.resolve();

  constructor(private readonly options: KafkaConsumerOptions) {}

  /** Resolves when the member has joined the group; rejects when it cannot. */
  async start(): Promise<void> {
    const hasJoined = new Promise<void>((resolve) => (this.joined = resolve));
    this.consumer = await this.open();
    await hasJoined;
  }

  assigned(): TopicPartition[] {
    return this.positions.assigned();
  }

  progress(): PartitionProgress[] {
    return this.positions.progress();
  }

  isConnected(): boolean {
    return Date.now() - this.aliveAt < 2 * this.options.sessionTimeoutMs;
  }

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await this.restarting;
    await this.consumer?.disconnect().catch(this.options.onError);
    this.positions.assign([]);
    this.options.onClosed();
  }

  private async open(): Promise<Consumer> {
    const { kafka, group, topics, fromBeginning = true, sessionTimeoutMs, heartbeatMs, concurrency } = this.options;
    const consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatMs,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      maxWaitTimeInMs: MAX_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 5000, retries: 8, restartOnFailure: () => Promise.resolve(true) },
    });
    const alive = () => (this.aliveAt = Date.now());
    consumer.on(consumer.events.HEARTBEAT, alive);
    consumer.on(consumer.events.FETCH, alive);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      alive();
      this.take(payload.memberAssignment);
      this.joined();
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.options.onError(payload.error);
      // The client restarts by itself after errors that it calls retriable, and never after the others.
      if (!payload.restart) this.restarting = this.restart();
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: concurrency,
        eachBatch: (payload) => this.onBatch(payload),
      });
      return consumer;
    } catch (error) {
      await consumer.disconnect().catch(this.options.onError);
      throw error;
    }
  }

  private async restart(): Promise<void> {
    await sleep(RESTART_MS, this.closing.signal);
    while (!this.closing.signal.aborted) {
      try {
        await this.consumer?.disconnect();
        this.consumer = await this.open();
        return;
      } catch (error) {
        this.options.onError(error as Error);
        await sleep(RESTART_MS, this.closing.signal);
      }
    }
  }

  private take(assignment: Readonly<Record<string, number[]>>): void {
    const places = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    this.positions.assign(places);
    this.lookUp(places).catch(this.options.onError);
  }

  /** Where idle partitions stand is only known by asking once. */
  private async lookUp(places: readonly TopicPartition[]): Promise<void> {
    const { admin, group } = this.options;
    const topics = [...new Set(places.map(({ topic }) => topic))];
    if (topics.length === 0) return;
    const committed = await admin.fetchOffsets({ groupId: group, topics });
    for (const { topic, partitions } of committed) {
      const ends = new Map((await admin.fetchTopicOffsets(topic)).map((each) => [each.partition, each]));
      for (const { partition, offset } of partitions) {
        const known = ends.get(partition);
        if (known === undefined) continue;
        const start = this.options.fromBeginning === false ? known.high : known.low;
        this.positions.start({ topic, partition }, BigInt(offset === '-1' ? start : offset), BigInt(known.high));
      }
    }
  }

  private async onBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const place = { topic: batch.topic, partition: batch.partition };
    const { maxBatch = DEFAULT_MAX_BATCH } = this.options;
    this.positions.fetched(place, BigInt(batch.firstOffset() ?? '0'), BigInt(batch.highWatermark));
    for (let start = 0; start < batch.messages.length; start += maxBatch) {
      const messages = batch.messages.slice(start, start + maxBatch).map((message) => receivedMessage(place, message));
      if (!(await this.untilHandled(payload, place, messages))) return;
    }
  }

  /** Hands messages over until the handler takes them, then commits. False when the partition must be left. */
  private async untilHandled(
    payload: EachBatchPayload,
    place: TopicPartition,
    messages: readonly ReceivedMessage[],
  ): Promise<boolean> {
    const beat = new Heartbeats(payload, this.options.heartbeatMs);
    const isRunning = () => payload.isRunning() && !payload.isStale() && !this.closing.signal.aborted && beat.alive;
    let handled = false;
    try {
      while (!handled && isRunning()) {
        try {
          await this.options.handler({ ...place, messages, isRunning, heartbeat: () => beat.send() });
          handled = true;
        } catch (error) {
          if (isRunning()) this.options.onError(error as Error);
          await sleep(RETRY_MS, this.closing.signal);
        }
      }
      // What the commit throws is for the client, which joins again; what the handler threw never is.
      if (handled) await this.commit(payload, place, messages[messages.length - 1].offset);
    } finally {
      beat.stop();
    }
    // The client must hear of a rebalance, or it would not join again.
    if (beat.failure !== undefined) throw beat.failure;
    return isRunning();
  }

  private async commit(payload: EachBatchPayload, { topic, partition }: TopicPartition, last: string): Promise<void> {
    const next = BigInt(last) + 1n;
    payload.resolveOffset(last);
    this.positions.moved({ topic, partition }, next);
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(next) }] }] });
  }
}
