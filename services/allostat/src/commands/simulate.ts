import type { Command } from 'commander';
import { wholeNumber } from '../cli/arguments';

interface SimulateOptions {
  readonly years: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: boolean;
}

export function registerSimulate(program: Command): void {
  program
    .command('simulate')
    .summary('write a demonstration market')
    .description(
      'Writes a demonstration market as CSV: prices, macro releases with vintages, headlines, the true regime.',
    )
    .requiredOption('--out <dir>', 'folder to write to')
    .option('--years <y>', 'years of 252 weekdays', wholeNumber(1), 20)
    .option('--seed <s>', 'the same seed gives the same market', wholeNumber(0), 7)
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', '\nExamples:\n  allostat simulate --years 20 --seed 7 --out market\n')
    .action(async (options: SimulateOptions) => {
      const { printResult, runCommand } = await import('../cli/output');
      await runCommand(options, async () => {
        const { writeMarket } = await import('../files/write-market');
        const files = writeMarket(options);
        const rows = files.reduce((sum, file) => sum + file.rows, 0);
        const lines = files.map((file) => `${file.file}: ${file.rows} rows`);
        printResult({ files: files.map(({ file }) => file), rows }, lines, options);
      });
    });
}
