import { ConfigResourceTypes, ConfigSource, Kafka, Partitioners, type Admin, type Producer } from 'kafkajs';
import { AllostatError } from '@allostat/kernel';
import type { OutgoingMessage } from '../message';
import { MAX_MESSAGE_BYTES } from '../message-size';
import type { MessageBus, SubscribeOptions, Subscription, TopicSpec } from '../message-bus';
import { KafkaConsumer } from './kafka-consumer';
import { kafkaConfig, type KafkaBusOptions } from './kafka-options';

const ACKNOWLEDGED_BY_ALL = -1;

/** The message bus on Kafka. Topics are never made by accident; order per key holds as long as publishes are awaited. */
export class KafkaBus implements MessageBus {
  readonly kind = 'kafka';
  private readonly consumers = new Set<KafkaConsumer>();
  private readonly onError: (error: Error) => void;
  private topics = new Set<string>();

  private constructor(
    private readonly kafka: Kafka,
    private readonly producer: Producer,
    private readonly admin: Admin,
    private readonly options: KafkaBusOptions,
  ) {
    this.onError = options.onError ?? (() => undefined);
  }

  static async connect(options: KafkaBusOptions): Promise<KafkaBus> {
    const kafka = new Kafka(kafkaConfig(options));
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      maxInFlightRequests: 1,
    });
    const admin = kafka.admin();
    try {
      await Promise.all([producer.connect(), admin.connect()]);
    } catch (error) {
      await Promise.allSettled([producer.disconnect(), admin.disconnect()]);
      throw error;
    }
    return new KafkaBus(kafka, producer, admin, options);
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const byTopic = new Map<string, { key: string; value: Buffer; headers: Record<string, string> }[]>();
    for (const { topic, key, value, headers } of messages) {
      const list = byTopic.get(topic) ?? [];
      list.push({ key, value, headers: { ...headers } });
      byTopic.set(topic, list);
    }
    await this.requireTopics([...byTopic.keys()]);
    await this.producer.sendBatch({
      acks: ACKNOWLEDGED_BY_ALL,
      topicMessages: [...byTopic].map(([topic, list]) => ({ topic, messages: list })),
    });
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    await this.readTopics();
    const missing = specs.filter(({ name }) => !this.topics.has(name));
    if (missing.length > 0) await this.createTopics(missing);
    const present = specs.filter(({ name }) => this.topics.has(name));
    if (present.length > 0) await this.growTopics(present);
    if (present.length > 0) await this.configureTopics(present);
    await this.readTopics();
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    await this.requireTopics(options.topics);
    const consumer: KafkaConsumer = new KafkaConsumer({
      ...options,
      kafka: this.kafka,
      admin: this.admin,
      sessionTimeoutMs: this.options.sessionTimeoutMs ?? 10_000,
      heartbeatMs: this.options.heartbeatMs ?? 1000,
      concurrency: this.options.concurrency ?? 4,
      onError: this.onError,
      onClosed: () => this.consumers.delete(consumer),
    });
    this.consumers.add(consumer);
    await consumer.start();
    return consumer;
  }

  async lag(group: string, topics: readonly string[]): Promise<number> {
    const committed = await this.admin.fetchOffsets({ groupId: group, topics: [...topics] });
    let lag = 0n;
    for (const { topic, partitions } of committed) {
      const taken = new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
      for (const { partition, low, high } of await this.admin.fetchTopicOffsets(topic)) {
        const offset = taken.get(partition);
        // Kafka answers -1 for a group without an offset
        lag += BigInt(high) - (offset === undefined || offset < 0n ? BigInt(low) : offset);
      }
    }
    return Number(lag);
  }

  async ping(): Promise<void> {
    await this.admin.describeCluster();
  }

  async close(): Promise<void> {
    await Promise.all([...this.consumers].map((consumer) => consumer.close()));
    await Promise.allSettled([this.producer.disconnect(), this.admin.disconnect()]);
  }

  private async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    try {
      await this.admin.createTopics({
        waitForLeaders: true,
        topics: specs.map((spec) => ({
          topic: spec.name,
          numPartitions: spec.partitions,
          replicationFactor: this.options.replicationFactor ?? -1,
          configEntries: topicConfig(spec),
        })),
      });
    } catch (error) {
      // Another process may make the same topics now; what counts is that they are there.
      await this.readTopics();
      if (specs.some(({ name }) => !this.topics.has(name))) throw error;
    }
  }

  private async growTopics(specs: readonly TopicSpec[]): Promise<void> {
    const { topics } = await this.admin.fetchTopicMetadata({ topics: specs.map(({ name }) => name) });
    const counts = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
    const small = specs.filter(({ name, partitions }) => (counts.get(name) ?? partitions) < partitions);
    if (small.length === 0) return;
    await this.admin.createPartitions({
      topicPartitions: small.map(({ name, partitions }) => ({ topic: name, count: partitions })),
    });
  }

  /** Brings topics that exist to their specification; Kafka takes all settings of a topic at once, so ours join the rest. */
  private async configureTopics(specs: readonly TopicSpec[]): Promise<void> {
    const type = ConfigResourceTypes.TOPIC;
    const { resources } = await this.admin.describeConfigs({
      includeSynonyms: false,
      resources: specs.map(({ name }) => ({ type, name })),
    });
    const changes = specs.flatMap((spec) => {
      const entries = resources.find(({ resourceName }) => resourceName === spec.name)?.configEntries ?? [];
      const now = new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
      const wanted = topicConfig(spec);
      if (wanted.every(({ name, value }) => now.get(name) === value)) return [];
      const own = entries.filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG);
      const kept = own.map(({ configName, configValue }) => [configName, configValue] as const);
      const settings = new Map([...kept, ...wanted.map(({ name, value }) => [name, value] as const)]);
      const configEntries = [...settings].map(([name, value]) => ({ name, value }));
      return [{ type, name: spec.name, configEntries }];
    });
    if (changes.length > 0) await this.admin.alterConfigs({ validateOnly: false, resources: changes });
  }

  private async readTopics(): Promise<void> {
    this.topics = new Set(await this.admin.listTopics());
  }

  /** The client would retry for a long time on a topic that nobody made. */
  private async requireTopics(names: readonly string[]): Promise<void> {
    if (names.every((name) => this.topics.has(name))) return;
    await this.readTopics();
    const unknown = names.filter((name) => !this.topics.has(name));
    if (unknown.length === 0) return;
    throw new AllostatError(
      'LOG.UNKNOWN_TOPIC',
      `topic ${unknown.join(', ')} does not exist`,
      'make the topics first: ensureTopics with the topic registry, run by an administrator',
    );
  }
}

/** What the specification decides about a topic; everything else stays as the operators of the broker set it. */
function topicConfig({ retentionMs, compacted }: TopicSpec): { name: string; value: string }[] {
  return [
    { name: 'max.message.bytes', value: String(MAX_MESSAGE_BYTES) },
    compacted === true
      ? { name: 'cleanup.policy', value: 'compact' }
      : { name: 'retention.ms', value: String(retentionMs ?? -1) },
  ];
}
