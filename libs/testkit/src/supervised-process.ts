import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

const RUNNER = resolve(__dirname, '..', 'run-typescript.cjs');

export interface SupervisedProcessOptions {
  /** TypeScript file to run. */
  readonly file: string;
  readonly args: readonly string[];
  /** Environment of each start; `starts` counts from 1. */
  readonly env: (starts: number) => Readonly<Record<string, string>>;
  /** Asked until it says yes; by default the process says `ready` on standard output. */
  readonly isReady?: () => Promise<boolean>;
}

const READY_POLL_MS = 100;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that is started again whenever it dies, until it is told to stop; as an orchestrator would. */
export class SupervisedProcess {
  readonly ends: ProcessEnd[] = [];
  starts = 0;
  private child: ChildProcess | undefined;
  private stopping = false;
  private output = '';

  constructor(private readonly options: SupervisedProcessOptions) {}

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    const child = this.spawn();
    const { isReady } = this.options;
    await new Promise<void>((resolve, reject) => {
      if (isReady) void this.poll(child, isReady).then(resolve, reject);
      child.stdout?.on('data', (chunk: Buffer) => {
        if (!isReady && chunk.toString().includes('ready')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready: ${this.output}`)));
    });
  }

  private async poll(child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
    while (child.exitCode === null && !(await isReady())) {
      await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
    }
  }

  /** What it wrote to standard error, the last of it. */
  get errors(): string {
    return this.output;
  }

  /** Sends a signal to the process that runs now. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Sends a signal and waits for the end; it is not started again. Returns how it ended and after how long. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ProcessEnd & { readonly milliseconds: number }> {
    this.stopping = true;
    const { child } = this;
    const started = Date.now();
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return { ...(this.ends.at(-1) as ProcessEnd), milliseconds: 0 };
    }
    const ended = new Promise<ProcessEnd>((resolve) => child.once('exit', (code, by) => resolve({ code, signal: by })));
    child.kill(signal);
    return { ...(await ended), milliseconds: Date.now() - started };
  }

  private spawn(): ChildProcess {
    const { file, args, env } = this.options;
    this.starts++;
    const child = spawn(process.execPath, [RUNNER, file, ...args], {
      env: { ...process.env, ...env(this.starts) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-8000)));
    child.once('exit', (code, signal) => {
      this.ends.push({ code, signal });
      if (!this.stopping) this.spawn();
    });
    this.child = child;
    return child;
  }
}
