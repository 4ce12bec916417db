import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toInstant } from '@allostat/kernel';
import type { RegimeAlertMoved, RegimeOutput } from '@allostat/pipeline';
import { People, createLogger, WebhookDeliverer } from '@allostat/platform';
import { eventually, StageWorld } from '@allostat/testkit';
import { DataSource } from 'typeorm';
import { regimeDetection, REGIME_STAGE } from '../index';
import { recordAlerts } from './alert.store';
import { REGIME_ALERTS } from './webhook-payload';

const SECRET = 'a-shared-key-of-the-desk';
const tokenSha256 = createHash('sha256').update('riley-token').digest('hex');
const people = new People([
  { id: 'riley', name: 'riley', roles: ['risk'], tokenSha256 },
  {
    id: 'casey',
    name: 'casey',
    roles: ['compliance'],
    tokenSha256: createHash('sha256').update('casey-token').digest('hex'),
  },
]);
const auth = { authorization: 'Bearer riley-token' };

let world: StageWorld;

const moved = (sequence: number, change: Partial<RegimeAlertMoved> = {}): RegimeAlertMoved => ({
  type: 'RegimeAlertMoved',
  universeId: 'demo',
  sequence,
  dedupKey: 'demo/1',
  step: 'watch',
  severity: 'warning',
  asOf: '2024-01-02',
  from: 'expansion',
  to: 'crisis',
  probability: 0.6,
  causes: [{ feature: 'return.equity.1d', value: -0.03, contribution: 1.5 }],
  flip: { bars: 4 },
  comparable: [],
  silenced: false,
  modelVersion: '1',
  ...change,
});
const tell = (...events: RegimeOutput[]) =>
  world.stage.units.run((unit) => recordAlerts(unit.manager, events, '2024-01-02T21:00:00.000Z'));

beforeAll(async () => {
  world = await StageWorld.open(regimeDetection({ people }));
  await world.stage.get<DataSource>(DataSource).query(`insert into regime_pulse values ('demo', '2024-01-02', 0)`);
}, 120_000);

afterAll(() => world.close(), 60_000);

/** Reads server-sent events until `enough` of them that are no heartbeat have come. */
async function read(path: string, enough: number, headers: Record<string, string> = {}) {
  const abort = new AbortController();
  const response = await fetch(`${world.url}${path}`, { headers: { ...auth, ...headers }, signal: abort.signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const ids: string[] = [];
  let heartbeats = 0;
  let last = '';
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const id = /^id: (.*)$/m.exec(block)?.[1];
      last = id ?? last;
      if (/^event: heartbeat$/m.test(block)) heartbeats++;
      else if (/^event: /m.test(block)) ids.push(id ?? '');
    }
    if (ids.length >= enough && heartbeats > 0) break;
  }
  abort.abort();
  return { ids, heartbeats, last };
}

describe('alerts over server-sent events', () => {
  it('refuses a stranger, and a person without the role', async () => {
    expect((await fetch(`${world.url}/alerts/demo`)).status).toBe(401);
    const response = await fetch(`${world.url}/alerts/demo/actions`, {
      method: 'POST',
      headers: { authorization: 'Bearer casey-token', 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'acknowledge', reason: 'looking at it' }),
    });
    expect(response.status).toBe(403);
  });

  it('gives a reader that was away all it missed, in order and once, and what comes while it listens', async () => {
    await tell(moved(1), moved(2, { step: 'alert' }), moved(3, { step: 'confirmed' }));
    const missed = await read('/alerts/demo/stream', 2, { 'last-event-id': '1' });
    // the heartbeat that follows leaves the reader's place in the stream alone
    expect(missed).toMatchObject({ ids: ['2', '3'], last: '3' });
    const listening = read('/alerts/demo/stream?after=2', 3);
    setTimeout(() => void tell(moved(4, { dedupKey: 'demo/2' }), moved(5, { dedupKey: 'demo/2', step: 'alert' })), 700);
    const { ids, heartbeats } = await listening;
    expect(ids).toEqual(['3', '4', '5']);
    expect(heartbeats).toBeGreaterThan(0);
    const page = (await (
      await fetch(`${world.url}/alerts/demo?after=3`, { headers: auth })
    ).json()) as RegimeAlertMoved[];
    expect(page.map(({ sequence }) => sequence)).toEqual([4, 5]);
  });

  it('refuses a place in the stream that is no number', async () => {
    const response = await fetch(`${world.url}/alerts/demo?after=x`, { headers: auth });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('sequence number') } });
  });
});

