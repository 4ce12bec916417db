import { Option, type Command } from 'commander';

export interface MonthRegimesOptions {
  readonly profile?: string;
  readonly method: 'tilted' | 'matrix';
  readonly scoreFrom: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat month-regimes current.csv
  allostat month-regimes current.csv --score-from 2005-01 --json

The file has months with the columns S&P 500, AAA, BAA and TB3MS, as FRED-MD has them; --profile says how another is read.
`;

export function registerMonthRegimes(program: Command): void {
  program
    .command('month-regimes')
    .summary('what the coming months will be called')
    .description(
      'Names months by the backward-looking rule, says what the next ones will be called, and scores such forecasts.',
    )
    .argument('<file>', 'monthly series')
    .option('--profile <file>', 'how the file is to be read (default: examples/profiles/fred-md.yaml)')
    .addOption(
      new Option('--method <method>', 'the matrix tilted by how near the thresholds are, or the matrix alone')
        .choices(['tilted', 'matrix'])
        .default('tilted'),
    )
    .option('--score-from <month>', 'first month whose forecast is scored, YYYY-MM', '1985-01')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', EXAMPLES)
    .action(async (file: string, options: MonthRegimesOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-month-regimes')).runMonthRegimes(file, options));
    });
}
