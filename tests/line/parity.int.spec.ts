import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@allostat/platform';
import { describeWith, eventually } from '@allostat/testkit';
import { allostat, LineProcesses } from './line-processes';

const RUN = ['--bars', '90', '--years', '10', '--json'];

describeWith(['postgres', 'kafka'], 'the same market', () => {
  let home: string;
  let processes: LineProcesses;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'allostat-one-'));
    processes = await LineProcesses.open('kafka');
    await processes.startAll();
  }, 180_000);
  afterAll(async () => {
    await processes.close();
    rmSync(home, { recursive: true, force: true });
  }, 60_000);

  it('gives the same bytes in one process and as separate services over Kafka', async () => {
    const one = await allostat(['up', '--once', '--approve', 'pilot', ...RUN], { ALLOSTAT_HOME: home });
    expect(one.stderr).toBe('');
    const many = await allostat(['demonstrate', ...RUN], processes.env());
    expect({ code: many.code, stderr: many.stderr }).toEqual({ code: 0, stderr: '' });
    const { seconds: _one, barsPerSecond: _oneRate, ...embedded } = JSON.parse(one.stdout) as Record<string, unknown>;
    const { seconds: _many, barsPerSecond: _manyRate, ...kafka } = JSON.parse(many.stdout) as Record<string, unknown>;
    expect(kafka).toEqual(embedded);
    expect(embedded.instructions).toBeGreaterThanOrEqual(5);
    expect(embedded).toMatchObject({ deadLetters: 4 });
  }, 300_000);

  it('is shared by three processes of one service, each with partitions of its own', async () => {
    const ports = [await freePort(), await freePort()];
    await Promise.all(ports.map((port) => processes.service('optimization', () => ({}), port).start()));
    await eventually(async () => {
      const shares = await Promise.all(
        processes.running
          .filter(({ name }) => name.startsWith('optimization:'))
          .map(async ({ name }) => {
            const answer = await fetch(`http://127.0.0.1:${name.split(':')[1]}/health/ready`);
            const { partitions } = (await answer.json()) as { partitions: { topic: string; partition: number }[] };
            return partitions.filter(({ topic }) => topic === 'risk.budget.v1').map(({ partition }) => partition);
          }),
      );
      expect(shares).toHaveLength(3);
      for (const share of shares) expect(share.length).toBeGreaterThan(0);
      expect(shares.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    }, 30_000);
  }, 90_000);
});
