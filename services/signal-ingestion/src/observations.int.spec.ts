import { createHash } from 'node:crypto';
import { People } from '@allostat/platform';
import { eventually, StageWorld } from '@allostat/testkit';
import { DataSource } from 'typeorm';
import { signalIngestion } from './index';

const hash = (token: string) => createHash('sha256').update(token).digest('hex');
const people = new People([
  { id: 'feed-desk', name: 'feed-desk', roles: ['data'], tokenSha256: hash('data-token') },
  { id: 'pat', name: 'pat', roles: ['portfolio-manager'], tokenSha256: hash('pat-token') },
]);
let world: StageWorld;

beforeAll(async () => {
  world = await StageWorld.open(signalIngestion({ people }));
  const universe = { id: 'u', version: 1, currency: 'USD', instruments: [{ id: 'A', assetClass: 'equity' as const }] };
  await world.publish({ type: 'UniverseVersioned', universe }, '2024-01-01T00:00:00.000Z');
}, 120_000);
afterAll(() => world.close(), 60_000);

const bar = (date: string, value: number) => ({
  universeId: 'u',
  feed: 'desk',
  barClose: date,
  observations: [{ seriesId: 'A', kind: 'price', eventTime: date, knownTime: `${date}T21:00:00.000Z`, value }],
});
const post = (body: unknown, key?: string, token = 'data-token') =>
  fetch(`${world.url}/observations`, {
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
    const database = world.stage.get<DataSource>(DataSource);
    await eventually(async () => {
      const rows = (await database.query('select value from observation order by event_time')) as { value: number }[];
      expect(rows.map(({ value }) => value)).toEqual([100, 101]);
    });
  });

  it('keeps the volume of a day beside its price: neither is a revision of the other', async () => {
    const delivery = bar('2024-01-05', 102);
    const volume = { ...delivery.observations[0], kind: 'volume', value: 70_000 };
    expect((await post({ ...delivery, observations: [...delivery.observations, volume] }, 'k-volume')).status).toBe(
      202,
    );
    const database = world.stage.get<DataSource>(DataSource);
    await eventually(async () => {
      const rows: unknown[] = await database.query(
        "select kind, revision, value from observation where event_time = '2024-01-05' order by kind",
      );
      expect(rows).toEqual([
        { kind: 'price', revision: 0, value: 102 },
        { kind: 'volume', revision: 0, value: 70_000 },
      ]);
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
