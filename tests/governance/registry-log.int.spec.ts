import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { topicSpecs } from '@allostat/allostat';
import {
  COSIGNATURE_TYPE,
  cosignatureBytes,
  cosignedMessage,
  formatVerifierKey,
  fromHex,
  judgeCheckpoint,
  keyIdOf,
  parseNote,
  sha256Hex,
  signatureLine,
  type VerifierKey,
} from '@allostat/kernel';
import {
  decideAlias,
  MODEL_LAB,
  modelLab,
  proposeAlias,
  registerCandidate,
  registerChampion,
  REGISTRY_LEDGERS,
  REGISTRY_LOG,
  RegistryBook,
  registryKey,
  registryLog,
  suspendVersion,
} from '@allostat/model-lab';
import { verifyModelReceipt, type DomainEvent, type ModelReceipt } from '@allostat/pipeline';
import {
  ArtefactStore,
  createLogger,
  createMessageBus,
  logVerifierKey,
  type MessageBus,
  migrate,
  People,
  type Person,
  publishCheckpoint,
  recordHeartbeat,
  roleUrl,
  type RunningStage,
  SigningKey,
  startStage,
  verifyAudit,
  verifyEd25519,
  type AuditLogIdentity,
  type AuditVerification,
} from '@allostat/platform';
import { eventually, startPostgres, type Infrastructure } from '@allostat/testkit';
import { decodeEvent, WIRE_CODEC } from '@allostat/wire';

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
let changeId: string;
const published: DomainEvent[] = [];
const witnessKey = SigningKey.ensureFile(join(folder, 'witness.pem'));
const witness: VerifierKey = { name: 'risk', type: COSIGNATURE_TYPE, publicKey: witnessKey.publicKey };

async function call<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${stage.url}/audit/${path}`, {
    headers: { authorization: 'Bearer secret-casey', 'content-type': 'application/json' },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
}

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
const sign = () => publishCheckpoint(stage.units, registryLog(home), { service: 'model-lab', now: at(9) });

beforeAll(async () => {
  postgres = await startPostgres();
  await migrate({ adminUrl: postgres.url, stages: [MODEL_LAB] });
  bus = await createMessageBus({ kind: 'postgres', url: postgres.url, clientId: 'test' });
  await bus.ensureTopics(topicSpecs());
  const logger = createLogger({ service: 'model-lab', level: 'silent' });
  const databaseUrl = roleUrl(postgres.url, 'model-lab');
  const clock = { now: () => at(0) };
  const reader: Person = { id: 'casey', name: 'casey', roles: ['compliance'], tokenSha256: sha256Hex('secret-casey') };
  stage = await startStage<DomainEvent>(
    modelLab({ threads: 0, people: new People([reader]), auditLog: registryLog(home), witnesses: [witness] }),
    { databaseUrl, bus, codec: WIRE_CODEC, clock, logger, port: 0 },
  );
  await bus.subscribe({
    group: 'reader',
    topics: ['audit.checkpoint.v1'],
    handler: async ({ topic, messages }) => {
      published.push(...messages.map(({ headers, value }) => decodeEvent({ topic, type: headers.ce_type, value })));
    },
  });
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
  ({ changeId } = change);
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
    return await verifyAudit(runner.manager, { logKey, book: new RegistryBook() });
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

describe('what every audit log has', () => {
  const trust = { logKey, verify: verifyEd25519 };

  it('its checkpoints are published under its own name, as they are kept', async () => {
    const kept: { size: string; note: string }[] = await superuser.query(
      'select size, note from model_lab.audit_checkpoint order by size',
    );
    await eventually(async () => {
      const told = published.filter((event) => event.type === 'AuditCheckpointed' && event.log === REGISTRY_LOG);
      expect(told).toEqual(kept.map(({ size, note }) => expect.objectContaining({ size: Number(size), note })));
    }, 20_000);
    expect(await call('key')).toEqual({ key: formatVerifierKey(logKey) });
    expect(await call('verification')).toMatchObject({ verified: true, size: 9 });
  });

  it('a promotion has a receipt that a stranger verifies, and no other change has', async () => {
    const receipt = await call<ModelReceipt>(`model-receipts/${changeId}`);
    const { verified, story } = verifyModelReceipt(receipt, trust);
    expect([verified, story.map(({ actor, action }) => `${actor} ${action}`)]).toEqual([
      true,
      [
        'service:model-lab registry.model_version',
        'pat registry.model_change',
        'riley registry.model_change_decision',
        'casey registry.model_change_decision',
        'pat registry.model_alias',
        'pat registry.model_state',
      ],
    ]);
    expect(await call('model-receipts/nowhere')).toMatchObject({ error: { code: 'AUDIT.NOT_FOUND' } });
  });

  it('a witness follows it and co-signs, and its name stands on receipts', async () => {
    const { size, note } = await call<{ size: number; note: string }>('checkpoint');
    const { proof } = await call<{ proof: string[] }>(`consistency?from=2&to=${size}`);
    const first: { note: string }[] = await superuser.query(
      'select note from model_lab.audit_checkpoint where size = 2',
    );
    const seen = judgeCheckpoint({ note: first[0].note, from: 0, proof: [] }, { ...trust, last: undefined });
    expect(seen.accepted).toBe(true);
    const last = seen.accepted ? seen.state : undefined;
    const verdict = judgeCheckpoint({ note, from: 2, proof: proof.map(fromHex) }, { ...trust, last });
    expect(verdict.accepted).toBe(true);
    const text = parseNote(note)?.text as string;
    const signature = cosignatureBytes(1_700_000_000, witnessKey.sign(cosignedMessage(text, 1_700_000_000)));
    const line = signatureLine({ name: witness.name, keyId: keyIdOf(witness), signature });
    expect(await call('cosignatures', { size, line: line.replace('risk', 'nobody') })).toMatchObject({
      error: { code: 'AUDIT.UNKNOWN_WITNESS' },
    });
    expect(await call('cosignatures', { size, line })).toEqual({ accepted: true });
    const receipt = await call<ModelReceipt>(`model-receipts/${changeId}`);
    const result = verifyModelReceipt(receipt, { ...trust, witnessKeys: [witness], quorum: 1 });
    expect(result).toMatchObject({ verified: true, witnesses: ['risk'] });
  });

  it('heartbeats show where it was silent', async () => {
    for (const minute of [0, 1, 9]) {
      const now = `2024-02-01T10:0${minute}:00.000Z`;
      await recordHeartbeat(stage.units, registryLog(home), { service: 'model-lab', now, everySeconds: 60 });
    }
    const { verified, silences } = await call<AuditVerification>('verification');
    expect([verified, silences]).toEqual([
      true,
      [{ sequence: 12, from: '2024-02-01T10:01:00.000Z', to: '2024-02-01T10:09:00.000Z' }],
    ]);
  });
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
