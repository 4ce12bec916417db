import { createMessageBus, type MessageBus } from '@allostat/platform';
import { describeWith, startKafka, startPostgres, type Infrastructure } from '@allostat/testkit';
import { BusChannel, runConformance, startSimulator } from '@allostat/allostat';

function passesEveryCase(connect: (postgres: Infrastructure) => Promise<MessageBus>): void {
  let postgres: Infrastructure;
  let bus: MessageBus;

  beforeAll(async () => {
    postgres = await startPostgres();
    bus = await connect(postgres);
  }, 120_000);
  afterAll(async () => {
    await bus.close();
    await postgres.stop();
  }, 60_000);

  it('passes the thirteen cases, a restart in the middle among them', async () => {
    const simulator = await startSimulator(postgres.url, bus);
    const channel = await BusChannel.open(bus, () => simulator.restart());
    const now = (): string => new Date().toISOString();
    const results = await runConformance({ channel, runId: 'test', now, timeoutMs: 20_000 });
    await channel.end();
    await simulator.stop();
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  }, 180_000);
}

describe('the simulated order system over the log in Postgres', () => {
  passesEveryCase(async ({ url }) => {
    const { migrate } = await import('@allostat/platform');
    await migrate({ adminUrl: url, stages: [] });
    return createMessageBus({ kind: 'postgres', url, clientId: 'conformance' });
  });
});

describeWith('kafka', 'the simulated order system over Kafka', () => {
  let kafka: Infrastructure;
  passesEveryCase(async () => {
    kafka = await startKafka();
    return createMessageBus({ kind: 'kafka', brokers: kafka.url.split(','), clientId: 'conformance' });
  });
  afterAll(() => kafka.stop(), 30_000);
});
