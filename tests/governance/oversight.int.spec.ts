import type { Client } from 'pg';
import type { OversightReport } from '@allostat/pipeline';
import { GovernanceWorld } from '../security/governance-world';

let world: GovernanceWorld;
let service: Client;
let admin: Client;

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a', 'mandate-b'] });
  [service, admin] = [await world.connect('service'), await world.connect('administrator')];
}, 120_000);
afterAll(async () => {
  await Promise.all([service.end(), admin.end()]);
  await world.close();
}, 60_000);

interface Shown {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly contentHash: string;
  readonly drill?: { readonly fault: string; readonly outcome: string };
}
const get = async <T>(who: string, path: string): Promise<T> => (await world.call(who, 'GET', path)).body as T;
const plant = (mandateId: string, fault = 'price-off-by-hundred', who = 'compliance') =>
  world.call(who, 'POST', '/drills', { mandateId, fault, reason: 'the drill of the month' });
const decide = async (who: string, id: string, decision: 'approve' | 'reject') => {
  const { contentHash } = await get<Shown>(who, `/reviews/${id}`);
  return world.call(who, 'POST', `/reviews/${id}/decisions`, { decision, reason: 'read and judged', contentHash });
};
const records = async (action: string) =>
  (
    await admin.query<{ record: string }>('select record from audit_record where action = $1 order by sequence', [
      action,
    ])
  ).rows.map(({ record }) => JSON.parse(record) as { actor: string; body: Record<string, unknown> });
let number = 0;
/** A proposal of the mandate that is decided and over. */
const decided = async (mandateId: string, to = 0.52): Promise<string> => {
  const id = await world.propose(mandateId, (number += 1), to);
  await world.taken();
  await decide('pat', id, 'reject');
  return id;
};

it('records what a reviewer opens, when it is first fetched, and binds it to the decision and the audit log', async () => {
  const id = await world.propose('mandate-a', (number += 1));
  await world.taken();
  const limits = await get<{ hash: string; content: object }>('pat', `/reviews/${id}/evidence/limits`);
  expect(limits.content).toMatchObject({ limits: { default: { min: 0, max: 1 } } });
  await get('pat', `/reviews/${id}/evidence/limits`);
  await get('compliance', `/reviews/${id}/evidence/risk`); // who does not decide leaves no trace of reading
  const { body } = await decide('pat', id, 'approve');
  expect(body.decisions).toMatchObject([
    { actor: 'pat', viewed: [{ part: 'limits', hash: limits.hash }, { part: 'proposal' }] },
  ]);
  const last = (await records('review.approve')).at(-1);
  expect(last?.body.viewed).toMatchObject([{ part: 'limits', hash: limits.hash }, { part: 'proposal' }]);
  expect((await world.call('pat', 'GET', `/reviews/${id}/evidence/gossip`)).status).toBe(422);
  await decide('riley', id, 'reject');
});

it('a drill looks like any other proposal while it runs, and says what it was once somebody objects', async () => {
  const base = await decided('mandate-a');
  const { body: drill } = await plant('mandate-a');
  const id = drill.proposalId as string;
  const [listed] = (await get<Shown[]>('riley', '/reviews?status=waiting')).filter((review) => review.id === id);
  const shown = await get<Shown>('riley', `/reviews/${id}`);
  const real = await get<Shown>('riley', `/reviews/${base}`);
  for (const view of [listed, shown]) expect(Object.keys(view).sort()).toEqual(Object.keys(real).sort());
  expect(JSON.stringify([listed, shown])).not.toMatch(/drill|price-off/);
  expect((await world.call('riley', 'GET', '/drills')).status).toBe(403);
  expect((await world.call('riley', 'GET', `/audit/receipts/${id}`)).status).toBe(404);

  const { body } = await decide('riley', id, 'reject');
  expect(body).toMatchObject({
    kind: 'drill',
    status: 'rejected',
    drill: { fault: 'price-off-by-hundred', outcome: 'caught' },
  });
  expect(await records('drill.planted')).toMatchObject([{ actor: 'compliance', body: { drill: true, baseId: base } }]);
  expect(await records('drill.caught')).toMatchObject([{ actor: 'riley', body: { drill: true, proposalId: id } }]);
});

