import { HttpAdapterHost } from '@nestjs/core';
import { AUTHORIZATION_MATRIX, mayCall, ROLES } from '@allostat/contracts';
import { GovernanceWorld } from './governance-world';

let world: GovernanceWorld;
let proposals: Record<'mandate-a' | 'mandate-b', string>;

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a', 'mandate-b'], neighbours: true });
  proposals = { 'mandate-a': await world.propose('mandate-a', 1), 'mandate-b': await world.propose('mandate-b', 1) };
  await world.taken();
}, 120_000);
afterAll(() => world.close(), 60_000);

/** The application's own router, as Nest keeps it. */
interface Host {
  readonly httpAdapter: {
    getInstance(): { readonly router: { readonly stack: readonly { readonly route?: Route }[] } };
  };
}
interface Route {
  readonly path: string;
  readonly methods: Readonly<Record<string, boolean>>;
}

const cells = Object.keys(AUTHORIZATION_MATRIX).flatMap((route) => ROLES.map((role) => [role, route] as const));
const call = (role: string | undefined, route: string) => {
  const [method, pattern] = route.split(' ');
  const path = pattern.replace(/:(\w+)/g, 'nothing-of-that-name');
  return world.call(role, method, path, method === 'GET' ? undefined : {});
};

describe('the matrix', () => {
  it('has a row for every route of the application, and no row for a route that is not there', () => {
    const routes = world.stages
      .flatMap((stage) => stage.get<Host>(HttpAdapterHost).httpAdapter.getInstance().router.stack)
      .flatMap(({ route }) => (route ? Object.keys(route.methods).map((m) => `${m.toUpperCase()} ${route.path}`) : []))
      .filter((route) => !/ \/(health\/|metrics)/.test(route)); // these stand before the guard
    expect(routes.length).toBeGreaterThan(15);
    expect([...new Set(routes)].sort()).toEqual(Object.keys(AUTHORIZATION_MATRIX).sort());
  });

  it.each(cells)('%s on %s: as the cell says', async (role, route) => {
    const { status } = await call(role, route);
    expect(status).not.toBe(401);
    expect(status === 403).toBe(!mayCall(route, [role]));
  });

  it.each(Object.entries(AUTHORIZATION_MATRIX))('nobody on %s: only what is public', async (route, access) => {
    if (route === 'POST /identity/token') return; // it asks for a secret itself
    const { status } = await call(undefined, route);
    expect(status === 401).toBe(access !== 'public');
  });

  it('a route without a row is closed to everybody', () => {
    expect(ROLES.filter((role) => mayCall('GET /not-written-down', [role]))).toEqual([]);
    expect(mayCall('toString', ['risk'])).toBe(false);
  });
});

describe('people of two mandates', () => {
  it('see only their own in lists', async () => {
    const { body } = await world.call('ann', 'GET', '/reviews');
    expect((body as unknown as { mandateId: string }[]).map(({ mandateId }) => mandateId)).toEqual(['mandate-a']);
  });

  it.each([
    ['GET', '', undefined],
    ['POST', '/decisions', { decision: 'approve', reason: 'checked it', contentHash: 'f'.repeat(64) }],
    ['POST', '/override', { reason: 'another view', weights: { EQ: 1 } }],
    ['POST', '/challenges', { topic: 'risk', text: 'is this so?' }],
    ['POST', '/challenges/x/answer', { text: 'yes, it is' }],
    ['POST', '/withdrawal', { reason: 'not wanted' }],
    ['POST', '/release', {}],
  ])('cannot reach the other by id: %s /reviews/ID%s', async (method, path, body) => {
    const other = await world.call('ann', method, `/reviews/${proposals['mandate-b']}${path}`, body);
    const nothing = await world.call('ann', method, `/reviews/nothing${path}`, body);
    expect(other.status).toBe(404);
    // the same answer as for what is not there: its existence is not told either
    expect(other.body.error?.code).toBe(nothing.body.error?.code);
  });

  it('cannot name the other in a body, a query or a receipt', async () => {
    const own = proposals['mandate-a'];
    const smuggled = await world.call('ann', 'POST', `/reviews/${own}/withdrawal`, {
      reason: 'not wanted',
      mandateId: 'mandate-b',
    });
    expect(smuggled).toMatchObject({ status: 422 });
    const queried = await world.call('ann', 'GET', '/reviews?mandateId=mandate-b&status=submitted');
    expect((queried.body as unknown as unknown[]).length).toBe(1);
    expect((await world.call('ann', 'GET', `/audit/receipts/${proposals['mandate-b']}`)).status).toBe(404);
    const pressed = await world.call('ann', 'POST', '/kill-switch/engagements', {
      scope: 'mandate:mandate-b',
      reason: 'not mine',
    });
    expect(pressed.status).toBe(403);
    expect(
      (await world.call('ann', 'POST', '/kill-switch/engagements', { scope: 'all', reason: 'not mine' })).status,
    ).toBe(403);
  });

  it('cannot set what is not theirs to set: unknown fields are refused', async () => {
    const own = proposals['mandate-a'];
    for (const extra of [
      { status: 'released' },
      { actor: 'riley' },
      { requiredApprovals: 0 },
      { __proto__: { x: 1 }, maker: 'x' },
    ]) {
      const body = { decision: 'approve', reason: 'checked it', contentHash: 'f'.repeat(64), ...extra };
      expect((await world.call('ann', 'POST', `/reviews/${own}/decisions`, body)).status).toBe(422);
    }
  });
});

describe('people of two universes', () => {
  it('reach neither the alerts nor the data of the other', async () => {
    const delivery = {
      feed: 'f',
      observations: [{ seriesId: 'EQ', kind: 'price', eventTime: '2024-01-02', value: 1 }],
    };
    for (const [method, path, body] of [
      ['GET', '/alerts/demo', undefined],
      ['GET', '/alerts/demo/stream', undefined],
      ['POST', '/alerts/demo/actions', { action: 'acknowledge', reason: 'seen it' }],
    ] as const)
      expect((await world.call('bob', method, path, body)).status).toBe(404);
    expect(await world.call('bob', 'POST', '/observations', { universeId: 'demo', ...delivery })).toMatchObject({
      status: 422, // it has no idempotency key; with one it is 404
    });
    expect((await world.call('ann', 'GET', '/alerts/demo')).status).toBe(200);
  });
});

describe('signing', () => {
  it('by two at once counts each once, and one person twice at once counts once', async () => {
    const id = await world.propose('mandate-a', 2);
    await world.taken();
    const twice = await Promise.all([world.approve('pat', id), world.approve('pat', id)]);
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 409]);
    const both = await Promise.all([world.approve('riley', id), world.approve('risk', id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { body } = await world.call('pat', 'GET', `/reviews/${id}`);
    expect(body).toMatchObject({ status: 'released' });
    expect((body.decisions as unknown[]).length).toBe(2);
  });

  it('works with a token of the built-in issuer as with the secret', async () => {
    const { body } = await world.call('pat', 'POST', '/identity/token');
    const response = await fetch(`${world.stage.url}/reviews`, {
      headers: { authorization: `Bearer ${body.token as string}` },
    });
    expect(response.status).toBe(200);
    const forged = `${(body.token as string).split('.').slice(0, 2).join('.')}.`;
    const refused = await fetch(`${world.stage.url}/reviews`, { headers: { authorization: `Bearer ${forged}` } });
    expect(refused.status).toBe(401);
  });
});
