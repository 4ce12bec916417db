import { describeWith, startKafka, type Infrastructure } from '@allostat/testkit';
import { jobsContract } from './jobs.contract';

describe('jobs over the Postgres log', () => {
  jobsContract((url) => Promise.resolve({ kind: 'postgres', url, clientId: 'jobs' }));
});

describeWith('kafka', 'jobs over Kafka', () => {
  let kafka: Infrastructure | undefined;
  jobsContract(async () => {
    kafka = await startKafka();
    return { kind: 'kafka', brokers: kafka.url.split(','), clientId: 'jobs' };
  });
  afterAll(() => kafka?.stop(), 30_000);
});
