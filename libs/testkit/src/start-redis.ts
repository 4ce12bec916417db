import { spawn, spawnSync } from 'node:child_process';
import { createConnection } from 'node:net';
import { boundCommand, freePort } from '@allostat/platform';
import { dockerAnswers } from './docker-answers';
import { eventually } from './eventually';
import { InfrastructureMissing, type Infrastructure } from './infrastructure';

async function answers(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      if (data.toString().startsWith('+PONG')) resolve();
      else reject(new Error(data.toString()));
    });
  });
}

async function startLocal(): Promise<Infrastructure> {
  const port = await freePort();
  const server = ['redis-server', '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const [command, ...args] = boundCommand('KILL', server);
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'] });
  await eventually(() => answers(port));
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function startContainer(): Promise<Infrastructure> {
  const { GenericContainer } = await import('testcontainers');
  const container = await new GenericContainer('redis:8').withExposedPorts(6379).start();
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    stop: async () => void (await container.stop()),
  };
}

/** A Redis for one suite: ALLOSTAT_TEST_REDIS, else a local `redis-server`, else a container. */
export async function startRedis(): Promise<Infrastructure> {
  const given = process.env.ALLOSTAT_TEST_REDIS;
  if (given !== undefined && given !== '') return { url: given, stop: () => Promise.resolve() };
  if (spawnSync('redis-server', ['--version']).status === 0) return startLocal();
  if (dockerAnswers()) return startContainer();
  throw new InfrastructureMissing('redis', 'neither ALLOSTAT_TEST_REDIS, redis-server nor a container engine is there');
}
