import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AllostatError } from '@allostat/kernel';

const NOBODY = 65534;
const USER_NAMESPACE = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];

/** How a program that refuses to run as root is started: words before the command, and the user to become. */
export interface Launch {
  readonly prefix: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

function openToAll(path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * Postgres refuses user 0. As root we start it in a user namespace of its own, and where those are forbidden as `nobody`.
 * Throws `AllostatError` (POSTGRES.ROOT) when neither is possible.
 */
export function unprivilegedLaunch(binaries: string, folder: string): Launch {
  if (process.getuid?.() !== 0) return { prefix: [], ids: {} };
  const [command, ...args]: string[] = [...USER_NAMESPACE, 'true'];
  if (spawnSync(command, args).status === 0) return { prefix: USER_NAMESPACE, ids: {} };
  if (openToAll(binaries) && openToAll(dirname(resolve(folder)))) {
    chownSync(folder, NOBODY, NOBODY);
    chmodSync(folder, 0o700);
    return { prefix: [], ids: { uid: NOBODY, gid: NOBODY } };
  }
  throw new AllostatError(
    'POSTGRES.ROOT',
    `Postgres does not run as root, user namespaces are forbidden here, and ${folder} cannot be reached by another user`,
    'run as an ordinary user, or set DATABASE_URL to a running server',
  );
}
