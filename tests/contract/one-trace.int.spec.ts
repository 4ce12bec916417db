import { describeWith, startKafka, type Infrastructure } from '@allostat/testkit';
import { oneTraceContract } from './one-trace.contract';

describe('one trace over the Postgres log', () => {
  oneTraceContract((url) => Promise.resolve({ kind: 'postgres', url }));
});

describeWith('kafka', 'one trace over Kafka', () => {
  let kafka: Infrastructure | undefined;
  oneTraceContract(async () => {
    kafka = await startKafka();
    return { kind: 'kafka', brokers: kafka.url.split(','), clientId: 'trace' };
  });
  afterAll(() => kafka?.stop(), 30_000);
});
