import { AUTHORIZATION_MATRIX } from '@allostat/contracts';
import { Client } from 'pg';
import type { AllocationStatusReported, DomainEvent } from '@allostat/pipeline';
import { GovernanceWorld, mandateNamed } from './governance-world';

/** ann's world is mandate-a, bob's is mandate-b; both have every role that can act on one. */
let world: GovernanceWorld;
/** Something of mandate-b of every kind that has an id. */
const theirs: Record<string, string> = {};

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a', 'mandate-b'] });
  const over = await world.propose('mandate-b', 1);
  await world.taken();
  await world.approve('pat', over);
  await world.approve('riley', over);
  const admin = new Client({ connectionString: world.postgres.url });
  await admin.connect();
  const { rows } = await admin.query<{ id: string }>('select instruction_id as id from governance.instruction');
  await admin.end();
  const call = async (who: string, path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await world.call(who, 'POST', path, body);
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.body;
  };
  const review = await world.propose('mandate-b', 2);
  await world.taken();
  const { body } = await call('compliance', `/reviews/${review}/challenges`, { topic: 'risk', text: 'is it so?' }).then(
    () => world.call('pat', 'GET', `/reviews/${review}`),
  );
  const [{ id: challenge }] = body.challenges as { id: string }[];
  const [{ requestId }] = (await call('risk', '/reconciliations', { mandateId: 'mandate-b' })) as unknown as {
    requestId: string;
  }[];
  await world.publish({
    type: 'BookReported',
    requestId,
    mandateId: 'mandate-b',
    at: new Date().toISOString(),
    lines: [{ sequence: 9, instructionId: 'i-9', status: 'done' }],
  });
  await world.taken();
  await world.publish({
    type: 'AllocationInfeasible',
    mandateId: 'mandate-b',
    asOf: '2024-01-31',
    trigger: 'schedule',
    conflict: ['maximum weight of EQ'],
    relaxation: [],
  });
  await world.taken();
  const { id: change } = await call('pat', '/changes', {
    kind: 'mandate',
    body: { ...mandateNamed('mandate-b'), version: 2, notional: 9e7 },
    reason: 'a smaller mandate',
  });
  const { challenges } = await call('researcher', `/changes/${change as string}/challenges`, {
    topic: 'risk',
    text: 'why smaller?',
  });
  const board = { id: 'board', version: 1, name: 'Board', chair: 'riley', members: ['riley'], quorum: 1 };
  const committee = { kind: 'committee', body: { ...board, majority: 'simple' }, reason: 'set up by the board' };
  const { id: setUp, contentHash } = await call('pat', '/changes', committee);
  for (const who of ['compliance', 'risk']) {
    const decision = { decision: 'approve', reason: 'read and agreed', contentHash };
    await call(who, `/changes/${setUp as string}/decisions`, decision);
  }
  const { meetingId } = await call('riley', '/meetings', { committee: 'board', subjects: [review] });
  const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const delegation = { to: 'committee', function: 'portfolio-manager', validFrom: soon(1), validUntil: soon(9) };
  await call('pat', '/delegations', { ...delegation, mandateId: 'mandate-b', reason: 'away for a day' });
  await call('pat', '/kill-switch/engagements', { scope: 'mandate:mandate-b', reason: 'a drill', drill: true });
  const [alarm] = (await world.call('risk', 'GET', '/alarms')).body as unknown as { alarmId: string }[];
  Object.assign(theirs, {
    reviews: review,
    challenge,
    reconciliations: requestId,
    alarms: alarm.alarmId,
    receipts: over,
    instruction: rows[0].id,
    changes: change,
    changeChallenge: (challenges as { id: string }[])[0].id,
    meetings: meetingId,
  });
}, 120_000);
afterAll(() => world.close(), 60_000);

const BODIES: Readonly<Record<string, object>> = {
  decisions: { decision: 'approve', reason: 'checked it', contentHash: 'f'.repeat(64) },
  override: { reason: 'another view', weights: { EQ: 1 } },
  challenges: { topic: 'risk', text: 'is this so?' },
  answer: { text: 'yes, it is' },
  withdrawal: { reason: 'not wanted' },
  acknowledgement: { reason: 'it is in hand' },
  votes: { subject: 'mandate-b-proposal-2', choice: 'for', contentHash: 'f'.repeat(64) },
  minutes: { text: 'carried without debate' },
};
/** Every route that names something by an id that belongs to a mandate. */
const routes = Object.keys(AUTHORIZATION_MATRIX).filter((route) => {
  return /^\w+ \/(reviews|changes|meetings|reconciliations|alarms)\/:|^GET \/audit\/receipts\//.test(route);
});
const pathOf = (route: string, ids: Readonly<Record<string, string>>): string => {
  const path = route.split(' ')[1];
  const kind = path.split('/')[path.startsWith('/audit') ? 2 : 1];
  const challenge = kind === 'changes' ? ids.changeChallenge : ids.challenge;
  return path.replace(':challenge', challenge).replace(':part', 'limits').replace(/:\w+/, ids[kind]);
};
/** Ids that are of nothing at all. */
const nothing = new Proxy<Record<string, string>>({}, { get: () => 'nothing' });

