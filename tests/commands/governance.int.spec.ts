import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { startSimulator, type Simulator } from '@allostat/allostat';
import { MODEL_LAB, registerChampion } from '@allostat/model-lab';
import { DEFAULT_POLICY_SET, type DomainEvent } from '@allostat/pipeline';
import { ArtefactStore, createLogger, migrate, roleUrl, startStage, type RunningStage } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { allostat } from '../line/line-processes';
import { GovernanceWorld, PEOPLE } from '../security/governance-world';

const home = mkdtempSync(join(tmpdir(), 'allostat-governance-'));
const MODEL = 'regime:demo';
let world: GovernanceWorld;
let lab: RunningStage<DomainEvent>;
let admin: Client;
let simulator: Simulator | undefined;
let first: string;

beforeAll(async () => {
  world = await GovernanceWorld.open({ mandates: ['mandate-a', 'mandate-b'] });
  writeFileSync(join(home, 'people.json'), JSON.stringify(PEOPLE));
  await migrate({ adminUrl: world.postgres.url, stages: [MODEL_LAB] });
  lab = await startStage<DomainEvent>(
    { ...MODEL_LAB, controllers: [] },
    {
      databaseUrl: roleUrl(world.postgres.url, MODEL_LAB.name),
      bus: world.bus,
      codec: WIRE_CODEC,
      clock: { now: () => '2024-01-01T00:00:00.000Z' },
      logger: createLogger({ service: 'model-lab', level: 'silent' }),
    },
  );
  const trained = {
    model: MODEL,
    parameters: { states: 4 },
    trainedFrom: '2014-01-01',
    trainedTo: '2023-12-31',
    observations: 2500,
    logLikelihood: -1,
    converged: true,
    seed: 0,
  };
  const registered = await lab.units.run((unit) =>
    registerChampion(unit, new ArtefactStore(), trained, 'the first fit', '2024-01-01T00:00:00.000Z'),
  );
  first = registered.version;
  admin = await world.connect('administrator');
  await admin.query(
    `insert into model_lab.model_version (model, version, artefact, trained_from, trained_to, observations,
       log_likelihood, converged, seed, registered_at, developers)
     values ($1, 'candidate', $2, '2014-01-01', '2023-12-31', 2500, -1, true, 0, '2024-01-02', '["rosa"]')`,
    [MODEL, '2'.repeat(64)],
  );
}, 120_000);
afterAll(async () => {
  await simulator?.stop();
  await admin.end();
  await lab.close();
  await world.close();
  rmSync(home, { recursive: true });
}, 60_000);

type Answer = Record<string, unknown> & { readonly error?: { readonly code: string; readonly message: string } };

