import type { Command } from 'commander';

export interface InspectOptions {
  readonly json?: boolean;
}

export interface InspectBarsOptions extends InspectOptions {
  readonly profile: string;
  readonly close: string;
  readonly open?: string;
  readonly high?: string;
  readonly low?: string;
  readonly volume?: string;
}

export interface InspectMembershipOptions extends InspectOptions {
  readonly prices?: string;
  readonly profile?: string;
}

export interface InspectLabelsOptions extends InspectOptions {
  readonly universe: string;
  readonly prices: string;
  readonly profile: string;
  readonly symbol: string;
  readonly label: string;
}

export interface InspectAveragesOptions extends InspectOptions {
  readonly profile: string;
  readonly months: string;
  readonly monthsProfile: string;
}

const EXAMPLES = `
Examples:
  allostat inspect bars --close close.csv.gz --high high.csv.gz --low low.csv.gz --profile examples/profiles/sp500-close.yaml
  allostat inspect weights allocations.csv
  allostat inspect membership ticker_start_end.csv --prices close.csv.gz --profile examples/profiles/sp500-close.yaml
  allostat inspect labels ETFs_desc.csv --symbol Ticker --label "Fund Type" --universe examples/universes/etf37.yaml \\
    --prices ETFs_TotalReturnIndices.csv --profile examples/profiles/etf37-total-return.yaml
  allostat inspect averages vintages_2019_2022.xlsx --profile examples/profiles/fred-md-vintages.yaml \\
    --months 2022-09.csv --months-profile examples/profiles/fred-md.yaml

Nothing is stored. The exit code is 3 when something is found.
`;

export function registerInspect(program: Command): void {
  const inspect = program
    .command('inspect')
    .summary('check files against each other')
    .description(
      'Checks what cannot be seen in one file alone: fields of bars, weights of allocations, members of an index, labels of instruments, averages.',
    )
    .addHelpText('before', EXAMPLES);
  const run = async (
    options: InspectOptions,
    work: (commands: typeof import('./run-inspect')) => void | Promise<void>,
  ): Promise<void> => {
    const { runCommand } = await import('../cli/output');
    await runCommand(options, async () => work(await import('./run-inspect')));
  };
  const json = (command: Command): Command => command.option('--json', 'print the result as one JSON document');
  json(
    inspect
      .command('bars')
      .description('the open, high, low, close and volume of the same bars, a file each')
      .requiredOption('--profile <file>', 'how the files are to be read')
      .requiredOption('--close <file>', 'closes')
      .option('--open <file>', 'opens')
      .option('--high <file>', 'highs')
      .option('--low <file>', 'lows')
      .option('--volume <file>', 'volumes'),
  ).action((options: InspectBarsOptions) => run(options, ({ runInspectBars }) => runInspectBars(options)));
  json(
    inspect
      .command('weights')
      .description(
        'allocations that do not sum to one or list a symbol twice; columns name, symbols and weights, apart by spaces',
      )
      .argument('<file>'),
  ).action((file: string, options: InspectOptions) =>
    run(options, ({ runInspectWeights }) => runInspectWeights(file, options)),
  );
  json(
    inspect
      .command('membership')
      .description(
        'symbols that were used again, and members that a file of prices leaves out; columns ticker, start_date, end_date',
      )
      .argument('<file>')
      .option('--prices <file>', 'prices of the members')
      .option('--profile <file>', 'how the prices are to be read (default: examples/profiles/wide-prices.yaml)'),
  ).action((file: string, options: InspectMembershipOptions) =>
    run(options, ({ runInspectMembership }) => runInspectMembership(file, options)),
  );
  json(
    inspect
      .command('labels')
      .description('instruments whose label hides what they move with, beside the classes of a universe')
      .argument('<file>', 'labels, a row an instrument')
      .requiredOption('--universe <file>', 'the classes to compare with')
      .requiredOption('--prices <file>', 'prices or total-return levels of the instruments')
      .requiredOption('--profile <file>', 'how the prices are to be read')
      .option('--symbol <column>', 'column of the symbol', 'symbol')
      .option('--label <column>', 'column of the label', 'label'),
  ).action((file: string, options: InspectLabelsOptions) =>
    run(options, async () => (await import('./run-inspect-labels')).runInspectLabels(file, options)),
  );
  json(
    inspect
      .command('averages')
      .description('series whose quarters are the mean of their months: known later than they say, and smoother')
      .argument('<file>', 'quarters')
      .requiredOption('--profile <file>', 'how the quarters are to be read')
      .requiredOption('--months <file>', 'the same series by month')
      .requiredOption('--months-profile <file>', 'how the months are to be read'),
  ).action((file: string, options: InspectAveragesOptions) =>
    run(options, ({ runInspectAverages }) => runInspectAverages(file, options)),
  );
}
