import { Client } from 'pg';
import { eventually, startPostgres, type Infrastructure } from '@allostat/testkit';
import { migrate } from '../../postgres/migrate';
import { partitionFor } from '../partitioner';
import { PostgresLog } from './postgres-log';

const message = (topic: string, key: string, text: string) => ({ topic, key, value: Buffer.from(text), headers: {} });

describe('PostgresLog', () => {
  let postgres: Infrastructure;
  let log: PostgresLog;
  let admin: Client;
  beforeAll(async () => {
    postgres = await startPostgres();
    await expect(PostgresLog.connect({ url: postgres.url })).rejects.toMatchObject({ code: 'LOG.NOT_MIGRATED' });
    await migrate({ adminUrl: postgres.url, stages: [] });
    log = await PostgresLog.connect({ url: postgres.url, heartbeatMs: 100 });
    admin = new Client({ connectionString: postgres.url });
    await admin.connect();
  }, 60_000);
  afterAll(async () => {
    await log.close();
    await admin.end();
    await postgres.stop();
  }, 30_000);

  const read = async (topic: string, expected: number) => {
    const seen: string[] = [];
    const subscription = await log.subscribe({
      group: `reader of ${topic}`,
      topics: [topic],
      handler: ({ messages }) => Promise.resolve(void seen.push(...messages.map(({ value }) => value.toString()))),
    });
    await eventually(() => expect(seen).toHaveLength(expected));
    await eventually(() => expect(subscription.progress().every(({ position, end }) => position === end)).toBe(true));
    await subscription.close();
    return seen;
  };
  const grow = (topic: string, minutes: number) =>
    admin.query(`update log.record set at = at - make_interval(mins => $2) where topic = $1`, [topic, minutes]);

  it('drops what is older than the retention, and a reader goes on behind it', async () => {
    await log.ensureTopics([{ name: 'short', partitions: 1, retentionMs: 60_000 }]);
    await log.publish(['1', '2', '3'].map((text) => message('short', 'k', text)));
    await grow('short', 5);
    await log.publish([message('short', 'k', '4')]);
    expect(await log.trim()).toBe(3);
    expect(await read('short', 1)).toEqual(['4']);
  }, 30_000);

  it('keeps the last value of every key of a compacted topic, however old', async () => {
    await log.ensureTopics([{ name: 'current', partitions: 2, retentionMs: 60_000, compacted: true }]);
    await log.publish([
      message('current', 'a', 'a1'),
      message('current', 'b', 'b1'),
      message('current', 'a', 'a2'),
      message('current', 'a', 'a3'),
    ]);
    await grow('current', 60 * 24 * 365);
    expect(await log.trim()).toBe(2);
    expect((await read('current', 2)).sort()).toEqual(['a3', 'b1']);
  }, 30_000);

  it('puts a key where every Kafka client would', async () => {
    const keys = [
      '',
      'a',
      'ab',
      'abc',
      'abcd',
      'mandate-ü',
      '日本',
      '🚀',
      ...Array.from({ length: 500 }, (_, i) => `k${i * i}`),
    ];
    const { rows } = await admin.query<{ place: number }>(
      'select log.partition_for(k, 12) as place from unnest($1::text[]) with ordinality u(k, i) order by i',
      [keys],
    );
    expect(rows.map(({ place }) => place)).toEqual(keys.map((key) => partitionFor(key, 12)));
  }, 30_000);

  it('keeps everything of a topic without retention', async () => {
    await log.ensureTopics([{ name: 'for ever', partitions: 1 }]);
    await log.publish([message('for ever', 'k', 'old')]);
    await grow('for ever', 60 * 24 * 3650);
    expect(await log.trim()).toBe(0);
    expect(await read('for ever', 1)).toEqual(['old']);
  }, 30_000);

  it('reads partitions that a topic got later', async () => {
    await log.ensureTopics([{ name: 'growing', partitions: 1 }]);
    const seen: string[] = [];
    const subscription = await log.subscribe({
      group: 'g',
      topics: ['growing'],
      handler: ({ messages }) => Promise.resolve(void seen.push(...messages.map(({ value }) => value.toString()))),
    });
    await log.ensureTopics([{ name: 'growing', partitions: 4 }]);
    await eventually(() => expect(subscription.assigned()).toHaveLength(4));
    await log.publish(Array.from({ length: 20 }, (_, i) => message('growing', `k${i}`, String(i))));
    await eventually(() => expect(seen).toHaveLength(20));
    await subscription.close();
  }, 30_000);

  it('joins again after its session was cut off', async () => {
    await log.ensureTopics([{ name: 'cut', partitions: 2 }]);
    const seen: string[] = [];
    const subscription = await log.subscribe({
      group: 'cut group',
      topics: ['cut'],
      handler: ({ messages }) => Promise.resolve(void seen.push(...messages.map(({ value }) => value.toString()))),
    });
    await eventually(() => expect(subscription.assigned()).toHaveLength(2));
    await admin.query(`select pg_terminate_backend(backend_pid) from log.member where group_id = 'cut group'`);
    await eventually(() => expect(subscription.isConnected()).toBe(false));
    await log.publish([message('cut', 'k', 'after')]);
    await eventually(() => expect(seen).toEqual(['after']));
    expect(subscription.isConnected()).toBe(true);
    await subscription.close();
  }, 30_000);
});
