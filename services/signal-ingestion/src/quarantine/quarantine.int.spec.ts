import { createHash } from 'node:crypto';
import type { DomainEvent, Observation } from '@allostat/pipeline';
import { People } from '@allostat/platform';
import { eventually, StageWorld } from '@allostat/testkit';
import { DataSource } from 'typeorm';
import { signalIngestion } from '../index';
import { readObservations } from '../observation.store';
import type { QuarantineCase } from './quarantine.store';

const hash = (token: string) => createHash('sha256').update(token).digest('hex');
const people = new People([
  { id: 'dana', name: 'dana', roles: ['operator'], tokenSha256: hash('dana-token') },
  { id: 'riley', name: 'riley', roles: ['risk'], tokenSha256: hash('riley-token') },
  { id: 'pat', name: 'pat', roles: ['portfolio-manager'], tokenSha256: hash('pat-token') },
  { id: 'otto', name: 'otto', roles: ['risk'], universes: ['other'], tokenSha256: hash('otto-token') },
]);
const dayOf = (i: number): string => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
const level = (i: number): number => 100 + Math.sin(i);
let world: StageWorld;
let overridden: readonly DomainEvent[];

function deliver(i: number, value: number): Promise<void> {
  const [eventTime, knownTime] = [dayOf(i), `${dayOf(i)}T21:00:00.000Z`];
  const observations = ['A', 'B', 'C'].map((seriesId): Observation => ({
    seriesId,
    kind: 'price',
    eventTime,
    knownTime,
    revision: 0,
    value: seriesId === 'A' ? value : level(i),
  }));
  const event = { type: 'ObservationsRecorded', universeId: 'u', feed: 'f', sequence: i, barClose: eventTime } as const;
  return world.publish({ ...event, observations }, knownTime);
}
const call = async (path: string, token: string, body?: unknown) => {
  const response = await fetch(`${world.url}/quarantine${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
};

beforeAll(async () => {
  world = await StageWorld.open(signalIngestion({ people }));
  overridden = await world.listen('market.override.v1');
  const instruments = ['A', 'B', 'C'].map((id) => ({ id, assetClass: 'equity' as const }));
  const universe = { id: 'u', version: 1, currency: 'USD', instruments };
  await world.publish({ type: 'UniverseVersioned', universe }, '2024-01-01T00:00:00.000Z');
  for (let i = 0; i < 30; i++) await deliver(i, level(i));
  await deliver(30, 150);
}, 120_000);
afterAll(() => world.close(), 60_000);

describe('a value that a rule set aside', () => {
  let found: QuarantineCase;

  it('is a case that anybody known can read, with rule, limit and neighbours', async () => {
    await eventually(async () => {
      const { body } = await call('?universe=u&open=true', 'pat-token');
      [found] = body as QuarantineCase[];
      expect(found).toMatchObject({ finding: { rule: 'jump', observation: { value: 150 } }, overrides: [] });
    });
    expect(found.finding.neighbours).toHaveLength(3);
    expect((await call(`/${found.id}`, 'stranger')).status).toBe(401);
    expect((await call('/no-such-case', 'pat-token')).status).toBe(422);
    expect((await call('', 'otto-token')).body).toEqual([]);
    expect((await call(`/${found.id}`, 'otto-token')).status).toBe(422);
  });

  it('is not judged without the role, a reason or a value', async () => {
    const path = `/${found.id}/decisions`;
    expect((await call(path, 'pat-token', { action: 'release', reason: 'it is right' })).status).toBe(403);
    expect((await call(path, 'dana-token', { action: 'release', reason: '' })).status).toBe(422);
    expect((await call(path, 'dana-token', { action: 'correct', reason: 'typing error' })).status).toBe(422);
    expect(((await call(`/${found.id}`, 'dana-token')).body as QuarantineCase).overrides).toEqual([]);
  });

  it('is corrected as a revision: the original stays, and what was known before stays readable', async () => {
    const [eventTime, before] = [dayOf(30), new Date().toISOString()];
    const { status, body } = await call(`/${found.id}/decisions`, 'dana-token', {
      action: 'correct',
      value: 101,
      reason: 'the exchange says 101',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ overrides: [{ action: 'correct', by: 'dana', replaced: 150, used: true }] });
    const database = world.stage.get<DataSource>(DataSource);
    const known = async (asOf: string) => {
      const rows = await readObservations(database.manager, ['A'], asOf);
      return rows.filter((row) => row.eventTime === eventTime).map(({ value, revision }) => [revision, value]);
    };
    expect(await known(before)).toEqual([[0, 150]]);
    expect(await known(new Date().toISOString())).toEqual([
      [0, 150],
      [1, 101],
    ]);
  });

  it('can be judged again, by whom both times is on the bus in order', async () => {
    const order = { action: 'release', reason: 'the exchange withdrew 101' };
    expect((await call(`/${found.id}/decisions`, 'riley-token', order)).status).toBe(200);
    await eventually(() => {
      expect(overridden).toMatchObject([
        { by: 'dana', action: 'correct', observation: { value: 101, revision: 1 } },
        { by: 'riley', action: 'release', observation: { value: 150, revision: 2 } },
      ]);
      return Promise.resolve();
    });
    const { body } = await call('?universe=u&open=true', 'pat-token');
    expect(body).toEqual([]);
  });

  it('gives the next return its base, and binds both people', async () => {
    await deliver(31, 151.5);
    const state = async () => {
      const { SIGNAL_STAGE } = await import('../signal-stage');
      return world.stage.units.run((unit) => SIGNAL_STAGE.states.peek(unit, 'u'));
    };
    await eventually(async () => expect((await state())?.instruments[0].close).toBe(151.5));
    expect((await state())?.overrides?.map(({ by }) => by)).toEqual(['dana', 'riley']);
  });

  it('keeps findings and words as rows that the service cannot change', async () => {
    const database = world.stage.get<DataSource>(DataSource);
    for (const table of ['quarantine_finding', 'observation_override'])
      await expect(database.query(`delete from ${table}`)).rejects.toThrow(/permission denied/);
  });
});
