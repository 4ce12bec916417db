import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AllostatError } from '@allostat/kernel';
import type { Launch } from './unprivileged-launch';

export interface InitialiseOptions {
  readonly binaries: string;
  /** Holds `data` and `password`. */
  readonly folder: string;
  readonly launch: Launch;
  readonly durable: boolean;
}

function writePassword(path: string, { ids }: Launch): void {
  writeFileSync(path, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (ids.uid !== undefined) chownSync(path, ids.uid, -1);
}

/**
 * Makes the data of a new server, with a password for its administrator, unless they are there. It is made aside and
 * moved into place when it is whole, so that an interrupted start leaves nothing half done.
 */
export function initialiseData({ binaries, folder, launch, durable }: InitialiseOptions): void {
  const data = join(folder, 'data');
  const password = join(folder, 'password');
  if (existsSync(data)) {
    if (existsSync(password)) return;
    throw new AllostatError(
      'POSTGRES.NO_PASSWORD',
      `${data} is there, but the administrator's password ${password} is not`,
      'bring the file back, or move the folder away to begin anew',
    );
  }
  const aside = join(folder, 'unfinished');
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { mode: 0o700 });
  if (launch.ids.uid !== undefined) chownSync(aside, launch.ids.uid, -1);
  writePassword(password, launch);
  const words = `-U postgres -A scram-sha-256 -E UTF8 --locale=C${durable ? '' : ' --no-sync'}`.split(' ');
  const initdb = [join(binaries, 'initdb'), '-D', aside, '--pwfile', password, ...words];
  const [command, ...args]: string[] = [...launch.prefix, ...initdb];
  const { status, stderr, error } = spawnSync(command, args, { ...launch.ids, cwd: '/', encoding: 'utf8' });
  if (status !== 0) {
    throw new AllostatError(
      'POSTGRES.INITDB',
      `initdb failed in ${folder}: ${stderr || String(error)}`,
      'check that the folder is writable, or set DATABASE_URL to a running server',
    );
  }
  renameSync(aside, data);
}

/** The administrator's password. */
export function readPassword(folder: string): string {
  return readFileSync(join(folder, 'password'), 'utf8');
}
