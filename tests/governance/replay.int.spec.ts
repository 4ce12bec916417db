import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@allostat/platform';
import { allostat, type CommandResult } from '../line/line-processes';

let home: string;
let postgres: EmbeddedPostgres;
let admin: Client;
let proposals: { proposal_id: string; budget: string }[];

const run = (...args: string[]): Promise<CommandResult> =>
  allostat([...args, '--json'], { ALLOSTAT_HOME: home, DATABASE_URL: postgres.url });
const parsed = <T>({ stdout }: CommandResult): T => JSON.parse(stdout) as T;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'allostat-replay-'));
  const { code, stderr } = await allostat(['up', '--once', '--bars', '90', '--years', '10', '--json'], {
    ALLOSTAT_HOME: home,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  postgres = await startEmbeddedPostgres({ dataDir: join(home, 'demonstration'), durable: false });
  admin = new Client({ connectionString: postgres.url });
  await admin.connect();
  const { rows } = await admin.query('select proposal_id, budget from optimization.proposal_source order by as_of');
  proposals = rows as typeof proposals;
  expect(proposals.length).toBeGreaterThan(2);
}, 180_000);

afterAll(async () => {
  await admin.end();
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe('allostat replay', () => {
  it('makes every past proposal again, bit for bit', async () => {
    const result = await run('replay', '--sample', '1000');
    expect(parsed(result)).toEqual({
      identical: true,
      replayed: proposals.length,
      same: proposals.length,
      sameDecision: 0,
      different: [],
    });
    expect(result.code).toBe(0);
  }, 30_000);

  it('is about the proposal that people signed: its hash is the one of the review', async () => {
    const { rows } = await admin.query<{ same: boolean }>(
      `select bool_and(r.content_hash = s.proposal) as same from governance.review r
       join optimization.proposal_source s using (proposal_id)`,
    );
    expect(rows[0].same).toBe(true);
    expect(parsed(await run('replay', proposals[0].proposal_id))).toMatchObject({ identical: true, difference: [] });
  }, 30_000);

  it('names the fields that come out different, and ends with code 3', async () => {
    const [first, second] = proposals;
    await admin.query('update optimization.proposal_source set budget = $1 where proposal_id = $2', [
      second.budget,
      first.proposal_id,
    ]);
    const result = await run('replay', first.proposal_id);
    await admin.query('update optimization.proposal_source set budget = $1 where proposal_id = $2', [
      first.budget,
      first.proposal_id,
    ]);
    expect(result.code).toBe(3);
    const { identical, difference } = parsed<{ identical: boolean; difference: { field: string }[] }>(result);
    expect(identical).toBe(false);
    expect(difference.map(({ field }) => field)).toContain('inputs.budget');
  }, 30_000);

  it('refuses inputs that are not what was stored', async () => {
    await admin.query(`begin; alter table artefacts.artefact disable trigger all;
      alter table artefacts.artefact drop constraint artefact_check;
      update artefacts.artefact set bytes = bytes || ' ' where hash = '${proposals[0].budget}'; commit`);
    const { code, stdout } = await run('replay', proposals[0].proposal_id);
    expect({ code, error: (JSON.parse(stdout) as { error: { code: string } }).error.code }).toEqual({
      code: 1,
      error: 'ARTEFACT.CORRUPT',
    });
  }, 30_000);

  it.each([
    [['replay', 'nowhere'], 1, 'REPLAY.UNKNOWN_PROPOSAL'],
    [['replay'], 2, 'INPUT.INVALID'],
  ])(
    'says what is wrong with %j',
    async (args, code, error) => {
      const result = await run(...args);
      expect({ code: result.code, error: parsed<{ error: { code: string } }>(result).error.code }).toEqual({
        code,
        error,
      });
    },
    30_000,
  );
});
