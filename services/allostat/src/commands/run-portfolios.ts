import { join } from 'node:path';
import { DecisionThreads } from '@allostat/platform';
import type { BacktestCheckpoint } from './backtest-checkpoint';
import { runPortfolio, type PortfolioRun, type PortfolioTask } from './portfolio-run';

export interface RunPortfoliosOptions {
  /** Worker threads; 0 runs one after the other on the event loop. */
  readonly threads: number;
  readonly checkpoint?: BacktestCheckpoint | undefined;
  readonly onRun: (done: number, name: string) => void;
}

/** Runs portfolios by name, side by side on threads, each kept as soon as it is done; what was kept before is not run again. */
export async function runPortfolios(
  tasks: ReadonlyMap<string, PortfolioTask>,
  { threads, checkpoint, onRun }: RunPortfoliosOptions,
): Promise<ReadonlyMap<string, PortfolioRun>> {
  const pool = new DecisionThreads<undefined, PortfolioTask, PortfolioRun>({
    file: join(__dirname, 'portfolio-run.worker.js'),
    threads,
    decide: (task) => ({ state: undefined, events: [runPortfolio(task)] }),
  });
  let done = 0;
  const one = async (name: string, task: PortfolioTask): Promise<readonly [string, PortfolioRun]> => {
    const kept = checkpoint?.read(task);
    if (kept === undefined && !pool.beside) onRun(done, name);
    const run = kept ?? (await pool.decide(task, undefined, { now: '' })).events[0];
    if (kept === undefined) checkpoint?.keep(task, run);
    done += 1;
    onRun(done, name);
    return [name, run];
  };
  try {
    const entries = [...tasks];
    if (pool.beside) return new Map(await Promise.all(entries.map(([name, task]) => one(name, task))));
    const runs = new Map<string, PortfolioRun>();
    for (const [name, task] of entries) runs.set(...(await one(name, task)));
    return runs;
  } finally {
    await pool.onModuleDestroy();
  }
}
