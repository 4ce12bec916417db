import { DataSource } from 'typeorm';
import { topicSpecs, registryKey, registryLog, verifyRegistry } from '@allostat/allostat';
import { logVerifierKey, signCheckpoint, type AuditLogIdentity, type AuditVerification } from '@allostat/governance';
import {
  decideAlias,
  MODEL_LAB,
  proposeAlias,
  registerCandidate,
  registerChampion,
  REGISTRY_LEDGERS,
  suspendVersion,
} from '@allostat/model-lab';
import type { DomainEvent } from '@allostat/pipeline';
import {
  ArtefactStore,
  createLogger,
  createMessageBus,
  type MessageBus,
  migrate,
  roleUrl,
  type RunningStage,
  SigningKey,
  startStage,
} from '@allostat/platform';
import { startPostgres, type Infrastructure } from '@allostat/testkit';
import { WIRE_CODEC } from '@allostat/wire';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MODEL = 'regime:demo';
const folder = mkdtempSync(join(tmpdir(), 'allostat-registry-log-'));
const home: AuditLogIdentity = {
  origin: 'allostat/governance',
  key: SigningKey.ensureFile(join(folder, 'key.pem')),
};
const logKey = registryKey(logVerifierKey(home));
let postgres: Infrastructure;
let bus: MessageBus;
let stage: RunningStage<DomainEvent>;
let superuser: DataSource;

const trained = (number: number, developers?: readonly string[]) => ({
  model: MODEL,
  parameters: { number },
  trainedFrom: '2014-01-01',
  trainedTo: `2023-12-${10 + number}`,
  observations: 2500,
  logLikelihood: -1234.5678901234567,
  converged: true,
  seed: 7,
  ...(developers && { developers }),
});
const at = (hour: number) => `2024-02-01T0${hour}:00:00.000Z`;
const sign = () => signCheckpoint(stage.units, registryLog(home), at(9));

beforeAll(async () => {
  postgres = await startPostgres();
  await migrate({ adminUrl: postgres.url, stages: [MODEL_LAB] });
  bus = await createMessageBus({ kind: 'postgres', url: postgres.url, clientId: 'test' });
  await bus.ensureTopics(topicSpecs());
  const logger = createLogger({ service: 'model-lab', level: 'silent' });
  const databaseUrl = roleUrl(postgres.url, 'model-lab');
  const clock = { now: () => at(0) };
  stage = await startStage<DomainEvent>(
    { ...MODEL_LAB, controllers: [] },
    { databaseUrl, bus, codec: WIRE_CODEC, clock, logger },
  );
  superuser = await new DataSource({ type: 'postgres', url: postgres.url, schema: 'model_lab' }).initialize();
  await fill();
}, 120_000);
afterAll(async () => {
  await superuser.destroy();
  await stage.close();
  await bus.close();
  await postgres.stop();
  rmSync(folder, { recursive: true });
}, 60_000);

/** A row of every kind: versions, an alias and its change, decisions, states. */
async function fill(): Promise<void> {
  const { units } = stage;
  const artefacts = new ArtefactStore();
  await units.run((unit) => registerChampion(unit, artefacts, trained(1), 'the first fit', at(0)));
  await sign();
  await units.run((unit) => registerCandidate(unit, artefacts, trained(2, ['rosa']), at(1)));
  const [{ version }]: { version: string }[] = await superuser.query(
    `select version from model_lab.model_version where developers ? 'rosa'`,
  );
  const wish = { model: MODEL, version, alias: 'champion', reason: 'scored better' } as const;
  const change = await units.run((unit) => proposeAlias(unit, wish, 'pat', at(2)));
  for (const [actor, role] of [
    ['riley', 'risk'],
    ['casey', 'compliance'],
  ]) {
    const signature = { actor, function: role, decision: 'approve', reason: 'validated' } as const;
    await units.run((unit) => decideAlias(unit, MODEL, change.changeId, signature, at(3)));
  }
  await units.run((unit) => suspendVersion(unit, MODEL, version, 'olga', 'its input is wrong', at(4)));
  await sign();
}

/** Runs statements as a superuser on the registry without its rules, asks the verifier, and takes them back. */
async function after(...statements: string[]): Promise<AuditVerification> {
  const runner = superuser.createQueryRunner();
  await runner.connect();
  await runner.query('set search_path to model_lab');
  await runner.query('begin; set local session_replication_role = replica');
  try {
    for (const statement of statements) await runner.query(statement);
    return await verifyRegistry(runner.manager, logKey);
  } finally {
    await runner.query('rollback');
    await runner.release();
  }
}

