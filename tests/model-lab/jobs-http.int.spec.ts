import { createRng } from '@allostat/kernel';
import { eventually } from '@allostat/testkit';
import { GovernanceWorld } from '../security/governance-world';

let world: GovernanceWorld;
beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a'], neighbours: true });
}, 120_000);
afterAll(() => world.close(), 60_000);

const rng = createRng(2);
const days = 1500;
const assets = Array.from({ length: 12 }, (_, i) => `FUND${i}`);
const levels = assets.map(() => 100);
const market = {
  dates: Array.from({ length: days }, (_, t) => new Date(Date.UTC(2012, 0, 1 + t)).toISOString().slice(0, 10)),
  assets,
  levels: Array.from({ length: days }, () => assets.map((_, i) => (levels[i] *= 1.0002 + 0.01 * rng.normal()))).flat(),
};
const spec = (name: string, portfolios: object = { even: { kind: 'equal-weight', assets } }) => ({
  ...{ kind: 'backtest', name, from: market.dates[300], costs: { proportional: 0.001 }, portfolios, market },
});

describe('jobs over HTTP', () => {
  it('are taken with their history, computed, and shown with their result; asking twice is asking once', async () => {
    const body = spec('over http');
    // far more than a request may be elsewhere
    expect(JSON.stringify(body).length).toBeGreaterThan(300_000);
    const asked = await world.call('researcher', 'POST', '/jobs', body);
    expect(asked).toMatchObject({ status: 202, body: { kind: 'backtest', slices: 1, submittedBy: 'researcher' } });
    const { jobId } = asked.body as unknown as { jobId: string };
    expect((await world.call('risk', 'POST', '/jobs', body)).body).toMatchObject({ jobId });
    await eventually(async () => {
      const { body: shown } = await world.call('committee', 'GET', `/jobs/${jobId}`);
      expect(shown).toMatchObject({ status: 'done', finished: 1, summary: { even: { unfilled: 0 } } });
      expect(shown.resultHash).toMatch(/^[0-9a-f]{64}$/);
    }, 60_000);
    const list = (await world.call('compliance', 'GET', '/jobs')).body as unknown as { jobId: string }[];
    expect(list.filter((job) => job.jobId === jobId)).toHaveLength(1);
    expect(await world.call('risk', 'POST', `/jobs/${jobId}/cancellation`, { reason: 'too late' })).toMatchObject({
      status: 409,
      body: { error: { code: 'MODEL_LAB.JOB_ENDED' } },
    });
  }, 120_000);

  it('are cancelled with a reason', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, k) => [`tree ${k}`, { kind: 'hierarchical-risk-parity', assets, bars: 60 + k }]),
    );
    const asked = await world.call('researcher', 'POST', '/jobs', spec('not wanted', many));
    const { jobId } = asked.body as unknown as { jobId: string };
    await eventually(async () => expect((await world.call('risk', 'GET', `/jobs/${jobId}`)).status).toBe(200), 30_000);
    expect((await world.call('risk', 'POST', `/jobs/${jobId}/cancellation`, {})).status).toBe(422);
    const reason = 'asked by mistake';
    expect((await world.call('risk', 'POST', `/jobs/${jobId}/cancellation`, { reason })).status).toBe(202);
    await eventually(async () => {
      const { body } = await world.call('risk', 'GET', `/jobs/${jobId}`);
      expect(body).toMatchObject({ status: 'cancelled', reason: 'asked by mistake (risk)', resultHash: null });
    }, 60_000);
  }, 120_000);

  it('of others are not there for people of one mandate, and their own are', async () => {
    const asked = await world.call('researcher', 'POST', '/jobs', spec('of somebody'));
    const { jobId } = asked.body as unknown as { jobId: string };
    await eventually(async () => expect((await world.call('risk', 'GET', `/jobs/${jobId}`)).status).toBe(200), 30_000);
    const other = await world.call('ann', 'GET', `/jobs/${jobId}`);
    const nothing = await world.call('ann', 'GET', '/jobs/job-nothing');
    expect([other.status, other.body.error?.code]).toEqual([404, nothing.body.error?.code]);
    expect((await world.call('ann', 'POST', `/jobs/${jobId}/cancellation`, { reason: 'not mine' })).status).toBe(404);
    const own = (await world.call('ann', 'POST', '/jobs', spec('of ann'))).body as unknown as { jobId: string };
    await eventually(async () => {
      const seen = (await world.call('ann', 'GET', '/jobs')).body as unknown as { jobId: string }[];
      expect(seen.map((job) => job.jobId)).toEqual([own.jobId]);
    }, 30_000);
  }, 60_000);

  it.each<[string, object, RegExp]>([
    ['a kind that nobody knows', { ...spec('x'), kind: 'guess' }, /kind/],
    ['prices that do not fill the table', { ...spec('x'), market: { ...market, levels: [1] } }, /levels: has 1 values/],
    ['a cost in percent', { ...spec('x'), costs: { proportional: 10 } }, /costs.proportional/],
    ['a start beyond the history', { ...spec('x'), from: '2030-01-01' }, /from: leaves no history/],
  ])('are refused with %s, and the field is named', async (_name, body, message) => {
    const answer = await world.call('researcher', 'POST', '/jobs', body);
    expect(answer.status).toBe(422);
    expect(answer.body.error?.message).toMatch(message);
  });
});
