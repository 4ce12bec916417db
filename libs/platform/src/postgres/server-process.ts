import { spawn, type ChildProcess } from 'node:child_process';
import { AllostatError } from '@allostat/kernel';
import { sleep } from '../process/sleep';
import type { Launch } from './unprivileged-launch';

const START_TIMEOUT_MS = 60_000;

export interface ServerLaunch {
  readonly launch: Launch;
  readonly data: string;
  readonly attemptsLeft: number;
}

/** Starts the server process and waits until it takes connections. */
export async function launchServer(
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

/** Stops a server in order; at once when it has ended already. */
export function stopServer(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.ref();
    child.once('exit', () => resolve());
    child.kill('SIGINT');
  });
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
