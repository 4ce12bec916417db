import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { roleUrl, startEmbeddedPostgres, type EmbeddedPostgres } from '@allostat/platform';
import { allostat, type CommandResult } from '../line/line-processes';

let home: string;
let postgres: EmbeddedPostgres;
let governance: Client;
let admin: Client;
let tokens: Record<string, string>;
let proposal: { proposal_id: string; maker: string; content_hash: string; mandate_id: string };

const run = (...args: string[]): Promise<CommandResult> => allostat([...args, '--json'], env());
const env = (): Record<string, string> => ({ ALLOSTAT_HOME: home, DATABASE_URL: postgres.url });
const errorOf = ({ stdout }: CommandResult) => (JSON.parse(stdout) as { error: { code: string } }).error.code;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'allostat-sign-off-'));
  const { code, stderr } = await allostat(['up', '--once', '--bars', '20', '--years', '10', '--json'], {
    ALLOSTAT_HOME: home,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  tokens = JSON.parse(readFileSync(join(home, 'tokens.json'), 'utf8')) as Record<string, string>;
  postgres = await startEmbeddedPostgres({ dataDir: join(home, 'demonstration'), durable: false });
  admin = new Client({ connectionString: postgres.url });
  governance = new Client({
    connectionString: roleUrl(postgres.url, 'governance'),
    options: '-c search_path=governance',
  });
  await Promise.all([admin.connect(), governance.connect()]);
  const { rows } = await admin.query(`select * from governance.review where status = 'submitted'`);
  proposal = rows[0] as typeof proposal;
}, 180_000);

