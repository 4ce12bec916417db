import { InputError } from '@allostat/kernel';
import type { Command } from 'commander';

interface BacktestCommandOptions {
  readonly config: string;
  readonly report?: string;
  readonly csv?: string;
  readonly threads: string;
  readonly checkpoint?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat backtest --config examples/backtests/etf37-default.yaml
  allostat backtest --config mine.yaml --report mine.html --csv mine
  allostat backtest --config mine.yaml --json > result.json
  allostat backtest --config mine.yaml --checkpoint runs --threads 2      stopped and started again it goes on
`;

function wholeThreads(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 0 && threads <= 64) return threads;
  throw new InputError(`--threads ${text}: use a whole number in 0..64`, { field: 'threads' });
}

/** Adds `allostat backtest`: portfolios as they would have traded, with costs, side by side. */
export function registerBacktest(program: Command): void {
  program
    .command('backtest')
    .summary('test portfolios on history, with costs')
    .description(
      'Runs the portfolios of a file through history as they would have traded: decided at one close, traded at the next, each cost charged once.',
    )
    .requiredOption('--config <file>', 'YAML; keys in docs/guides/backtest.md')
    .option('--report <file>', 'also write one HTML page that needs nothing else')
    .option('--csv <folder>', 'also write values, weights, trades and ledger as CSV files')
    .option('--threads <count>', 'portfolios that run side by side; 0: one after the other', '1')
    .option(
      '--checkpoint <folder>',
      'keep each finished portfolio there; the same command again goes on where it stopped',
    )
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', EXAMPLES)
    .action(async (options: BacktestCommandOptions) => {
      const { printResult, runCommand } = await import('../cli/output');
      await runCommand(options, async () => {
        const [{ readBacktestConfig }, { runBacktest }, { backtestLines }] = await Promise.all([
          import('./backtest-config'),
          import('./run-backtest'),
          import('./backtest-lines'),
        ]);
        const threads = wholeThreads(options.threads);
        const { checkpoint } = options;
        const run = await runBacktest(readBacktestConfig(options.config), {
          threads,
          ...(checkpoint !== undefined && { checkpoint }),
        });
        const { result } = run;
        if (options.report !== undefined || options.csv !== undefined) {
          const { writeReport, writeTables } = await import('../report/write-report');
          if (options.report !== undefined) writeReport(options.report, run, options.config);
          if (options.csv !== undefined) writeTables(options.csv, run);
        }
        printResult(result, backtestLines(result), options);
      });
    });
}
