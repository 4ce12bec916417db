import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { eventually, startPostgres, type Infrastructure } from '@allostat/testkit';
import { NO_FAILPOINTS } from '../failpoint/failpoints';
import type { OutgoingMessage } from '../messaging/message';
import type { MessageBus } from '../messaging/message-bus';
import { clientOptions } from '../postgres/client-options';
import { startEmbeddedPostgres } from '../postgres/embedded-postgres';
import { migrate } from '../postgres/migrate';
import { roleUrl } from '../postgres/role';
import { freePort } from '../process/free-port';
import { sleep } from '../process/sleep';
import { insertOutbox, OUTBOX_SHARDS } from './outbox-message';
import { OutboxRelay } from './outbox-relay';

const message = (key: string, text: string): OutgoingMessage => ({
  topic: 't',
  key,
  value: Buffer.from(text),
  headers: {},
});

describe('OutboxRelay to a log elsewhere', () => {
  let postgres: Infrastructure;
  let url: string;
  let published: string[];
  let batches: number[];
  let failures = 0;
  const relays: OutboxRelay[] = [];
  const clients: Client[] = [];

  const bus = {
    kind: 'kafka',
    publish: (messages: readonly OutgoingMessage[]) => {
      if (failures-- > 0) return Promise.reject(Object.assign(new Error('no broker'), { code: 'ECONNREFUSED' }));
      batches.push(messages.length);
      published.push(...messages.map(({ value }) => value.toString()));
      return Promise.resolve();
    },
  } as unknown as MessageBus;
  const startRelay = async () => {
    const client = clientOptions(url, 'relay', 'writer');
    const options = { client, schema: 'writer', bus, failpoints: NO_FAILPOINTS, pollMs: 100, onError: () => undefined };
    const relay = new OutboxRelay(options);
    relays.push(relay);
    await relay.start();
    return relay;
  };
  const connect = async () => {
    const client = new Client(clientOptions(url, 'test', 'writer'));
    clients.push(client);
    await client.connect();
    return client;
  };

  beforeAll(async () => {
    postgres = await startPostgres();
    await migrate({ adminUrl: postgres.url, stages: [{ name: 'writer', migrations: [] }] });
    url = roleUrl(postgres.url, 'writer');
  }, 60_000);
  beforeEach(() => {
    published = [];
    batches = [];
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await Promise.all(clients.splice(0).map((client) => client.end()));
  });
  afterAll(() => postgres.stop(), 30_000);

  it('does not lose a row with a lower id that is committed after a higher one', async () => {
    const [slow, fast] = [await connect(), await connect()];
    await slow.query('begin');
    await insertOutbox(slow, [message('a', 'taken first')]);
    await insertOutbox(fast, [message('b', 'taken second')]);
    const relay = await startRelay();
    relay.wake();
    await eventually(() => expect(published).toEqual(['taken second']));
    await slow.query('commit');
    await eventually(() => expect(published).toEqual(['taken second', 'taken first']));
  }, 30_000);

  it('keeps the order of the rows, and publishes none twice, with two relays at work', async () => {
    const client = await connect();
    await Promise.all([startRelay(), startRelay()]);
    const texts = Array.from({ length: 1500 }, (_, i) => `${i % 5}:${i}`);
    await insertOutbox(
      client,
      texts.map((text) => message(`key-${text[0]}`, text)),
    );
    await eventually(() => expect(published.length).toBeGreaterThanOrEqual(1500));
    await sleep(200);
    expect(published).toHaveLength(1500);
    for (let key = 0; key < 5; key++) {
      const numbers = published.filter((text) => text.startsWith(`${key}:`)).map((text) => Number(text.slice(2)));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  }, 30_000);

  it('ends a batch at a size that a broker takes, and passes a larger row alone', async () => {
    const rows = [...Array.from({ length: 8 }, (_, i) => 'abcdefgh'[i].repeat(200_000)), 'X'.repeat(2_000_000), 'end'];
    const client = await connect();
    await insertOutbox(
      client,
      rows.map((text) => message('k', text)),
    );
    await startRelay();
    await eventually(() => expect(published.map((text) => text[0]).join('')).toBe('abcdefghXe'));
    expect(batches).toEqual([3, 3, 3, 1]);
  }, 30_000);

  it('has one leader a shard, and another takes over when it goes', async () => {
    const first = await startRelay();
    const shards = Array.from({ length: OUTBOX_SHARDS }, (_, shard) => shard);
    await eventually(() => expect(shards.every((shard) => first.owns(shard))).toBe(true));
    const second = await startRelay();
    await sleep(300);
    expect(shards.some((shard) => second.owns(shard))).toBe(false);
    await first.stop();
    await eventually(() => expect(shards.every((shard) => second.owns(shard))).toBe(true));
    await insertOutbox(await connect(), [message('k', 'after the change')]);
    await eventually(() => expect(published).toEqual(['after the change']));
  }, 30_000);

  it('keeps a row until the log has taken it', async () => {
    failures = 3;
    const client = await connect();
    const relay = await startRelay();
    await insertOutbox(client, [message('k', 'patient')]);
    relay.wake();
    await eventually(() => expect(published).toEqual(['patient']));
    await relay.flush(5000);
    expect((await client.query('select 1 from outbox')).rows).toEqual([]);
  }, 30_000);
});

async function walWriterOf(url: string): Promise<number> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  const text = `select pid from pg_stat_activity where backend_type = 'walwriter'`;
  const { rows } = await admin.query<{ pid: number }>(text);
  await admin.end();
  return rows[0].pid;
}

it('with waitsForDisk nothing leaves that a crash of the server would take back', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'allostat-relay-'));
  const options = { dataDir, port: await freePort() };
  let server = await startEmbeddedPostgres(options);
  await migrate({ adminUrl: server.url, stages: [{ name: 'writer', migrations: [] }] });
  const config = clientOptions(roleUrl(server.url, 'writer'), 'test', 'writer');
  const published: string[] = [];
  let walWriter = 0;
  const bus = {
    kind: 'kafka',
    publish: (messages: readonly OutgoingMessage[]) => {
      published.push(...messages.map(({ value }) => value.toString()));
      for (const pid of [server.pid, walWriter]) process.kill(pid, 'SIGKILL');
      // Not answered: the row would be deleted, and that commit would take all before it to disk.
      return Promise.reject(new Error('the broker took it and the answer was lost'));
    },
  } as unknown as MessageBus;
  const open = { client: config, schema: 'writer', bus, failpoints: NO_FAILPOINTS, onError: () => undefined };
  const relay = new OutboxRelay({ ...open, pollMs: 100, waitsForDisk: true });
  await relay.start();
  const writer = new Client(config);
  writer.on('error', () => undefined);
  await writer.connect();
  await writer.query('set synchronous_commit = off');
  // The server writes nothing to disk by itself for as long as the test lasts: only a commit that waits for it does.
  walWriter = await walWriterOf(server.url);
  process.kill(walWriter, 'SIGSTOP');
  await insertOutbox(writer, [message('a', 'committed early')]);
  await eventually(() => expect(published).toEqual(['committed early']));
  await relay.stop();
  await server.stop();
  server = await startEmbeddedPostgres(options);
  const reader = new Client(config);
  await reader.connect();
  const { rows } = await reader.query<{ value: Buffer }>('select value from outbox');
  expect(rows.map(({ value }) => value.toString())).toEqual(['committed early']);
  await reader.end();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);