afterAll(async () => {
  await Promise.all([admin.end(), governance.end()]);
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe('the database itself', () => {
  const decide = (actor: string, change: Partial<typeof proposal> = {}) => {
    const { proposal_id, maker, content_hash } = { ...proposal, ...change };
    return governance.query(
      `insert into review_decision (proposal_id, maker, actor, decision, reason, content_hash, at)
       values ($1, $2, $3, 'approve', 'because I say so', $4, now())`,
      [proposal_id, maker, actor, content_hash],
    );
  };

  it('refuses a decision of the maker, also one that names another maker', async () => {
    await expect(decide(proposal.maker)).rejects.toThrow(/four eyes: .* had a hand in/);
    await expect(decide(proposal.maker, { maker: 'somebody-else' })).rejects.toThrow(/four eyes/);
  });

  it('refuses a decision on other content', async () => {
    await expect(decide('pat', { content_hash: 'f'.repeat(64) })).rejects.toThrow(/foreign key/);
  });

  it('refuses an instruction without its approvals', async () => {
    const insert = governance.query(
      `insert into instruction (instruction_id, mandate_id, sequence, proposal_id, content_hash, released_at, body)
       values ('i', $1, 1, $2, $3, now(), '{}')`,
      [proposal.mandate_id, proposal.proposal_id, proposal.content_hash],
    );
    await expect(insert).rejects.toThrow(/has 0 of 2 approvals/);
  });

  it.each([
    'update audit_record set actor = actor',
    'delete from audit_record',
    'truncate audit_record',
    'insert into audit_record select * from audit_record limit 1',
    'insert into audit_node select * from audit_node limit 1',
    'update review_decision set actor = actor',
    'delete from instruction',
    `update review set maker = 'me'`,
    `update review set required_approvals = 1`,
    'delete from review',
    'alter table audit_record disable trigger all',
    'drop table audit_record',
  ])('refuses the service role: %s', async (statement) => {
    await expect(governance.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  it('lets nobody who only forgets a trigger change the log', async () => {
    await expect(admin.query('delete from governance.audit_record')).rejects.toThrow(/append-only/);
  });
});

describe('the sign-off', () => {
  const as = (person: string) => ['--as', tokens[person]];
  const approve = (person: string, id = proposal.proposal_id) =>
    run('review', 'approve', id, ...as(person), '--reason', 'checked against the mandate');

  it('is closed to a stranger and to a role that does not decide', async () => {
    expect(errorOf(await run('review', 'list', '--as', 'guessed'))).toBe('IDENTITY.NOT_AUTHENTICATED');
    expect(errorOf(await approve('casey'))).toBe('IDENTITY.NOT_AUTHORIZED');
  }, 60_000);

  it('does not take an override for approved by the one who made it', async () => {
    const weights = ['US_EQUITY=0.2', 'US_TREASURY_10Y=0.3', 'INVESTMENT_GRADE=0.3', 'CASH=0.2'].flatMap((w) => [
      '--weight',
      w,
    ]);
    const own = await run(
      'review',
      'override',
      proposal.proposal_id,
      ...as('riley'),
      '--reason',
      'less risk until Friday',
      ...weights,
    );
    expect(own.code).toBe(0);
    const { id, maker, needs } = JSON.parse(own.stdout) as { id: string; maker: string; needs: number };
    expect({ maker, needs }).toEqual({ maker: 'riley', needs: 2 });
    expect(errorOf(await approve('riley', id))).toBe('GOVERNANCE.MAKER_CANNOT_DECIDE');
    expect(errorOf(await approve('pat'))).toBe('GOVERNANCE.REVIEW_UNKNOWN');
    expect(JSON.parse((await approve('pat', id)).stdout)).toMatchObject({ status: 'submitted', needs: 1 });
    expect(errorOf(await approve('pat', id))).toBe('GOVERNANCE.ALREADY_DECIDED');
  }, 60_000);
});

describe('allostat audit verify', () => {
  it('says that the log holds', async () => {
    const { code, stdout } = await run('audit', 'verify');
    expect(JSON.parse(stdout)).toMatchObject({ verified: true, firstBad: null });
    expect(code).toBe(0);
  }, 60_000);

  const tampered = async (statement: string) => {
    await admin.query(
      'begin; alter table governance.audit_record disable trigger all; create temp table kept as table governance.audit_record; commit',
    );
    try {
      await admin.query(statement);
      const { code, stdout } = await run('audit', 'verify');
      return { code, firstBad: (JSON.parse(stdout) as { firstBad: { sequence: number } | null }).firstBad?.sequence };
    } finally {
      await admin.query(`begin; truncate governance.audit_record; insert into governance.audit_record table kept;
        drop table kept; alter table governance.audit_record enable trigger all; commit`);
    }
  };

  it.each([
    [
      'a changed record',
      `update governance.audit_record set record = replace(record, 'demo', 'dem0') where sequence = 3`,
      3,
    ],
    ['a changed column', `update governance.audit_record set actor = 'nobody' where sequence = 2`, 2],
    ['a changed time', `update governance.audit_record set at = at + interval '1 second' where sequence = 5`, 5],
    ['a deleted record', 'delete from governance.audit_record where sequence = 4', 4],
    [
      'a changed hash',
      `update governance.audit_record set leaf_hash = decode(repeat('00', 32), 'hex') where sequence = 2`,
      2,
    ],
  ])(
    'names the first bad record after a superuser made %s',
    async (_what, statement, sequence) => {
      expect(await tampered(statement)).toEqual({ code: 3, firstBad: sequence });
    },
    30_000,
  );
});

it('shows the dead letters with their bytes and sends one again', async () => {
  const { letters } = JSON.parse((await run('dlq', 'list')).stdout) as {
    letters: { id: string; reason: string; attempts: number }[];
  };
  expect(letters.map(({ reason }) => reason).join('\n')).toMatch(
    /not a protobuf message[\s\S]*not a known message type[\s\S]*must be finite, got NaN[\s\S]*must sum to 1/,
  );
  const [garbage] = letters;
  const shown = JSON.parse((await run('dlq', 'show', garbage.id)).stdout) as { valueBase64: string };
  expect(Buffer.from(shown.valueBase64, 'base64').toString()).toBe('these bytes are no message');
  expect(JSON.parse((await run('dlq', 'redrive', garbage.id)).stdout)).toEqual({ redriven: [garbage.id], skipped: [] });
  expect(errorOf(await run('dlq', 'show', 'nowhere/1'))).toBe('INPUT.INVALID');
}, 30_000);
