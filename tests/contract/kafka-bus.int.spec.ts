import { createMessageBus } from '@allostat/platform';
import { describeWith, startKafka, type Infrastructure } from '@allostat/testkit';
import { messageBusContract } from './message-bus.contract';

describeWith('kafka', 'Kafka keeps the contract of the message bus', () => {
  let kafka: Infrastructure;

  messageBusContract(async () => {
    kafka = await startKafka();
    const brokers = kafka.url.split(',');
    return { connect: () => createMessageBus({ kind: 'kafka', brokers, clientId: 'contract', heartbeatMs: 300 }) };
  });

  afterAll(() => kafka.stop(), 30_000);
});
