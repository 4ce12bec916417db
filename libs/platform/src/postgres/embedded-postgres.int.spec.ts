import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres';

const query = async (url: string, text: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client.query<Record<string, unknown>>(text).finally(() => client.end());
};

describe('startEmbeddedPostgres', () => {
  let dataDir: string;
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'allostat-embedded-'))));
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('keeps its data from one start to the next, and removes a lock file whose process is gone', async () => {
    const first = await startEmbeddedPostgres({ dataDir });
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    writeFileSync(join(dataDir, 'data', 'postmaster.pid'), '1\n');
    const second = await startEmbeddedPostgres({ dataDir });
    const { rows } = await query(second.url, 'select answer from kept');
    await second.stop();
    expect(rows).toEqual([{ answer: 42 }]);
  }, 60_000);

  it('begins anew after an interrupted first start, and never throws data away', async () => {
    mkdirSync(join(dataDir, 'unfinished'));
    writeFileSync(join(dataDir, 'unfinished', 'PG_VERSION'), '18');
    const server = await startEmbeddedPostgres({ dataDir, durable: false });
    await server.stop();
    rmSync(join(dataDir, 'password'));
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'POSTGRES.NO_PASSWORD' });
    expect(existsSync(join(dataDir, 'data', 'PG_VERSION'))).toBe(true);
  }, 60_000);

  it('asks for a password', async () => {
    const server = await startEmbeddedPostgres({ dataDir, durable: false });
    const url = new URL(server.url);
    url.password = 'wrong';
    await expect(query(url.toString(), 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  }, 60_000);

  it('refuses a folder that a living process uses', async () => {
    const server = await startEmbeddedPostgres({ dataDir, durable: false });
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'POSTGRES.IN_USE' });
    await server.stop();
  }, 60_000);

  it('ends when its parent is killed, and starts again on the same data', async () => {
    const runner = join(__dirname, '..', '..', '..', 'testkit', 'run-typescript.cjs');
    const parent = spawn(process.execPath, [runner, join(__dirname, 'embedded-parent.fixture.ts'), dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (chunk) => resolve(Number(chunk))));
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain(dataDir);
    const ended = new Promise((resolve) => parent.once('exit', resolve));
    parent.kill('SIGKILL');
    await ended;
    const server = await startEmbeddedPostgres({ dataDir });
    await server.stop();
    // Where nobody waits for orphans the process table may still list it, without a command line.
    expect(existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '').toBe('');
  }, 60_000);
});
