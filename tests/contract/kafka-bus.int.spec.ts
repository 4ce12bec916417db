import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { createMessageBus, MAX_MESSAGE_BYTES } from '@allostat/platform';
import { describeWith, startKafka, type Infrastructure } from '@allostat/testkit';
import { messageBusContract } from './message-bus.contract';

describeWith('kafka', 'Kafka keeps the contract of the message bus', () => {
  let kafka: Infrastructure;

  messageBusContract(async () => {
    kafka = await startKafka();
    const brokers = kafka.url.split(',');
    return { connect: () => createMessageBus({ kind: 'kafka', brokers, clientId: 'contract', heartbeatMs: 300 }) };
  });

  it('brings a topic that exists to its specification and keeps what operators set', async () => {
    const admin = new Kafka({ brokers: kafka.url.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const topic = `settings.${process.pid}`;
    const configEntries = [
      { name: 'retention.ms', value: '1000' },
      { name: 'segment.bytes', value: '1048576' },
    ];
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] });
    const bus = await createMessageBus({ kind: 'kafka', brokers: kafka.url.split(','), clientId: 'settings' });
    await bus.ensureTopics([{ name: topic, partitions: 1, retentionMs: 7_200_000 }]);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
    });
    const now = new Map(resources[0].configEntries.map(({ configName, configValue }) => [configName, configValue]));
    expect(['retention.ms', 'segment.bytes', 'max.message.bytes'].map((name) => now.get(name))).toEqual([
      '7200000',
      '1048576',
      String(MAX_MESSAGE_BYTES),
    ]);
    await bus.close();
    await admin.disconnect();
  }, 60_000);

  afterAll(() => kafka.stop(), 30_000);
});
