import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundCommand, freePort } from '@allostat/platform';
import type { Infrastructure } from '../infrastructure';
import { brokerJars } from './broker-jars';

const JAVA = [
  '-Xmx256m',
  '-Xms64m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=info',
];
/** Any UUID will do: brokers of different runs never meet. A random one may begin with a dash, which is read as an option. */
const CLUSTER_ID = 'exrO_9bkQpGf6dSgl8ag9w';
const CONFIG = 'server.properties';
const START_TIMEOUT_MS = 60_000;

export interface LocalBrokerOptions {
  /** Clients must log in as this user, by SCRAM-SHA-256; `url` is then the address for them. */
  readonly user?: { readonly name: string; readonly password: string };
}

interface Ports {
  readonly port: number;
  readonly controllerPort: number;
  readonly saslPort: number | undefined;
}

function saslProperties(): string {
  return `sasl.enabled.mechanisms=SCRAM-SHA-256
listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
`;
}

function properties({ port, controllerPort, saslPort }: Ports, logs: string): string {
  const sasl = saslPort === undefined ? '' : `,SASL_PLAINTEXT://127.0.0.1:${saslPort}`;
  return `${saslPort === undefined ? '' : saslProperties()}process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${sasl}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}${sasl}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${logs}
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
group.min.session.timeout.ms=1000
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=4194304
num.network.threads=2
num.io.threads=2
background.threads=2
controlled.shutdown.enable=false
`;
}

/** A broker of one node on this machine, which can be killed and started again on its data. */
export class LocalBroker implements Infrastructure {
  readonly url: string;
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly classPath: string,
    port: number,
  ) {
    this.url = `127.0.0.1:${port}`;
  }

  /** Throws `InfrastructureMissing` where it cannot run. It ends with this process. */
  static async start({ user }: LocalBrokerOptions = {}): Promise<LocalBroker> {
    const classPath = join(brokerJars(), '*');
    const folder = mkdtempSync(join(tmpdir(), 'allostat-kafka-'));
    const saslPort = user === undefined ? undefined : await freePort();
    const ports = { port: await freePort(), controllerPort: await freePort(), saslPort };
    writeFileSync(join(folder, CONFIG), properties(ports, join(folder, 'logs')));
    const scram =
      user === undefined ? [] : ['--add-scram', `SCRAM-SHA-256=[name=${user.name},password=${user.password}]`];
    const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', join(folder, CONFIG), ...scram];
    const { status, stderr } = spawnSync('java', [...JAVA, '-cp', classPath, ...format], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the broker's folder could not be formatted: ${stderr}`);
    const broker = new LocalBroker(folder, classPath, saslPort ?? ports.port);
    await broker.run();
    return broker;
  }

  /** Ends the broker as a power cut would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Starts the broker, again after `kill`, and waits until it is ready. */
  async run(): Promise<void> {
    const java = ['java', ...JAVA, '-cp', this.classPath, 'kafka.Kafka', join(this.folder, CONFIG)];
    const [command, ...args] = boundCommand('KILL', java);
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      let log = '';
      const fail = (what: string) => reject(new Error(`the broker ${what}: ${log}`));
      const timer = setTimeout(() => fail('was not ready in time'), START_TIMEOUT_MS);
      child.once('exit', (code) => fail(`ended with code ${code}`));
      child.stderr.on('data', (chunk: Buffer) => {
        log = (log + chunk.toString()).slice(-4000);
        if (!log.includes('Kafka Server started')) return;
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
