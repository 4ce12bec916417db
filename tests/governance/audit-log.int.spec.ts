import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { auditColumns, roleUrl, startEmbeddedPostgres, type EmbeddedPostgres } from '@allostat/platform';
import { allostat, type CommandResult } from '../line/line-processes';

let home: string;
let postgres: EmbeddedPostgres;
let admin: Client;
let token: string;
let released: { proposal_id: string };

const file = (name: string): string => join(home, name);
const env = (): Record<string, string> => ({ ALLOSTAT_HOME: home, DATABASE_URL: postgres.url });
const run = (...args: string[]): Promise<CommandResult> => allostat([...args, '--json'], env());
const parsed = <T>({ stdout }: CommandResult): T => JSON.parse(stdout) as T;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'allostat-audit-'));
  const { code, stderr } = await allostat(
    ['up', '--once', '--bars', '60', '--years', '10', '--approve', 'pilot', '--json'],
    { ALLOSTAT_HOME: home },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  token = (JSON.parse(readFileSync(file('tokens.json'), 'utf8')) as Record<string, string>).casey;
  postgres = await startEmbeddedPostgres({ dataDir: file('demonstration'), durable: false });
  admin = new Client({ connectionString: postgres.url, options: '-c search_path=governance' });
  await admin.connect();
  const { rows } = await admin.query<{ proposal_id: string }>(
    'select proposal_id from instruction order by sequence limit 1',
  );
  [released] = rows;
  writeFileSync(file('log.pub'), `${parsed<{ key: string }>(await run('audit', 'key')).key}\n`);
}, 180_000);

