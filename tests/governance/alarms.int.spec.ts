import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from 'pg';
import { DataSource } from 'typeorm';
import { startSimulator, type Simulator } from '@allostat/allostat';
import {
  CommandCauses,
  expireReviews,
  GOVERNANCE_ALARMS,
  nightlyGovernance,
  watchGovernance,
  type ReconciliationView,
} from '@allostat/governance';
import type { GovernanceAlarmMoved } from '@allostat/pipeline';
import { createLogger, WebhookDeliverer } from '@allostat/platform';
import { eventually } from '@allostat/testkit';
import { GovernanceWorld } from '../security/governance-world';

let world: GovernanceWorld;
let admin: Client;
let simulator: Simulator | undefined;
let number = 0;

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a', 'mandate-b'] });
  admin = await world.connect('administrator');
}, 120_000);
afterAll(async () => {
  await simulator?.stop();
  await admin.end();
  await world.close();
}, 60_000);

const later = (seconds: number): CommandCauses =>
  new CommandCauses({ now: () => new Date(Date.now() + seconds * 1000).toISOString() }, 'wall');
const watch = (seconds: number) => watchGovernance(world.stage.units, later(seconds), { answerWithinSeconds: 60 });
const alarms = async (who = 'risk'): Promise<GovernanceAlarmMoved[]> =>
  (await world.call(who, 'GET', '/alarms?open=true')).body as unknown as GovernanceAlarmMoved[];
const released = async (mandateId: string): Promise<string> => {
  const id = await world.propose(mandateId, (number += 1));
  await world.taken();
  await world.approve('pat', id);
  expect((await world.approve('riley', id)).body).toMatchObject({ status: 'released' });
  return id;
};
const reconciled = async (mandateId: string): Promise<ReconciliationView> => {
  const { body } = await world.call('risk', 'POST', '/reconciliations', { mandateId });
  const [{ requestId }] = body as unknown as ReconciliationView[];
  return eventually(async () => {
    const view = (await world.call('risk', 'GET', `/reconciliations/${requestId}`))
      .body as unknown as ReconciliationView;
    expect(view.result).toBeDefined();
    return view;
  });
};

