import { Client } from 'pg';
import { deterministicId, ManualClock } from '@allostat/kernel';
import { createLogger, createMessageBus, migrate, roleUrl, sleep, startStage } from '@allostat/platform';
import {
  checkHistory,
  describeWith,
  eventually,
  FAULTLESS,
  LocalBroker,
  sampleCodec,
  startPostgres,
  type HistoryEntry,
  type Infrastructure,
  type SampleEvent,
} from '@allostat/testkit';
import { COUNTER, LEDGER, SAMPLE_TOPICS } from './sample/sample-stages';

describeWith('local-broker', 'a Kafka broker that dies under load', () => {
  let postgres: Infrastructure;
  let broker: LocalBroker;
  beforeAll(async () => {
    postgres = await startPostgres();
    broker = await LocalBroker.start();
  }, 90_000);
  afterAll(async () => {
    await broker.stop();
    await postgres.stop();
  }, 30_000);

  it('lets the outbox grow, drains it when the broker is back, and nothing is lost, doubled or given up', async () => {
    await migrate({ adminUrl: postgres.url, stages: [COUNTER, LEDGER] });
    const options = { kind: 'kafka', brokers: [broker.url], clientId: 'test', sessionTimeoutMs: 3000 } as const;
    const bus = await createMessageBus({ ...options, heartbeatMs: 300 });
    await bus.ensureTopics(SAMPLE_TOPICS);
    const [counter, ledger] = await Promise.all(
      [COUNTER, LEDGER].map((definition) =>
        startStage<SampleEvent>(definition, {
          databaseUrl: roleUrl(postgres.url, definition.name),
          bus,
          codec: sampleCodec,
          clock: new ManualClock('2024-01-01T00:00:00.000Z'),
          logger: createLogger({ service: 'test', level: 'fatal' }),
          retry: { baseMs: 20, maxMs: 200 },
        }),
      ),
    );
    const sent: HistoryEntry[] = [];
    const send = async (place: number) => {
      const key = `key-${place % 4}`;
      const cause = {
        id: `order-${place}`,
        type: 'Order',
        source: 'test',
        time: '2024-01-01T00:00:00Z',
        correlationId: 'c',
      };
      await counter.units.run((unit) => {
        unit.publish([{ type: 'Number', topic: 'numbers', key, value: place }], cause);
        return Promise.resolve();
      });
      sent.push({ id: deterministicId('counter', cause.id, '0', 'Number'), key, place });
    };
    for (let place = 1; place <= 300; place++) {
      if (place === 100) await broker.kill();
      // While there is no broker, commits go on.
      await send(place);
      if (place === 200) await broker.run();
      await sleep(5);
    }
    const admin = new Client({ connectionString: postgres.url });
    await admin.connect();
    const applied = async (stage: string) =>
      (await admin.query<HistoryEntry>(`select id, key, place from ${stage}.applied order by n`)).rows;
    await eventually(async () => expect(await applied('ledger')).toHaveLength(300), 60_000);
    for (const stage of ['counter', 'ledger']) {
      expect(checkHistory({ sent, applied: await applied(stage) })).toEqual(FAULTLESS);
    }
    for (const stage of [counter, ledger]) {
      expect(await stage.deadLetters.count()).toBe(0);
      await eventually(async () => expect(await stage.health()).toMatchObject({ status: 'ready' }), 20_000);
      await stage.close();
    }
    await bus.close();
    await admin.end();
  }, 150_000);
});
