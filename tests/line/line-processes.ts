import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@allostat/platform';
import { startKafka, startPostgres, SupervisedProcess, type Infrastructure } from '@allostat/testkit';

const ROOT = join(__dirname, '../..');
const RUNNER = join(ROOT, 'libs/testkit/run-typescript.cjs');
const COMMAND = join(ROOT, 'services/allostat/src/main.ts');

export const SERVICES = [
  'signal-ingestion',
  'regime-detection',
  'risk-budgeting',
  'optimization',
  'governance',
  'model-lab',
  'order-system',
] as const;
export type Service = (typeof SERVICES)[number];

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the `allostat` command from its source, to its end. */
export function allostat(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [RUNNER, COMMAND, ...args], { env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('exit', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Every service as a process of its own, over Kafka or over the log in Postgres. */
export class LineProcesses {
  private readonly processes = new Map<string, SupervisedProcess>();

  private constructor(
    private readonly postgres: Infrastructure,
    private readonly kafka: Infrastructure | undefined,
    readonly home: string,
    private readonly ports: ReadonlyMap<string, number>,
  ) {}

  static async open(transport: 'postgres' | 'kafka'): Promise<LineProcesses> {
    const postgres = await startPostgres();
    const kafka = transport === 'kafka' ? await startKafka() : undefined;
    const ports = new Map<string, number>();
    for (const service of SERVICES) ports.set(service, await freePort());
    const home = mkdtempSync(join(tmpdir(), 'allostat-home-'));
    const line = new LineProcesses(postgres, kafka, home, ports);
    for (const job of ['database', 'topics', 'people']) {
      const { code, stderr } = await allostat(['setup', job], line.env());
      if (code !== 0) throw new Error(`setup ${job} failed: ${stderr}`);
    }
    return line;
  }

  /** Environment of the administrator's tools. */
  env(): Record<string, string> {
    return {
      DATABASE_URL: this.postgres.url,
      SERVICE_PASSWORD: 'for-tests-only',
      ALLOSTAT_HOME: this.home,
      GOVERNANCE_URL: `http://127.0.0.1:${this.ports.get('governance')}`,
      ...(this.kafka && { KAFKA_BROKERS: this.kafka.url }),
    };
  }

  get adminUrl(): string {
    return this.postgres.url;
  }

  get kafkaUrl(): string | undefined {
    return this.kafka?.url;
  }

  /** A process of a service; `extra` is its environment at the n-th start. */
  service(
    name: Service,
    extra: (starts: number) => Readonly<Record<string, string>> = () => ({}),
    port = this.ports.get(name) as number,
  ): SupervisedProcess {
    const url = new URL(this.postgres.url);
    url.username = `allostat_${name.replaceAll('-', '_')}`;
    url.password = 'for-tests-only';
    const process = new SupervisedProcess({
      file: name === 'order-system' ? COMMAND : join(ROOT, `services/${name}/src/main.ts`),
      args: name === 'order-system' ? ['oms', 'simulate'] : [],
      env: (starts) => ({
        DATABASE_URL: url.toString(),
        PORT: String(port),
        HOST: '127.0.0.1',
        LOG_LEVEL: 'warn',
        ...(this.kafka && { KAFKA_BROKERS: this.kafka.url }),
        ...(name === 'governance' && {
          PEOPLE_FILE: join(this.home, 'people.json'),
          GOVERNANCE_LOG_KEY_FILE: join(this.home, 'audit-key.pem'),
          GOVERNANCE_COMMAND_TIME: 'event',
        }),
        ...(name === 'model-lab' && { MODEL_LOG_KEY_FILE: join(this.home, 'audit-key.pem') }),
        ...extra(starts),
      }),
      isReady: () => isReady(port),
    });
    this.processes.set(`${name}:${port}`, process);
    return process;
  }

  async startAll(
    extra: (service: Service, starts: number) => Readonly<Record<string, string>> = () => ({}),
  ): Promise<void> {
    await Promise.all(SERVICES.map((name) => this.service(name, (starts) => extra(name, starts)).start()));
  }

  /** Every process, named `service:port`. */
  get running(): readonly { readonly name: string; readonly process: SupervisedProcess }[] {
    return [...this.processes].map(([name, process]) => ({ name, process }));
  }

  async close(): Promise<void> {
    await Promise.all(this.running.map(({ process }) => process.stop('SIGKILL')));
    await this.kafka?.stop();
    await this.postgres.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
  return answer?.ok === true;
}