/** Runs a command as a person, against the governance that runs; exit code and the one JSON document it printed. */
async function as(who: string | undefined, ...args: string[]): Promise<{ code: number | null; result: Answer }> {
  const { code, stdout } = await allostat([...args, '--json'], {
    ALLOSTAT_HOME: home,
    ALLOSTAT_URL: world.stage.url as string,
    DATABASE_URL: world.postgres.url,
    ...(who !== undefined && { ALLOSTAT_TOKEN: `secret-${who}` }),
  });
  return { code, result: JSON.parse(stdout) as Answer };
}
const refused = (code: string) => ({ code: 1, result: { error: { code } } });
const file = (name: string, content: object): string => {
  const path = join(home, name); // JSON is YAML
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const because = ['--reason', 'read and agreed'];
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

it('model: a champion by approval, what was in use when, back again, and out of use', async () => {
  const champion = async (...args: string[]) => {
    const { result } = await as(undefined, 'model', 'history', MODEL, ...args);
    const aliases = result.aliases as { alias: string; version: string; to?: string }[];
    return aliases.filter(({ alias, to }) => alias === 'champion' && to === undefined).map(({ version }) => version);
  };
  expect((await as(undefined, 'model', 'list')).result).toMatchObject({ models: [{ model: MODEL }] });
  expect((await as(undefined, 'model', 'show', 'regime:none')).result.error?.message).toBe(
    'no model is named regime:none',
  );
  const moved = await as('riley', 'model', 'promote', MODEL, 'candidate', ...because);
  expect(moved).toMatchObject({ code: 0, result: { status: 'submitted', needs: 2, alias: 'champion' } });
  const approve = (who: string, change: unknown) => as(who, 'model', 'approve', MODEL, String(change), ...because);
  expect(await approve('riley', moved.result.id)).toMatchObject(refused('GOVERNANCE.MAKER_CANNOT_DECIDE'));
  await approve('risk', moved.result.id);
  expect(await champion()).toEqual([first]);
  expect((await approve('compliance', moved.result.id)).result).toMatchObject({ status: 'approved', needs: 0 });
  expect(await champion()).toEqual(['candidate']);
  const { result: march } = await as(undefined, 'model', 'history', MODEL, '--as-of', '2024-03-03');
  expect(march).toMatchObject({ aliases: [{ alias: 'champion', version: first }] });

  const back = await as('riley', 'model', 'roll-back', MODEL, ...because);
  expect(back.result).toMatchObject({ version: first });
  await approve('risk', back.result.id);
  await approve('compliance', back.result.id);
  expect(await champion()).toEqual([first]);

  expect((await as('researcher', 'model', 'suspend', MODEL, 'candidate', ...because)).code).toBe(1);
  const stopped = await as('operator', 'model', 'suspend', MODEL, 'candidate', ...because);
  expect(stopped).toMatchObject({ code: 0, result: { version: 'candidate', state: 'suspended' } });
  const { result: now } = await as(undefined, 'model', 'history', MODEL);
  expect(now.states).toContainEqual(expect.objectContaining({ version: 'candidate', state: 'suspended' }));
}, 240_000);

it('change: a version from a file, a doubt and its answer, two approvals, and what held before', async () => {
  const next = { ...DEFAULT_POLICY_SET, version: 2, limits: { ...DEFAULT_POLICY_SET.limits, turnoverMax: 0.9 } };
  const path = file('policies.yaml', next);
  expect((await as('pat', 'change', 'propose', 'policy', path, ...because)).code).toBe(2);
  const made = await as('pat', 'change', 'propose', 'policies', path, ...because);
  expect(made).toMatchObject({ code: 0, result: { status: 'submitted' } });
  const id = String(made.result.id);
  expect(await as('pat', 'change', 'approve', id, ...because)).toMatchObject(refused('GOVERNANCE.MAKER_CANNOT_DECIDE'));
  const doubted = await as('researcher', 'change', 'challenge', id, '--topic', 'risk', '--reason', 'is it so?');
  const [{ id: challenge }] = doubted.result.challenges as { id: string }[];
  expect((await as('riley', 'change', 'approve', id, ...because)).code).toBe(1);
  const answered = await as('pat', 'change', 'answer', id, '--challenge', challenge, '--reason', 'it is so');
  expect(answered.result).toMatchObject({ status: 'responded' });
  await as('compliance', 'change', 'approve', id, ...because);
  const before = new Date().toISOString();
  expect((await as('riley', 'change', 'approve', id, ...because)).result).toMatchObject({ status: 'approved' });
  expect((await as('pat', 'change', 'show', id)).result).toMatchObject({ proposal: { body: { version: 2 } } });
  const versions = (...args: string[]) => as('pat', 'change', 'versions', 'policies', 'default', ...args);
  expect((await versions()).result).toMatchObject({ versions: [{ version: 2, changeId: id }] });
  expect((await versions('--as-of', before)).result).toEqual({ versions: [] });
}, 240_000);

it('committee: from its setting up to its minutes', async () => {
  const path = file('committee.yaml', {
    id: 'investment',
    version: 1,
    name: 'Investment committee',
    chair: 'committee',
    members: ['committee', 'riley', 'compliance'],
    quorum: 2,
    majority: 'simple',
    mandates: ['mandate-a'],
  });
  const made = await as('pat', 'change', 'propose', 'committee', path, ...because);
  for (const who of ['compliance', 'riley']) await as(who, 'change', 'approve', String(made.result.id), ...because);
  const id = await proposed('mandate-a');
  const { result } = await as('compliance', 'committee', 'convene', 'investment', '--subject', id);
  const meeting = String(result.meetingId);
  const vote = (who: string, ...args: string[]) => as(who, 'committee', 'vote', meeting, id, '--choice', ...args);
  expect(await vote('pat', 'for')).toMatchObject(refused('GOVERNANCE.NOT_A_MEMBER'));
  expect(await vote('riley', 'against')).toMatchObject(refused('GOVERNANCE.REASON_MISSING'));
  await vote('riley', 'against', '--reason', 'too much at once');
  await vote('committee', 'for');
  expect((await vote('compliance', 'for')).result.votes).toHaveLength(3);
  const minutes = (followUp: string) =>
    as('committee', 'committee', 'minutes', meeting, '--text', 'discussed', '--follow-up', followUp);
  expect((await minutes('look at costs')).code).toBe(2);
  expect((await minutes('pat=2030-01-01:look at costs')).result).toMatchObject({
    minutes: {
      results: [{ for: 2, against: 1, carried: true, dissents: [{ member: 'riley' }] }],
      followUps: [{ who: 'pat', due: '2030-01-01', what: 'look at costs' }],
    },
  });
  expect((await as('riley', 'committee', 'meetings')).result).toMatchObject({ meetings: [{ meetingId: meeting }] });
}, 240_000);

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
