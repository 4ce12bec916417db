import { createHash } from 'node:crypto';
import { TOPICS } from '@allostat/contracts';
import { toInstant } from '@allostat/kernel';
import type { DomainEvent } from '@allostat/pipeline';
import { People, createLogger, createMessageBus, migrate, roleUrl, startStage } from '@allostat/platform';
import type { MessageBus, RunningStage } from '@allostat/platform';
import { eventually, startPostgres, type Infrastructure } from '@allostat/testkit';
import { encodeEvent, WIRE_CODEC } from '@allostat/wire';
import { envelopeHeaders } from '@allostat/platform';
import { DataSource } from 'typeorm';
import { signalIngestion } from './index';

const hash = (token: string) => createHash('sha256').update(token).digest('hex');
const people = new People([
  { id: 'feed-desk', name: 'feed-desk', roles: ['data'], tokenSha256: hash('data-token') },
  { id: 'pat', name: 'pat', roles: ['portfolio-manager'], tokenSha256: hash('pat-token') },
]);
let postgres: Infrastructure;
let bus: MessageBus;
let stage: RunningStage<DomainEvent>;

beforeAll(async () => {
  postgres = await startPostgres();
  const definition = signalIngestion({ people });
  await migrate({ adminUrl: postgres.url, stages: [definition] });
  bus = await createMessageBus({ kind: 'postgres', url: postgres.url, clientId: 'test' });
  await bus.ensureTopics(TOPICS.map(({ name }) => ({ name, partitions: 1 })));
  stage = await startStage<DomainEvent>(definition, {
    databaseUrl: roleUrl(postgres.url, 'signal-ingestion'),
    bus,
    codec: WIRE_CODEC,
    clock: { now: () => toInstant(Date.now()) },
    logger: createLogger({ service: 'test', level: 'silent' }),
    port: 0,
  });
  const universe = { id: 'u', version: 1, currency: 'USD', instruments: [{ id: 'A', assetClass: 'equity' as const }] };
  const { topic, key, type, value } = encodeEvent({ type: 'UniverseVersioned', universe });
  const time = '2024-01-01T00:00:00.000Z';
  const headers = envelopeHeaders({ id: 'u1', type, source: 'test', time, correlationId: 'u1' });
  await bus.publish([{ topic, key, value: Buffer.from(value), headers }]);
}, 120_000);
afterAll(async () => {
  await stage.close();
  await bus.close();
  await postgres.stop();
}, 60_000);

const bar = (date: string, value: number) => ({
  universeId: 'u',
  feed: 'desk',
  barClose: date,
  observations: [{ seriesId: 'A', kind: 'price', eventTime: date, knownTime: `${date}T21:00:00.000Z`, value }],
});
const post = (body: unknown, key?: string, token = 'data-token') =>
  fetch(`${stage.url ?? ''}/observations`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });

describe('POST /observations', () => {
  it('takes deliveries in order onto the bus, each once however often it is sent', async () => {
    const first = await post(bar('2024-01-02', 100), 'k1');
    expect(first.status).toBe(202);
    expect(await first.json()).toMatchObject({ sequence: 0, observations: 1, repeated: false });
    expect(await (await post(bar('2024-01-02', 100), 'k1')).json()).toMatchObject({ sequence: 0, repeated: true });
    const both = await Promise.all([post(bar('2024-01-03', 101), 'k2'), post(bar('2024-01-03', 101), 'k2')]);
    const answers = (await Promise.all(both.map((r) => r.json()))) as { sequence: number; repeated: boolean }[];
    expect(answers.map(({ sequence }) => sequence)).toEqual([1, 1]);
    expect(answers.filter(({ repeated }) => repeated)).toHaveLength(1);
    const database = stage.get<DataSource>(DataSource);
    await eventually(async () => {
      const rows = (await database.query('select value from observation order by event_time')) as { value: number }[];
      expect(rows.map(({ value }) => value)).toEqual([100, 101]);
    });
  });

  it('refuses a stranger, a person without the role, a request without a key, and a key used for something else', async () => {
    expect((await post(bar('2024-01-04', 1), 'k3', 'nobody')).status).toBe(401);
    expect((await post(bar('2024-01-04', 1), 'k3', 'pat-token')).status).toBe(403);
    expect((await post(bar('2024-01-04', 1))).status).toBe(422);
    const other = await post(bar('2024-01-04', 999), 'k1');
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ error: { message: expect.stringContaining('another request') } });
  });

  it('names the field that is wrong', async () => {
    const wrong = { ...bar('2024-01-04', 1), observations: [{ seriesId: 'A', kind: 'price', eventTime: '4 Jan' }] };
    expect(await (await post(wrong, 'k4')).json()).toMatchObject({
      error: { message: expect.stringContaining('observations.0.eventTime') },
    });
  });
});
