import { Client } from 'pg';
import { lineStages } from '@allostat/allostat';
import {
  decideAlias,
  MODEL_LAB,
  proposeAlias,
  readHistory,
  readInventory,
  registerChampion,
  suspendVersion,
} from '@allostat/model-lab';
import type { DomainEvent, Signature } from '@allostat/pipeline';
import {
  ArtefactStore,
  createLogger,
  createMessageBus,
  type MessageBus,
  migrate,
  People,
  roleUrl,
  type RunningStage,
  schemaName,
  startStage,
} from '@allostat/platform';
import { startPostgres, type Infrastructure } from '@allostat/testkit';
import { WIRE_CODEC } from '@allostat/wire';
import { topicSpecs } from '@allostat/allostat';

const MODEL = 'regime:demo';
const clock = { now: () => '2024-01-01T00:00:00.000Z' };
const stages = lineStages({ people: new People([]), clock, commandTime: 'wall' });

let postgres: Infrastructure;
let bus: MessageBus;
let stage: RunningStage<DomainEvent>;
let admin: Client;
const versions: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  await migrate({ adminUrl: postgres.url, stages });
  bus = await createMessageBus({ kind: 'postgres', url: postgres.url, clientId: 'test' });
  await bus.ensureTopics(topicSpecs());
  stage = await startStage<DomainEvent>(
    { ...MODEL_LAB, controllers: [] },
    {
      databaseUrl: roleUrl(postgres.url, 'model-lab'),
      bus,
      codec: WIRE_CODEC,
      clock,
      logger: createLogger({ service: 'model-lab', level: 'silent' }),
    },
  );
  admin = new Client({ connectionString: postgres.url });
  await admin.connect();
  versions.push(await register(1, '2024-01-01T00:00:00.000Z'));
  versions.push(await insertCandidate(2));
  versions.push(await insertCandidate(3));
}, 120_000);
afterAll(async () => {
  await admin.end();
  await stage.close();
  await bus.close();
  await postgres.stop();
}, 60_000);

async function register(number: number, at: string): Promise<string> {
  const trained = {
    model: MODEL,
    parameters: { number },
    trainedFrom: '2014-01-01',
    trainedTo: '2023-12-31',
    observations: 2500,
    logLikelihood: -1,
    converged: true,
    seed: 0,
  };
  const made = await stage.units.run((unit) =>
    registerChampion(unit, new ArtefactStore(), trained, 'the first fit', at),
  );
  return made.version;
}

/** A version that somebody developed and that is nobody's alias yet. */
async function insertCandidate(number: number): Promise<string> {
  const version = `candidate-${number}`;
  await admin.query(
    `insert into model_lab.model_version (model, version, artefact, trained_from, trained_to, observations,
       log_likelihood, converged, seed, registered_at, developers)
     values ($1, $2, $3, '2014-01-01', '2023-12-31', 2500, -1, true, 0, '2024-01-02', '["rosa"]')`,
    [MODEL, version, String(number).repeat(64)],
  );
  return version;
}

const propose = (version: string, actor: string, now: string) =>
  stage.units.run((unit) =>
    proposeAlias(unit, { model: MODEL, version, alias: 'champion', reason: 'scored better' }, actor, now),
  );
const sign = (changeId: string, actor: string, role: string, now: string) => {
  const signature: Omit<Signature, 'contentHash'> = { actor, function: role, decision: 'approve', reason: 'validated' };
  return stage.units.run((unit) => decideAlias(unit, MODEL, changeId, signature, now));
};
const championAt = async (asOf: string): Promise<string | undefined> => {
  const { aliases } = await stage.units.run((unit) => readHistory(unit.manager, MODEL, { asOf }));
  return aliases.find(({ alias }) => alias === 'champion')?.version;
};

it('moves the champion by an approved change, back again by another, and answers for any instant', async () => {
  const change = await propose(versions[1], 'pat', '2024-02-01T00:00:00.000Z');
  await expect(sign(change.changeId, 'pat', 'risk', '2024-02-01T01:00:00.000Z')).rejects.toMatchObject({
    code: 'GOVERNANCE.MAKER_CANNOT_DECIDE',
  });
  await expect(sign(change.changeId, 'rosa', 'risk', '2024-02-01T01:00:00.000Z')).rejects.toMatchObject({
    code: 'GOVERNANCE.PARTY_CANNOT_DECIDE',
  });
  expect(await sign(change.changeId, 'riley', 'risk', '2024-02-01T01:00:00.000Z')).toMatchObject({
    status: 'submitted',
  });
  expect(await championAt('2024-02-01T02:00:00Z')).toBe(versions[0]);
  expect(await sign(change.changeId, 'casey', 'compliance', '2024-02-01T03:00:00.000Z')).toMatchObject({
    status: 'approved',
  });

  const back = await propose(versions[0], 'pat', '2024-03-01T00:00:00.000Z');
  await sign(back.changeId, 'riley', 'risk', '2024-03-01T01:00:00.000Z');
  await sign(back.changeId, 'casey', 'compliance', '2024-03-01T02:00:00.000Z');

  expect(
    await Promise.all(
      [
        '2023-12-31',
        '2024-01-15',
        '2024-02-01T02:59:59.999Z',
        '2024-02-01T03:00:00Z',
        '2024-03-01T01:59:00Z',
        '2024-03-02',
      ].map(championAt),
    ),
  ).toEqual([undefined, versions[0], versions[0], versions[1], versions[1], versions[0]]);
  const { aliases, states } = await stage.units.run((unit) => readHistory(unit.manager, MODEL));
  expect(aliases.map(({ version, approvalId }) => [version, approvalId])).toEqual([
    [versions[0], null],
    [versions[1], change.changeId],
    [versions[0], back.changeId],
  ]);
  expect(states.map(({ version, state }) => `${version} ${state}`)).toEqual([
    `${versions[1]} production`,
    `${versions[0]} production`,
  ]);
});

