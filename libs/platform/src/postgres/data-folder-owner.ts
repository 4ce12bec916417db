import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AllostatError } from '@allostat/kernel';
import { sleep } from '../process/sleep';

const STOP_TIMEOUT_MS = 20_000;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed process that nobody has waited for still answers.
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EPERM';
  }
}

function firstNumber(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const value = Number.parseInt(readFileSync(path, 'utf8'), 10);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

/** Whether process `pid` is a server on `data`; process ids are reused, so the number alone says nothing. */
function serves(pid: number, data: string): boolean {
  if (!alive(pid)) return false;
  const commandLine = `/proc/${pid}/cmdline`;
  return existsSync(commandLine) ? readFileSync(commandLine, 'utf8').includes(data) : process.platform !== 'linux';
}

/**
 * Makes the data folder ours: refuses when the process that owns it lives, ends a server that outlived its owner,
 * and removes a lock file whose process number is another program's now.
 */
export async function releaseDataFolder(folder: string): Promise<void> {
  const ownerFile = join(folder, 'owner.pid');
  const lockFile = join(folder, 'data', 'postmaster.pid');
  const owner = firstNumber(ownerFile);
  const server = firstNumber(lockFile);
  const data = join(folder, 'data');
  const running = server !== undefined && serves(server, data);
  if (running && owner !== undefined && alive(owner)) {
    throw new AllostatError(
      'POSTGRES.IN_USE',
      `${folder} is in use by process ${owner}`,
      'stop that process, or choose another folder with ALLOSTAT_HOME',
    );
  }
  if (running) {
    process.kill(server, 'SIGINT');
    for (let waited = 0; serves(server, data); waited += 50) {
      if (waited > STOP_TIMEOUT_MS) {
        throw new AllostatError('POSTGRES.IN_USE', `a server left in ${folder} (process ${server}) does not stop`);
      }
      await sleep(50);
    }
  }
  // A lock of a process that is gone is Postgres' own affair: it checks that nothing still uses its memory. One whose
  // number now belongs to another program would make it refuse for ever.
  if (server !== undefined && alive(server)) rmSync(lockFile, { force: true });
  writeFileSync(ownerFile, String(process.pid));
}
