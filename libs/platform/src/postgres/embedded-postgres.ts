import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { boundCommand } from '../process/bound-command';
import { freePort } from '../process/free-port';
import { releaseDataFolder } from './data-folder-owner';
import { embeddedBinaries } from './embedded-binaries';
import { initialiseData, readPassword } from './initialise-data';
import { launchServer, stopServer } from './server-process';
import { unprivilegedLaunch } from './unprivileged-launch';

export interface EmbeddedPostgresOptions {
  /** Folder for the data and the administrator's password; made when missing, reused when it exists. */
  readonly dataDir: string;
  readonly port?: number;
  /** False trades the last commits of a machine crash for speed; for tests. */
  readonly durable?: boolean;
  readonly maxConnections?: number;
  /** Further server settings, `name: value`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Administrator's URL of the database `allostat`. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const DATABASE = 'allostat';

function settingsOf(options: EmbeddedPostgresOptions, port: number): string[] {
  const durable = options.durable !== false;
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(options.maxConnections ?? 150),
    shared_buffers: '64MB',
    jit: 'off',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: `${url}/postgres` });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/**
 * Starts a Postgres of our own on the loopback interface and waits until it takes connections.
 * It ends with this process, even when that is killed; what an earlier process left behind is cleaned first.
 * Throws `AllostatError` when binaries are missing, another living process uses the folder, or the server does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.dataDir);
  mkdirSync(folder, { recursive: true });
  const binaries = embeddedBinaries();
  const launch = unprivilegedLaunch(binaries, folder);
  await releaseDataFolder(folder);
  initialiseData({ binaries, folder, launch, durable: options.durable !== false });
  const data = join(folder, 'data');
  const port = options.port ?? (await freePort());
  const server = boundCommand('INT', [join(binaries, 'postgres'), '-D', data, ...settingsOf(options, port)]);
  const child = await launchServer(server, { launch, data, attemptsLeft: 20 });
  const url = `postgres://postgres:${readPassword(folder)}@127.0.0.1:${port}`;
  await ensureDatabase(url);
  return { url: `${url}/${DATABASE}`, pid: child.pid as number, stop: () => stopServer(child) };
}