describe('orders of people', () => {
  it('are kept as events with a number of their own, and refused without a reason', async () => {
    await world.stage.units.run(async (unit) => {
      await REGIME_STAGE.states.load(unit, 'demo', REGIME_STAGE.initial);
      const ladder = { stage: 'alert', from: 'expansion', episode: 2, barsBelow: 0 } as const;
      const open = { dedupKey: 'demo/2', step: 'alert', to: 'crisis', barsWaiting: 0, escalated: false } as const;
      REGIME_STAGE.states.save(unit, 'demo', { evidence: [], alerts: { ladder, sequence: 5, open, past: [] } });
    });
    const act = (body: object) =>
      fetch(`${world.url}/alerts/demo/actions`, {
        method: 'POST',
        headers: { ...auth, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await act({ action: 'acknowledge', reason: '' })).status).toBe(422);
    const response = await act({ action: 'assign', assignee: 'pat', reason: 'pat has the hedge' });
    expect(await response.json()).toMatchObject({
      type: 'RegimeAlertHandled',
      sequence: 6,
      actor: 'riley',
      assignee: 'pat',
    });
  });
});

describe('webhooks', () => {
  it('are told in order, signed, again after a failure, and go on where a killed process stopped', async () => {
    const taken: { id: string; body: { status: string; alerts: { annotations: { step: string } }[] } }[] = [];
    const heartbeats: unknown[] = [];
    let failures = 2;
    const receive = async (request: IncomingMessage): Promise<number> => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { headers } = request;
      const expected = createHmac('sha256', SECRET)
        .update(`${String(headers['x-allostat-timestamp'])}.${body}`)
        .digest('hex');
      if (headers['x-allostat-signature'] !== `sha256=${expected}`) return 401;
      if (String(headers['idempotency-key']).startsWith('heartbeat')) {
        heartbeats.push(JSON.parse(body));
        return 200;
      }
      if (failures-- > 0) return 503;
      taken.push({ id: String(headers['idempotency-key']), body: JSON.parse(body) as (typeof taken)[number]['body'] });
      return 200;
    };
    const server = createServer((request, response) => {
      void receive(request).then((status) => response.writeHead(status).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const deliverer = () =>
      new WebhookDeliverer({
        database: world.stage.get<DataSource>(DataSource),
        source: REGIME_ALERTS,
        webhooks: [{ id: 'desk', url: `http://127.0.0.1:${port}/`, secret: SECRET }],
        clock: { now: () => toInstant(Date.now()) },
        logger: createLogger({ service: 'test', level: 'silent' }),
        pollMs: 20,
        backoffMs: 20,
        heartbeatMs: 50,
      });
    const first = deliverer();
    first.start();
    await eventually(() => expect(taken).toHaveLength(5));
    await eventually(() => expect(heartbeats.length).toBeGreaterThan(0));
    await first.stop();
    await tell(moved(7, { dedupKey: 'demo/2', silenced: true }), moved(8, { dedupKey: 'demo/2', step: 'stood-down' }));
    const second = deliverer();
    second.start();
    await eventually(() => expect(taken).toHaveLength(6));
    await second.stop();
    server.close();
    expect(taken.map(({ id }) => id)).toEqual(['demo/1', 'demo/2', 'demo/3', 'demo/4', 'demo/5', 'demo/8']);
    expect(taken.map(({ body }) => body.status)).toEqual([...Array<string>(5).fill('firing'), 'resolved']);
    expect(taken[0].body).toMatchObject({ version: '4', receiver: 'desk', groupLabels: { universe: 'demo' } });
  });
});