it('the registry is as its own log tells, under signed checkpoints', async () => {
  expect(await after()).toMatchObject({ verified: true, size: 9, checkpoints: 2 });
  for (const { name } of REGISTRY_LEDGERS) {
    const [{ n }]: { n: string }[] = await superuser.query(`select count(*) as n from model_lab.${name}`);
    expect([name, Number(n)]).not.toEqual([name, 0]);
  }
});

it('says the same in whatever time zone it is asked', async () => {
  expect(await after(`set local timezone to 'Asia/Tokyo'`)).toMatchObject({ verified: true });
});

it.each(REGISTRY_LEDGERS)('$name: a change of any column, a row that is gone or forged, is named', async (ledger) => {
  const { name, key } = ledger;
  const columns: { column: string; type: string }[] = await superuser.query(
    `select column_name as column, data_type as type from information_schema.columns
     where table_schema = 'model_lab' and table_name = $1`,
    [name],
  );
  const rules: { rule: string }[] = await superuser.query(
    `select conname as rule from pg_constraint where conrelid = $1::regclass and contype in ('c', 'f', 'u')`,
    [`model_lab.${name}`],
  );
  const free = rules.map(({ rule }) => `alter table ${name} drop constraint ${rule} cascade`);
  for (const { column, type } of columns) {
    const changed = await after(
      ...free,
      `alter table ${name} alter column ${column} drop identity if exists`,
      `update ${name} set ${column} = ${CHANGED[type](column)} where ctid = (select max(ctid) from ${name})`,
    );
    expect([column, changed.verified, changed.firstBad?.reason]).toEqual([
      column,
      false,
      expect.stringContaining(`${name} `),
    ]);
  }
  const gone = await after(`delete from ${name} where ctid = (select min(ctid) from ${name})`);
  expect(gone.firstBad?.reason).toMatch(new RegExp(`^${name} .*: the row is missing$`));
  const [id] = key;
  const others = columns.map(({ column }) => column).filter((column) => column !== id);
  const forged = await after(
    ...free,
    `insert into ${name} (${id}, ${others.join(', ')}) overriding system value
     select ${id === 'id' ? '4711' : `'forged'`}, ${others.join(', ')} from ${name} limit 1`,
  );
  expect(forged.firstBad).toEqual({ sequence: 0, reason: expect.stringMatching(/no record of the log tells/) });
});

it('finds a record that was changed together with its hash, and a log that was cut off', async () => {
  const rewritten = await after(`update audit_record set record = changed.text, actor = 'zoe',
      leaf_hash = sha256('\\x00'::bytea || convert_to(changed.text, 'UTF8'))
    from (select sequence, replace(record, '"actor":"olga"', '"actor":"zoe"') as text from audit_record) as changed
    where audit_record.sequence = changed.sequence and audit_record.actor = 'olga'`);
  expect(rewritten).toMatchObject({ verified: false });
  const cut = await after('delete from audit_record where sequence = 9', 'delete from model_state');
  expect(cut.firstBad?.reason).toMatch(/a checkpoint says that it had 9 entries/);
});

it('the service can write into the registry and its log nothing that it could take back', async () => {
  const service = await new DataSource({ type: 'postgres', url: roleUrl(postgres.url, 'model-lab') }).initialize();
  for (const statement of [
    'insert into model_lab.audit_record select * from model_lab.audit_record limit 1',
    'update model_lab.audit_record set actor = actor',
    'delete from model_lab.audit_checkpoint',
    'truncate model_lab.audit_node',
  ]) {
    await expect(service.query(statement)).rejects.toThrow(/permission denied/);
  }
  await service.destroy();
});

const CHANGED: Record<string, (column: string) => string> = {
  text: (column) => `coalesce(${column}, '') || 'x'`,
  integer: (column) => `${column} + 1`,
  bigint: (column) => `${column} + 1000`,
  boolean: (column) => `not ${column}`,
  jsonb: () => `'["forged"]'::jsonb`,
  date: (column) => `coalesce(${column}, current_date) + 1`,
  'double precision': (column) => `${column} + 1e-12`,
  'timestamp with time zone': (column) => `${column} + interval '1 microsecond'`,
};
