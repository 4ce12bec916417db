import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@allostat/testkit';
import { allostat } from '../line/line-processes';

const ROOT = join(__dirname, '../..');
const PROJECT = `allostat-test-${process.pid}`;
const RUN = ['--bars', '40', '--years', '10', '--json'];

/** `docker compose` on the file at the root, under a project name of its own. */
function compose(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn('docker', ['compose', '--project-name', PROJECT, ...args], { cwd: ROOT });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)));
    child.once('exit', (code) => resolve({ code, stdout, stderr }));
  });
}

describeWith('compose', 'docker compose', () => {
  beforeAll(async () => {
    const { code, stderr } = await compose('build', 'signal-ingestion');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  }, 900_000);
  afterAll(() => compose('down', '-v', '--remove-orphans'), 120_000);

  it('is healthy within a minute of built images', async () => {
    const started = Date.now();
    const { code, stderr } = await compose('up', '--wait', '--wait-timeout', '120');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect((Date.now() - started) / 1000).toBeLessThan(120); // a shared machine may be slow; 60 s is what it should take
  }, 180_000);

  it('comes to the same summary as one process', async () => {
    const home = mkdtempSync(join(tmpdir(), 'allostat-one-'));
    try {
      const many = await compose('run', '--rm', 'demonstration', ...RUN);
      const one = await allostat(['up', '--once', '--approve', 'pilot', ...RUN], { ALLOSTAT_HOME: home });
      const { seconds: _a, barsPerSecond: _b, ...containers } = JSON.parse(many.stdout) as Record<string, unknown>;
      const { seconds: _c, barsPerSecond: _d, ...embedded } = JSON.parse(one.stdout) as Record<string, unknown>;
      expect(containers).toEqual(embedded);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }, 300_000);

  it('leaves nothing behind', async () => {
    expect((await compose('down', '-v')).code).toBe(0);
    const { stdout } = await compose('ps', '-a', '--quiet');
    expect(stdout.trim()).toBe('');
  }, 120_000);
});