it('the routes are found', () => {
  expect(routes.length).toBeGreaterThanOrEqual(21);
});

it.each(routes)('%s: what is of the other mandate is as if it were not there', async (route) => {
  const [method] = route.split(' ');
  const body = method === 'GET' ? undefined : (BODIES[route.split('/').at(-1) as string] ?? {});
  const other = await world.call('ann', method, pathOf(route, theirs), body);
  const absent = await world.call('ann', method, pathOf(route, nothing), body);
  expect([other.status, other.body.error?.code]).toEqual([404, absent.body.error?.code]);
  expect(absent.status).toBe(404);
  // it is there for those whose it is
  if (method === 'GET' && !route.includes('receipts'))
    expect((await world.call('bob', method, pathOf(route, theirs))).status).toBe(200);
});

it.each([
  ['POST', '/drills', { mandateId: 'mandate-b', fault: 'stale-prices', reason: 'a drill of another' }],
  ['POST', '/reconciliations', { mandateId: 'mandate-b' }],
  ['POST', '/meetings', { committee: 'board', subjects: ['mandate-b-proposal-2'] }],
  ['GET', '/versions/mandate/mandate-b', undefined],
])('%s %s: the other mandate cannot be named in a body or a path', async (method, path, body) => {
  expect([404, 422]).toContain((await world.call('ann', method, path, body)).status);
});

const LISTS = [
  '/reviews',
  '/infeasible',
  '/changes',
  '/alarms',
  '/reconciliations',
  '/drills',
  '/meetings',
  '/oversight',
  '/kill-switch',
  '/delegations',
];

it.each(LISTS)('GET %s: a list tells nothing of the other mandate, also when a query names it', async (path) => {
  const query = path === '/oversight' ? '' : '?mandateId=mandate-b';
  const { status, body } = await world.call('ann', 'GET', `${path}${query}`);
  expect([200, 422]).toContain(status);
  if (status === 200) expect(JSON.stringify(body)).not.toContain('mandate-b');
});

it.each([
  ['/kill-switch', 'mandate:mandate-b'],
  ['/delegations', 'mandate-b'],
  ['/meetings', 'mandate-b-proposal-2'],
])('GET %s: tells those whose it is', async (path, told) => {
  expect(JSON.stringify((await world.call('bob', 'GET', path)).body)).toContain(told);
});

it('nobody signs for a person who may not see the mandate, or who has lost the role', async () => {
  const { contentHash } = (await world.call('pat', 'GET', `/reviews/${theirs.reviews}`)).body;
  const decision = { decision: 'reject', reason: 'not what ann wants', contentHash };
  for (const [onBehalfOf, role] of [
    ['ann', 'portfolio-manager'],
    ['riley', 'portfolio-manager'],
  ]) {
    const signed = await world.call('pat', 'POST', `/reviews/${theirs.reviews}/decisions`, {
      ...decision,
      onBehalfOf,
      function: role,
    });
    expect([signed.status, signed.body.error?.message]).toEqual([403, expect.stringContaining('could not decide')]);
  }
});

it('decisions without weights are there for those whose they are', async () => {
  const { body } = await world.call('bob', 'GET', '/infeasible?mandateId=mandate-b');
  expect(body).toMatchObject([{ mandateId: 'mandate-b', conflict: ['maximum weight of EQ'] }]);
  expect((await world.call('ann', 'GET', '/infeasible')).body).toEqual([]);
});

/** Every answer that an order system can give. */
const ANSWERS = Object.keys({
  received: 1,
  accepted: 1,
  'accepted-with-rounding': 1,
  rejected: 1,
  working: 1,
  'partially-done': 1,
  'replace-pending': 1,
  'cancel-pending': 1,
  cancelled: 1,
  done: 1,
} satisfies Record<AllocationStatusReported['status'], 1>) as AllocationStatusReported['status'][];

describe('events', () => {
  const standing = async (id: string): Promise<unknown> => (await world.call('bob', 'GET', `/reviews/${id}`)).body;

  it.each<[string, DomainEvent]>([
    ...ANSWERS.map((status): [string, DomainEvent] => [
      `an answer ${status} of the order system under the name of another mandate`,
      {
        type: 'AllocationStatusReported',
        mandateId: 'mandate-a',
        instructionId: 'theirs',
        sequence: 1,
        status,
        asOf: '2024-01-31',
      },
    ]),
    [
      'a book under the name of another mandate',
      { type: 'BookReported', requestId: 'theirs', mandateId: 'mandate-a', at: '2024-01-31T00:00:00.000Z', lines: [] },
    ],
  ])('%s moves nothing of the one it is about', async (_what, event) => {
    const before = await standing(theirs.receipts);
    await world.publish(
      event.type === 'BookReported'
        ? { ...event, requestId: theirs.reconciliations }
        : ({ ...event, instructionId: theirs.instruction } as DomainEvent),
    );
    await world.taken();
    expect(await standing(theirs.receipts)).toEqual(before);
    const reconciliation = await world.call('bob', 'GET', `/reconciliations/${theirs.reconciliations}`);
    expect(reconciliation.body).toMatchObject({ mandateId: 'mandate-b', result: { mandateId: 'mandate-b' } });
  });
});