afterAll(async () => {
  await admin.end();
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe('the log', () => {
  it('holds, with its checkpoints, and the last checkpoint covers all of it', async () => {
    type Verified = { size: number; verified: boolean; checkpoints: number };
    const result = parsed<Verified & { models: Verified }>(await run('audit', 'verify'));
    expect(result.verified).toBe(true);
    expect(result.checkpoints).toBeGreaterThan(0);
    // the champion of the demonstration: its version, and the alias
    expect(result.models).toMatchObject({ verified: true, size: 2, checkpoints: 1 });
    const { rows } = await admin.query<{ size: string }>('select max(size) as size from audit_checkpoint');
    expect(Number(rows[0].size)).toBe(result.size);
  }, 30_000);

  const tables = ['audit_record', 'audit_node', 'audit_checkpoint', 'instruction'];
  const damaged = async (
    statement: string,
  ): Promise<{ code: number; firstBad: { sequence: number; reason: string } }> => {
    await admin.query('begin');
    for (const table of tables)
      await admin.query(`alter table ${table} disable trigger all; create temp table kept_${table} as table ${table}`);
    await admin.query('commit');
    try {
      await admin.query(statement);
      const result = await run('audit', 'verify');
      return {
        code: result.code ?? -1,
        firstBad: parsed<{ firstBad: { sequence: number; reason: string } }>(result).firstBad,
      };
    } finally {
      await admin.query('begin; set constraints all deferred');
      for (const table of tables) {
        await admin.query(`delete from ${table}; insert into ${table} table kept_${table}; drop table kept_${table}`);
        await admin.query(`alter table ${table} enable trigger all`);
      }
      await admin.query('commit');
    }
  };
  const rewritten = (sequence: number): string => `update audit_record set record = changed.text,
    leaf_hash = sha256('\\x00'::bytea || convert_to(changed.text, 'UTF8')), actor = 'pat2'
    from (select sequence, replace(record, '"actor":"pat"', '"actor":"pat2"') as text from audit_record) as changed
    where audit_record.sequence = changed.sequence and audit_record.sequence = ${sequence}`;

  it('names a record that was changed together with its hash', async () => {
    const { rows } = await admin.query<{ sequence: string }>(
      `select sequence from audit_record where actor = 'pat' order by 1 limit 1`,
    );
    const sequence = Number(rows[0].sequence);
    const { code, firstBad } = await damaged(rewritten(sequence));
    expect(code).toBe(3);
    // the tree names the smallest stretch of records that no longer fits, or the checkpoint that contradicts it
    expect(firstBad.reason).toMatch(/tree is not that of its records|another root/);
    expect(Math.abs(firstBad.sequence - sequence)).toBeLessThanOrEqual(2);
  }, 60_000);

  it.each<[string, string, RegExp]>([
    [
      'a node of the tree',
      `update audit_node set hash = set_byte(hash, 5, get_byte(hash, 5) # 1) where level = 2 and index = 1`,
      /node 1 of level 2/,
    ],
    ['a missing node', 'delete from audit_node where level = 1 and index = 3', /node 3 of level 1/],
    [
      'a root in a checkpoint',
      `update audit_checkpoint set root = set_byte(root, 0, get_byte(root, 0) # 1) where size = (select min(size) from audit_checkpoint)`,
      /another root/,
    ],
    [
      'a note in a checkpoint',
      `update audit_checkpoint set note = replace(note, 'allostat/governance', 'allostat/governancE') where size = (select min(size) from audit_checkpoint)`,
      /not signed by the log|out of form/,
    ],
    [
      'the end of the log cut off',
      'delete from audit_record where sequence > (select max(sequence) - 3 from audit_record)',
      /a checkpoint says that it had/,
    ],
    [
      'an instruction',
      `update instruction set body = jsonb_set(body, '{sequence}', '99') where sequence = 1`,
      /instruction .*: column body is not what the log tells/,
    ],
  ])(
    'finds a change of %s',
    async (_what, statement, reason) => {
      const { code, firstBad } = await damaged(statement);
      expect(firstBad.reason).toMatch(reason);
      expect(code).toBe(3);
    },
    60_000,
  );

  it.each(['audit_node', 'audit_checkpoint', 'audit_cosignature'])('lets nobody change %s', async (table) => {
    await expect(admin.query(`truncate ${table}${table === 'audit_checkpoint' ? ' cascade' : ''}`)).rejects.toThrow(
      /append-only/,
    );
  });
});

describe('a receipt', () => {
  it('is verified by somebody who has nothing but the public key', async () => {
    expect((await run('audit', 'receipt', released.proposal_id, '--out', file('receipt.json'))).code).toBe(0);
    const stranger = { ALLOSTAT_HOME: file('stranger') };
    const verify = (bundle: string): Promise<CommandResult> =>
      allostat(['audit', 'verify', '--bundle', bundle, '--key', file('log.pub'), '--json'], stranger);
    const good = await verify(file('receipt.json'));
    expect(good.code).toBe(0);
    expect(
      parsed<{ story: { action: string }[] }>(good)
        .story.map(({ action }) => action)
        .slice(0, 4),
    ).toEqual(['review.opened', 'review.approve', 'review.approve', 'instruction.released']);
    writeFileSync(
      file('forged.json'),
      readFileSync(file('receipt.json'), 'utf8')
        .replace('"actor":"pat"', '"actor":"max"')
        .replace('\\"actor\\":\\"pat\\"', '\\"actor\\":\\"max\\"'),
    );
    const forged = await verify(file('forged.json'));
    expect({ code: forged.code, verified: parsed<{ verified: boolean }>(forged).verified }).toEqual({
      code: 3,
      verified: false,
    });
    writeFileSync(file('broken.json'), '{');
    expect((await verify(file('broken.json'))).code).toBe(3);
  }, 60_000);

  it('is refused for a proposal that nobody knows', async () => {
    const { code, stdout } = await run('audit', 'receipt', 'nowhere');
    expect({ code, error: (JSON.parse(stdout) as { error: { code: string } }).error.code }).toEqual({
      code: 1,
      error: 'AUDIT.NO_RECEIPT',
    });
  }, 30_000);
});

describe('a witness', () => {
  const witness = (): Promise<CommandResult> =>
    run(
      'audit',
      'witness',
      '--name',
      'risk',
      '--key',
      file('risk.pem'),
      '--log-key',
      file('log.pub'),
      '--state',
      file('risk.json'),
      '--as',
      token,
      '--once',
    );

  it('co-signs once its key is known, and its name stands on the receipt', async () => {
    const unknown = await witness();
    expect(unknown.code).toBe(1);
    const [, key] = /public key of this witness: (\S+)/.exec(unknown.stderr) ?? [];
    writeFileSync(file('witnesses.txt'), `${key}\n`);
    expect(parsed<{ accepted: boolean }>(await witness()).accepted).toBe(true);
    const latest = `select proposal_id from review r where exists (select from audit_record a where a.reference = r.proposal_id) order by opened_at desc limit 1`;
    const { rows } = await admin.query<{ proposal_id: string }>(latest);
    await run('audit', 'receipt', rows[0].proposal_id, '--out', file('witnessed.json'));
    const verified = await run(
      'audit',
      'verify',
      '--bundle',
      file('witnessed.json'),
      '--witness-keys',
      file('witnesses.txt'),
      '--quorum',
      '1',
    );
    expect(parsed<{ witnesses: string[] }>(verified).witnesses).toEqual(['risk']);
  }, 90_000);

  it('refuses a log that shows another history, and keeps the evidence', async () => {
    const state = JSON.parse(readFileSync(file('risk.json'), 'utf8')) as { size: number; root: string };
    writeFileSync(file('risk.json'), JSON.stringify({ ...state, root: Buffer.alloc(32, 7).toString('base64') }));
    const { code, stdout } = await witness();
    expect(code).toBe(3);
    const { reason, evidence } = JSON.parse(stdout) as { reason: string; evidence: string };
    expect(reason).toMatch(/another history/);
    expect(JSON.parse(readFileSync(evidence, 'utf8'))).toMatchObject({ verdict: { status: 422 } });
  }, 60_000);
});

describe('a new key', () => {
  it('takes the place of the old one, whose receipts stay good', async () => {
    const tokens = JSON.parse(readFileSync(file('tokens.json'), 'utf8')) as Record<string, string>;
    const rotate = (who: string) =>
      run('audit', 'rotate-key', '--as', tokens[who], '--reason', 'the yearly change of the key');
    expect((await rotate('pat')).code).toBe(1);
    const { key, former } = parsed<{ key: string; former: string }>(await rotate('olga'));
    expect(readFileSync(former, 'utf8')).toMatch(/PRIVATE KEY/);
    const old = readFileSync(file('log.pub'), 'utf8').trim();
    expect(key).not.toBe(old);
    expect(parsed(await run('audit', 'key', '--former'))).toEqual({ key, former: [old] });
    expect(parsed(await run('audit', 'verify'))).toMatchObject({ verified: true, models: { verified: true } });
    const verify = (...keys: string[]): Promise<CommandResult> => {
      writeFileSync(file('keys.pub'), keys.join('\n'));
      return run('audit', 'verify', '--bundle', file('receipt.json'), '--key', file('keys.pub'));
    };
    expect((await verify(old)).code).toBe(0);
    expect((await verify(key)).code).toBe(3);
    expect((await verify(key, old)).code).toBe(0);
  }, 90_000);
});

describe('heartbeats', () => {
  it('names the stretch in which heartbeats are missing', async () => {
    const source = new DataSource({
      type: 'postgres',
      url: roleUrl(postgres.url, 'governance'),
      extra: { options: '-c search_path=governance' },
    });
    await source.initialize();
    for (const minute of ['00', '01', '02', '09', '10']) {
      const at = `2026-02-03T10:${minute}:00.000Z`;
      const body = { everySeconds: 60 };
      const heartbeat = { at, actor: 'service:governance', action: 'log.heartbeat', subject: 'log:test', body };
      const record = auditColumns([{ type: 'AuditRecord', ...heartbeat }]);
      await source.query('select audit_append($1, $2, $3, $4, $5, $6)', record);
    }
    await source.destroy();
    const { verified, silences } = parsed<{ verified: boolean; silences: unknown[] }>(await run('audit', 'verify'));
    expect(verified).toBe(true);
    expect(silences).toEqual([
      { sequence: expect.any(Number) as number, from: '2026-02-03T10:02:00.000Z', to: '2026-02-03T10:09:00.000Z' },
    ]);
  }, 60_000);
});
