import type { Command } from 'commander';

interface IngestOptions {
  readonly profile: string;
  readonly factors?: string;
  readonly totalReturn?: string;
  readonly sentimentModel?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat ingest prices.csv --profile examples/profiles/wide-prices.yaml
  allostat ingest ETFs_TotalReturnIndices.csv --profile examples/profiles/etf37-total-return.yaml --dry-run
  allostat ingest closes.csv --profile closes.yaml --factors factors.csv
`;

export function registerIngest(program: Command): void {
  program
    .command('ingest')
    .summary('read files into observations')
    .description('Reads files into observations by an import profile; the same file twice changes nothing.')
    .argument('<file...>', 'files of one kind')
    .requiredOption('--profile <file>', 'how the files are to be read; see examples/profiles')
    .option('--factors <file>', 'CSV of date, series, factor: splits, dividends and spin-offs to carry prices over')
    .option('--total-return <file=profile>', 'total-return levels of the same series, from which the factors are taken')
    .option(
      '--sentiment-model <file>',
      'model of the tone of headlines without one (default: SENTIMENT_MODEL_FILE, else the lexicon)',
    )
    .option('--dry-run', 'read and check only, store nothing')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', EXAMPLES)
    .action(async (files: string[], options: IngestOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-ingest')).runIngest(files, options));
    });
}
