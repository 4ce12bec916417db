import { spawn, spawnSync } from 'node:child_process';
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
const START_TIMEOUT_MS = 60_000;

function properties(port: number, controllerPort: number, logs: string): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
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

/** Starts a broker of one node on this machine; it ends with this process. `url` is its address. */
export async function startLocalBroker(): Promise<Infrastructure> {
  const classPath = join(brokerJars(), '*');
  const folder = mkdtempSync(join(tmpdir(), 'allostat-kafka-'));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const config = join(folder, 'server.properties');
  writeFileSync(config, properties(port, controllerPort, join(folder, 'logs')));
  const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', config];
  const formatted = spawnSync('java', [...JAVA, '-cp', classPath, ...format], { encoding: 'utf8' });
  if (formatted.status !== 0) throw new Error(`the broker's folder could not be formatted: ${formatted.stderr}`);
  const [command, ...args] = boundCommand('KILL', ['java', ...JAVA, '-cp', classPath, 'kafka.Kafka', config]);
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'pipe'] });
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
  return {
    url: `127.0.0.1:${port}`,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