it('a drill that is approved releases nothing: not by the API, not by a retry, not by the database', async () => {
  const base = await decided('mandate-b');
  const id = (await plant('mandate-b')).body.proposalId as string;
  await decide('pat', id, 'approve');
  const { body } = await decide('riley', id, 'approve');
  expect(body).toMatchObject({ status: 'superseded', drill: { outcome: 'missed' } });
  await world.call('risk', 'POST', `/reviews/${id}/release`);
  const { rows } = await admin.query('select 1 from instruction where proposal_id = $1', [id]);
  expect(rows).toEqual([]);
  const insert = service.query(
    `insert into instruction (instruction_id, mandate_id, sequence, proposal_id, content_hash, released_at, body)
     select 'i', mandate_id, 1, proposal_id, content_hash, now(), '{}' from review where proposal_id = $1`,
    [id],
  );
  await expect(insert).rejects.toThrow(/a drill is never released/);
  // its base went over the bus, and the drill did not
  const onBus = async (text: string): Promise<number> => {
    const { rows: found } = await admin.query(
      `select 1 from log.record where position($1::bytea in value) > 0 union all
       select 1 from outbox where position($1::bytea in value) > 0`,
      [Buffer.from(text)],
    );
    return found.length;
  };
  expect(await onBus(base)).toBeGreaterThan(1);
  expect(await onBus(id)).toBe(0);
});

it('a real proposal ends the drill, and who planted it cannot sign it', async () => {
  await decided('mandate-a');
  const id = (await plant('mandate-a', 'weights-do-not-sum')).body.proposalId as string;
  expect((await plant('mandate-a', 'nonsense')).status).toBe(422);
  expect((await plant('mandate-a', 'stale-prices', 'riley')).status).toBe(403);
  const next = await world.propose('mandate-a', (number += 1));
  await world.taken();
  expect(await get('pat', `/reviews/${id}`)).toMatchObject({ status: 'superseded', drill: { outcome: 'not-decided' } });
  expect((await plant('mandate-a')).body.error?.code).toBe('GOVERNANCE.REVIEW_IS_OPEN');
  await decide('pat', next, 'reject');
});

it('reports decisions, evidence, overrides and drills, each by person', async () => {
  const id = await world.propose('mandate-b', (number += 1));
  await world.taken();
  const own = await world.call('riley', 'POST', `/reviews/${id}/override`, {
    reason: 'less risk until Friday',
    weights: { EQ: 0.4, BOND: 0.6 },
  });
  expect(own.status).toBe(200);
  expect(await get<OversightReport>('risk', '/oversight')).toMatchObject({ overridesScored: 0 });
  // a month later equities stand ten percent higher
  const asOf = new Date(Date.now() + 31 * 86_400_000).toISOString().slice(0, 10);
  const prices = [
    { id: 'EQ', close: 110 },
    { id: 'BOND', close: 50 },
  ];
  await world.propose('mandate-b', (number += 1), 0.52, { asOf, prices });
  await world.taken();
  const report = await get<OversightReport>('risk', '/oversight');
  // 40 % instead of 52 % of what rose by ten, and a base point on what was traded: twice ten percent
  expect(report).toMatchObject({ overridesScored: 1, overrideValueAddedMean: expect.closeTo(-0.012 - 0.2e-4, 12) });
  expect(report.drills).toEqual({ planted: 3, caught: 1, missed: 1, notDecided: 1, catchRate: 0.5 });
  const riley = report.people.find(({ person }) => person === 'riley');
  expect(riley).toMatchObject({ overrides: 1, drillsCaught: 1, drillsApproved: 1, rejections: 1 });
  expect(riley?.alarms.map(({ rule }) => rule)).toEqual(['drills-missed']);
  expect(riley?.medianSecondsToDecide).toBeGreaterThanOrEqual(0);
  expect(await get<OversightReport>('risk', '/oversight?until=2020-01-01')).toMatchObject({ proposals: 0, people: [] });
  expect((await world.call('risk', 'GET', '/oversight?since=yesterday')).status).toBe(422);
  // people of one mandate see no other
  const { people } = await get<OversightReport>('ann', '/oversight');
  expect(people.map(({ overrides }) => overrides)).toEqual(people.map(() => 0));
});