describe('an instruction that the order system does not answer', () => {
  it('calls a person after a minute, over the webhook, again every quarter of an hour, until one has it in hand', async () => {
    const taken: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[] = [];
    const paths: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const [alert] = (JSON.parse(body) as { alerts: typeof taken }).alerts;
        paths.push(request.url);
        if (request.url === '/') taken.push(alert);
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const deliverer = new WebhookDeliverer({
      database: world.stage.get<DataSource>(DataSource),
      source: GOVERNANCE_ALARMS,
      webhooks: [
        {
          id: 'desk',
          url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
          secret: 'a shared key of the desk',
        },
        ...['mandate-a', 'mandate-b'].map((mandate) => ({
          id: mandate,
          url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${mandate}`,
          secret: 'a shared key of one mandate',
          mandates: [mandate],
        })),
        { id: 'market', url: 'http://127.0.0.1:1/', secret: 'a shared key of others', services: ['regime-detection'] },
      ],
      clock: { now: () => new Date().toISOString() },
      logger: createLogger({ service: 'test', level: 'silent' }),
      pollMs: 20,
    });
    deliverer.start();
    await released('mandate-a');
    await watch(50);
    expect(await alarms()).toEqual([]);
    await watch(70);
    await watch(80); // raised once
    const [alarm] = await alarms();
    expect(alarm).toMatchObject({
      kind: 'instruction-unacknowledged',
      step: 'raised',
      severity: 'critical',
      mandateId: 'mandate-a',
    });
    await watch(70 + 15 * 60);
    expect(await alarms()).toMatchObject([{ step: 'repeated', alarmId: alarm.alarmId }]);

    const acknowledge = (who: string, reason = 'the desk is asked') =>
      world.call(who, 'POST', `/alarms/${alarm.alarmId}/acknowledgement`, { reason });
    expect((await acknowledge('bob')).status).toBe(404);
    expect((await acknowledge('researcher')).status).toBe(403);
    expect((await acknowledge('operator', 'ok')).body.error?.code).toBe('GOVERNANCE.REASON_MISSING');
    const both = await Promise.all([acknowledge('operator'), acknowledge('risk')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await watch(70 + 60 * 60);
    expect(await alarms()).toEqual([]);

    await eventually(() => expect([taken.length, paths.length]).toEqual([3, 6]));
    await deliverer.stop();
    server.close();
    // a receiver of one mandate is told of that one alone
    expect(new Set(paths)).toEqual(new Set(['/', '/mandate-a']));
    expect(taken.map(({ status, annotations }) => [status, annotations.step])).toEqual([
      ['firing', 'raised'],
      ['firing', 'repeated'],
      ['resolved', 'acknowledged'],
    ]);
    expect(new Set(taken.map(({ labels }) => JSON.stringify(labels))).size).toBe(1);
    const { rows } = await admin.query<{ sequence: string }>('select sequence from alarm_event order by sequence');
    expect(rows.map(({ sequence }) => Number(sequence))).toEqual([1, 2, 3]);
  }, 60_000);
});

describe('a mandate that no weights can satisfy', () => {
  const infeasible = (asOf: string) =>
    world.publish({
      type: 'AllocationInfeasible',
      mandateId: 'mandate-b',
      asOf,
      trigger: 'schedule',
      conflict: ['maximum turnover', 'maximum weight of EQ'],
      relaxation: [{ limit: 'maximum turnover', by: 0.08 }],
    });

  it('calls its portfolio manager once, with the conflict and the way out, and only while that stands', async () => {
    await infeasible('2024-01-30');
    await infeasible('2024-01-31');
    await world.taken();
    await watch(0);
    await watch(10);
    const open = await alarms('bob');
    expect(open).toMatchObject([
      {
        kind: 'allocation-infeasible',
        severity: 'critical',
        mandateId: 'mandate-b',
        subject: 'mandate-b/2024-01-31',
        text: 'no weights of mandate-b meet its limits since 2024-01-31: maximum turnover, maximum weight of EQ exclude each other; the least that helps: maximum turnover by 0.08',
      },
    ]);
    expect((await alarms('ann')).filter(({ kind }) => kind === 'allocation-infeasible')).toEqual([]);
    const taken = { reason: 'the limit is looked at' };
    const path = `/alarms/${open[0].alarmId}/acknowledgement`;
    expect((await world.call('pat', 'POST', path, taken)).status).toBe(200);
    await watch(60 * 60);
    expect(await alarms('bob')).toEqual([]);
  }, 30_000);
});

describe('a review that waits too long', () => {
  it('calls a person too', async () => {
    const id = await world.propose('mandate-b', (number += 1));
    await world.taken();
    await expireReviews(world.stage.units, later(49 * 3600));
    expect(await alarms()).toMatchObject([
      { kind: 'review-waits', subject: id, mandateId: 'mandate-b', severity: 'warning' },
    ]);
    expect(await alarms('ann')).toEqual([]);
    const { contentHash } = (await world.call('pat', 'GET', `/reviews/${id}`)).body;
    await world.call('pat', 'POST', `/reviews/${id}/decisions`, {
      decision: 'reject',
      reason: 'too late',
      contentHash,
    });
  });
});

describe('reconciliation with the order system', () => {
  it('calls a person when the order system does not answer', async () => {
    await world.call('risk', 'POST', '/reconciliations', { mandateId: 'mandate-a' });
    await watch(70);
    expect((await alarms()).map(({ kind }) => kind)).toContain('book-not-reported');
  });

  it('finds both books the same when they are, and every kind of difference when they are not', async () => {
    simulator = await startSimulator(world.postgres.url, world.bus);
    await world.taken();
    const clean = await eventually(async () => {
      const view = await reconciled('mandate-a');
      expect(view.result?.findings).toEqual([]);
      return view;
    });
    expect(clean.result).toMatchObject({ released: 1, open: 1, throughSequence: 1 });

    // a superuser takes an instruction out of our book, and puts it back
    await admin.query('set session_replication_role = replica');
    await admin.query('create temp table kept as table instruction; delete from instruction');
    const missing = await reconciled('mandate-a');
    await admin.query('insert into instruction table kept');
    expect(missing.result?.findings).toMatchObject([{ kind: 'unknown-to-us', sequence: 1 }]);
    await admin.query(`update review set status = 'completed' where status = 'acknowledged'`);
    const state = await reconciled('mandate-a');
    expect(state.result?.findings).toMatchObject([{ kind: 'different-state', ours: 'completed' }]);
    const differ = (await alarms()).filter(({ kind }) => kind === 'books-differ');
    expect(differ.map(({ text }) => text)).toEqual([
      expect.stringMatching(/is completed here and .* there/),
      expect.stringMatching(/was not released/),
    ]);
    await admin.query(`update review set status = 'acknowledged' where status = 'completed'`);
  }, 60_000);

  it('asks once a night for every mandate that has released something', async () => {
    const before = ((await world.call('risk', 'GET', '/reconciliations')).body as unknown as ReconciliationView[])
      .length;
    await nightlyGovernance(world.stage.units, later(86_400));
    await nightlyGovernance(world.stage.units, later(86_400));
    const all = (await world.call('risk', 'GET', '/reconciliations')).body as unknown as ReconciliationView[];
    expect(all).toHaveLength(before + 1);
    expect(all[0]).toMatchObject({ mandateId: 'mandate-a', requestedBy: 'service:governance' });
    await eventually(async () => {
      const view = (await world.call('risk', 'GET', `/reconciliations/${all[0].requestId}`))
        .body as unknown as ReconciliationView;
      expect(view.result?.findings).toEqual([]);
    });
  });

  it('is not for people of another mandate', async () => {
    const [{ requestId }] = (await world.call('risk', 'GET', '/reconciliations'))
      .body as unknown as ReconciliationView[];
    expect((await world.call('bob', 'GET', `/reconciliations/${requestId}`)).status).toBe(404);
    expect((await world.call('bob', 'POST', '/reconciliations', { mandateId: 'mandate-a' })).status).toBe(404);
    expect((await world.call('bob', 'GET', '/reconciliations')).body).toEqual([]);
  });
});