it('takes a version out of use by one person, and lets it back only by approval', async () => {
  await stage.units.run((unit) =>
    suspendVersion(unit, MODEL, versions[1], 'olga', 'its input is wrong', '2024-04-01T00:00:00.000Z'),
  );
  const again = suspendVersionAgain();
  await expect(again).rejects.toMatchObject({ code: 'MODEL.STEP_REFUSED' });
  await expect(propose(versions[1], 'pat', '2024-04-02T00:00:00.000Z')).resolves.toMatchObject({ status: 'submitted' });
});
const suspendVersionAgain = () =>
  stage.units.run((unit) => suspendVersion(unit, MODEL, versions[1], 'olga', 'once more', '2024-04-01T00:00:01.000Z'));

it('has an inventory without an empty column', async () => {
  const lines = await stage.units.run((unit) => readInventory(unit.manager));
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    for (const [column, value] of Object.entries(line)) {
      expect([column, value === null || value === '' || (Array.isArray(value) && value.length === 0)]).toEqual([
        column,
        false,
      ]);
    }
  }
});

describe('the database itself', () => {
  const asModelLab = async (statement: string, values: unknown[] = []): Promise<void> => {
    const client = new Client({
      connectionString: roleUrl(postgres.url, 'model-lab'),
      options: '-c search_path=model_lab',
    });
    await client.connect();
    await client.query(statement, values).finally(() => client.end());
  };

  it('refuses an alias without its approvals', async () => {
    const insert = `insert into model_alias (model, alias, version, from_time, reason, approval_id) values ($1, 'champion', $2, now(), 'because I say so', $3)`;
    await expect(asModelLab(insert, [MODEL, versions[2], null])).rejects.toThrow(/needs an approved change/);
    await expect(asModelLab(insert, [MODEL, versions[2], 'no-such-change'])).rejects.toThrow(
      /has 0 of <NULL> approvals/,
    );
    const change = await propose(versions[2], 'pat', '2024-05-01T00:00:00.000Z');
    await expect(asModelLab(insert, [MODEL, versions[2], change.changeId])).rejects.toThrow(/has 0 of 2 approvals/);
    const decide = `insert into model_change_decision select change_id, maker, content_hash, $2, 'risk', 'approve', 'because I say so', now() from model_change where change_id = $1`;
    await expect(asModelLab(decide, [change.changeId, 'pat'])).rejects.toThrow(/maker_cannot_decide/);
    await expect(asModelLab(decide, [change.changeId, 'rosa'])).rejects.toThrow(/four eyes/);
  });

  const LEDGERS = [
    ...['model_version', 'model_alias', 'model_state', 'model_change', 'model_change_decision'].map(
      (t) => `model_lab.${t}`,
    ),
    'model_lab.audit_record',
    ...['audit_record', 'review_decision', 'review_party', 'instruction', 'kill_entry'].map((t) => `governance.${t}`),
  ];
  const roles = stages.map(({ name }) => name);
  const cells = roles.flatMap((role) => LEDGERS.map((table) => [role, table] as const));

  it.each(cells)('%s can neither change, delete nor empty %s', async (role, table) => {
    const { rows } = await admin.query<{ can: boolean }>(
      `select has_table_privilege($1, $2, 'update') or has_table_privilege($1, $2, 'delete')
         or has_table_privilege($1, $2, 'truncate') or has_any_column_privilege($1, $2, 'update') as can`,
      [`allostat_${schemaName(role)}`, table],
    );
    expect(rows).toEqual([{ can: false }]);
  });

  it.each(LEDGERS.filter((table) => table.startsWith('model_lab')))(
    'nobody who only forgets a trigger changes %s',
    async (table) => {
      await expect(admin.query(`delete from ${table}`)).rejects.toThrow(/append-only/);
      await expect(admin.query(`truncate ${table} cascade`)).rejects.toThrow(/append-only/);
    },
  );
});
