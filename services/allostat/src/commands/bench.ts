import { AllostatError } from '@allostat/kernel';
import type { Command } from 'commander';

const examples = `
Examples:
  $ allostat bench --data ../shared
  $ allostat bench hrp min-cvar --data ../shared
`;

/** Adds `allostat bench`: the work of the peers' benchmark, one JSON line a task. */
export function registerBench(program: Command): void {
  program
    .command('bench')
    .summary('time the numbers beside the peer libraries')
    .description('Times the numbers on the same work as the peer libraries; one JSON line a task.')
    .addHelpText('before', examples)
    .argument(
      '[task...]',
      'hrp, min-cvar, min-cdar, erc, erc-cvar, meanvar, ledoit-wolf, multi, regime-tick, bar-update, backfill; all when left out',
    )
    .option('--data <folder>', 'folder that holds the folders data and reference', '../shared')
    .option('--json', 'accepted for uniformity: the output is JSON lines either way')
    .action(benchAction);
}

async function benchAction(tasks: readonly string[], { data }: { readonly data: string }): Promise<void> {
  try {
    const { benchFamilies } = await import('./bench-tasks');
    const known = Object.keys(benchFamilies);
    const unknown = tasks.find((task) => !known.includes(task));
    if (unknown !== undefined)
      throw new AllostatError('USAGE.TASK', `there is no task ${unknown}`, `known are ${known.join(', ')}`);
    for (const family of tasks.length === 0 ? known : tasks) {
      for (const task of benchFamilies[family](data)) {
        const begun = performance.now();
        task.run();
        const firstMs = performance.now() - begun;
        const wall: number[] = [];
        const cpu: number[] = [];
        for (let k = 0; k < task.runs; k++) {
          const used = process.cpuUsage();
          const at = performance.now();
          task.run();
          wall.push(performance.now() - at);
          const { user, system } = process.cpuUsage(used);
          cpu.push((user + system) / 1000);
          task.afterRun?.();
        }
        const line = {
          task: task.task,
          size: task.size,
          value: task.value(),
          medianMs: median(wall),
          minMs: Math.min(...wall),
          medianCpuMs: median(cpu),
          firstMs,
          runs: task.runs,
        };
        process.stdout.write(
          `${JSON.stringify(line, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value))}\n`,
        );
      }
    }
  } catch (error) {
    if (!(error instanceof AllostatError)) throw error;
    const { code, message, hint } = error;
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
    process.exitCode = code.startsWith('USAGE.') ? 2 : 1;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
