import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@allostat/testkit';
import { boundCommand } from './bound-command';

const RUNNER = join(__dirname, '..', '..', '..', 'testkit', 'run-typescript.cjs');
const onLinux = process.platform === 'linux';
const commandLine = (pid: number) => (existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '');

describe('boundCommand', () => {
  (onLinux ? it : it.skip).each(['setpriv', 'shell'])(
    'ends the child when the parent is killed, by %s',
    async (way) => {
      const parent = spawn(process.execPath, [RUNNER, join(__dirname, 'bound-parent.fixture.ts'), way], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (chunk) => resolve(Number(chunk))));
      await eventually(() => expect(commandLine(pid)).toContain('sleep'));
      parent.kill('SIGKILL');
      await eventually(() => expect(commandLine(pid)).toBe(''));
    },
    30_000,
  );

  (onLinux ? it : it.skip)('passes the exit code on', async () => {
    const [command, ...args] = boundCommand('TERM', ['sh', '-c', 'exit 7'], { setpriv: false });
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'] });
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(7);
  });
});
