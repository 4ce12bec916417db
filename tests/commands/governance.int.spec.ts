import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { startSimulator, type Simulator } from '@allostat/allostat';
import { DEFAULT_POLICY_SET } from '@allostat/pipeline';
import { allostat } from '../line/line-processes';
import { GovernanceWorld, PEOPLE } from '../security/governance-world';

const home = mkdtempSync(join(tmpdir(), 'allostat-governance-'));
let world: GovernanceWorld;
let admin: Client;
let simulator: Simulator | undefined;

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a', 'mandate-b'] });
  writeFileSync(join(home, 'people.json'), JSON.stringify(PEOPLE));
  admin = await world.connect('administrator');
}, 120_000);
afterAll(async () => {
  await simulator?.stop();
  await admin.end();
  await world.close();
  rmSync(home, { recursive: true });
}, 60_000);

type Answer = Record<string, unknown> & { readonly error?: { readonly code: string; readonly message: string } };

/** Runs a command as a person, against the governance that runs; exit code and the one JSON document it printed. */
async function as(who: string, ...args: string[]): Promise<{ code: number | null; result: Answer }> {
  const { code, stdout } = await allostat([...args, '--json'], {
    ALLOSTAT_HOME: home,
    ALLOSTAT_URL: world.stage.url as string,
    DATABASE_URL: world.postgres.url,
    ALLOSTAT_TOKEN: `secret-${who}`,
  });
  return { code, result: JSON.parse(stdout) as Answer };
}
const file = (name: string, content: object): string => {
  const path = join(home, name); // JSON is YAML
  writeFileSync(path, JSON.stringify(content));
  return path;
};
let number = 0;
const proposed = async (mandateId: string): Promise<string> => {
  const id = await world.propose(mandateId, (number += 1));
  await world.taken();
  return id;
};
const released = async (mandateId: string): Promise<string> => {
  const id = await proposed(mandateId);
  await world.approve('pat', id);
  expect((await world.approve('riley', id)).body).toMatchObject({ status: 'released' });
  return id;
};

it('oms reconcile and alarm: equal books, a difference, and who has it in hand', async () => {
  await released('mandate-b');
  expect((await as('risk', 'alarm', 'list', '--open')).result).toEqual({ alarms: [] });
  const reconcile = (...args: string[]) => as('risk', 'oms', 'reconcile', '--mandate', 'mandate-b', ...args);
  const silent = await reconcile('--timeout', '1');
  expect(silent).toMatchObject({ code: 3, result: { verified: false } });
  simulator = await startSimulator(world.postgres.url, world.bus);
  await world.taken();
  expect(await reconcile()).toMatchObject({
    code: 0,
    result: { verified: true, reconciliations: [{ result: { released: 1, findings: [] } }] },
  });
  // a superuser takes the instruction out of our book
  await admin.query('set session_replication_role = replica');
  await admin.query('create temp table kept as table instruction; delete from instruction');
  const differs = await reconcile();
  await admin.query('insert into instruction table kept');
  expect(differs).toMatchObject({
    code: 3,
    result: { verified: false, reconciliations: [{ result: { findings: [{ kind: 'unknown-to-us' }] } }] },
  });
  const { result } = await as('risk', 'alarm', 'list', '--open');
  const [{ alarmId }] = result.alarms as { alarmId: string }[];
  const taken = await as('risk', 'alarm', 'acknowledge', alarmId, '--reason', 'the desk is asked');
  expect(taken).toMatchObject({ code: 0, result: { alarmId, actor: 'risk' } });
  expect((await as('risk', 'alarm', 'list', '--open')).result).toEqual({ alarms: [] });
}, 240_000);

it('review recheck and oversight: a release under another set of policies, and how people decide', async () => {
  const id = await released('mandate-b');
  const judged = await as('risk', 'review', 'recheck', id);
  expect(judged).toMatchObject({ code: 0, result: { now: { verdict: 'pass' }, changes: [] } });
  const stricter = { ...DEFAULT_POLICY_SET, limits: { ...DEFAULT_POLICY_SET.limits, restricted: ['EQ'] } };
  const thought = await as('risk', 'review', 'recheck', id, '--policies', file('stricter.yaml', stricter));
  expect(thought).toMatchObject({
    code: 3,
    result: { now: { verdict: 'fail' }, changes: [{ policy: 'restricted-list' }] },
  });
  const { result } = await as('risk', 'review', 'oversight', '--since', '2024-01-01');
  expect(result.people).toContainEqual(expect.objectContaining({ person: 'pat', rejections: 0 }));
  expect((await as('pat', 'review', 'oversight')).code).toBe(1);
}, 240_000);

it('review infeasible: the conflict and the way out, until the machine decides again', async () => {
  const asOf = new Date().toISOString().slice(0, 10);
  const choice = {
    conflict: ['maximum turnover', 'maximum weight of EQ'],
    relaxation: [{ limit: 'maximum turnover', by: 0.08 }],
  };
  const none = await as('pat', 'review', 'infeasible');
  expect(none.result).toEqual({ decisions: [] });
  await world.publish({ type: 'AllocationInfeasible', mandateId: 'mandate-a', asOf, trigger: 'schedule', ...choice });
  await world.taken();
  const standing = (...args: string[]) => as('pat', 'review', 'infeasible', '--standing', ...args);
  expect((await standing()).result).toMatchObject({
    decisions: [{ mandateId: 'mandate-a', asOf, trigger: 'schedule', ...choice, stands: true }],
  });
  expect((await standing('--mandate', 'mandate-b')).result).toEqual({ decisions: [] });
  // a decision on another mandate is none on this one
  await proposed('mandate-b');
  expect((await standing()).result.decisions).toHaveLength(1);
  await proposed('mandate-a');
  expect((await standing()).result).toEqual({ decisions: [] });
  expect((await as('pat', 'review', 'infeasible')).result).toMatchObject({ decisions: [{ ...choice, stands: false }] });
  expect((await as('nobody', 'review', 'infeasible')).code).toBe(1);
}, 240_000);
