import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { AllostatError } from '@allostat/kernel';
import { boundCommand } from '../process/bound-command';
import { freePort } from '../process/free-port';
import { sleep } from '../process/sleep';
import { releaseDataFolder } from './data-folder-owner';
import { embeddedBinaries } from './embedded-binaries';
import { unprivilegedLaunch, type Launch } from './unprivileged-launch';

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

const START_TIMEOUT_MS = 60_000;
const DATABASE = 'allostat';

function initialise(binaries: string, folder: string, launch: Launch): void {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  if (existsSync(join(data, 'PG_VERSION')) && existsSync(passwordFile)) return;
  rmSync(data, { recursive: true, force: true });
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (launch.ids.uid !== undefined) chownSync(passwordFile, launch.ids.uid, -1);
  const args = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    '--pwfile',
    passwordFile,
    '-E',
    'UTF8',
    '--locale=C',
  ];
  const [command, ...rest]: string[] = [...launch.prefix, join(binaries, 'initdb'), ...args, '--no-sync'];
  const result = spawnSync(command, rest, {
    ...launch.ids,
    cwd: '/',
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    rmSync(data, { recursive: true, force: true });
    throw new AllostatError(
      'POSTGRES.INITDB',
      `initdb failed in ${data}: ${result.stderr || String(result.error)}`,
      'check that the folder is writable, or set DATABASE_URL to a running server',
    );
  }
}

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

function waitUntilReady(child: ChildProcess, data: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (what: string) =>
      reject(
        new AllostatError(
          'POSTGRES.START',
          `Postgres ${what} in ${data}: ${log.trim()}`,
          'read the text above; see also DATABASE_URL',
        ),
      );
    const timer = setTimeout(() => fail('was not ready in time'), START_TIMEOUT_MS);
    const onExit = (code: number | null) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    };
    child.once('exit', onExit);
    child.once('error', (error) => fail(error.message));
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
      if (!log.includes('ready to accept connections')) return;
      clearTimeout(timer);
      child.off('exit', onExit);
      resolve();
    });
  });
}

function stopper(child: ChildProcess): () => Promise<void> {
  return () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.ref();
      child.once('exit', () => resolve());
      child.kill('SIGINT');
    });
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

interface ServerLaunch {
  readonly launch: Launch;
  readonly data: string;
  readonly attemptsLeft: number;
}

async function launchServer(
  server: readonly string[],
  { launch, data, attemptsLeft }: ServerLaunch,
): Promise<ChildProcess> {
  const [command, ...args]: string[] = [...launch.prefix, ...server];
  // A process group of its own: Ctrl-C must not reach Postgres before the services have closed.
  const child = spawn(command, args, { ...launch.ids, cwd: '/', stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  try {
    await waitUntilReady(child, data);
  } catch (error) {
    // What a killed server leaves behind ends by itself within moments.
    if (!/still in use/.test((error as Error).message) || attemptsLeft === 0) throw error;
    await sleep(500);
    return launchServer(server, { launch, data, attemptsLeft: attemptsLeft - 1 });
  }
  child.unref();
  for (const stream of [child.stderr, child.stdin]) (stream as unknown as { unref?: () => void } | null)?.unref?.();
  return child;
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
  initialise(binaries, folder, launch);
  const data = join(folder, 'data');
  const port = options.port ?? (await freePort());
  const server = boundCommand('INT', [join(binaries, 'postgres'), '-D', data, ...settingsOf(options, port)]);
  const child = await launchServer(server, { launch, data, attemptsLeft: 20 });
  const password = readFileSync(join(folder, 'password'), 'utf8');
  const url = `postgres://postgres:${password}@127.0.0.1:${port}`;
  await ensureDatabase(url);
  return { url: `${url}/${DATABASE}`, pid: child.pid as number, stop: stopper(child) };
}
