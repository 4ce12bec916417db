import { InputError } from '@allostat/kernel';
import type { Command } from 'commander';
import { isoDate } from './signals-date';

export interface SignalsOptions {
  readonly universe: string;
  readonly prices: readonly string[];
  readonly profile?: string;
  readonly context?: readonly string[];
  readonly asOf?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat signals --universe examples/universes/demo.yaml --prices market/prices.csv \\
    --profile examples/profiles/simulated-prices.yaml --as-of 2012-06-29
  allostat signals --universe universe.yaml --prices prices.csv --json
  allostat signals --universe universe.yaml --prices prices.csv --context VIXCLS.csv=vixcls.yaml current.csv=fred-md.yaml
  allostat signals list
`;

const ABOUT = `
What comes out:
  dates          the bars on which a snapshot was cut; bars that only repeat the one before give none
  signals        name: one value a date, null while history or data is missing
  coverage       share of the listed instruments with a fresh accepted price, 0 to 1
  contributions  name: what the signal adds to the score on that date, in standard deviations; null where it has no part.
                 Each signal is standardised on its own past and weighted by its shrunken correlation so far with the
                 equity proxy's return over the next 21 bars. A description of the past, not a promise of return.
  score          sum of the contributions of the date; null until a signal has two years of history

Every value uses only what was known at the close of its date. Without --profile the file has a "date" column (ISO) and
a column of price or total-return levels per instrument. Values that the price rules set aside are counted on stderr.
"allostat signals list" tells what each signal is, how far back it reads and when its values may be used.
`;

/** Adds `allostat signals`: the signals of a file, by the decisions of the live line. */
export function registerSignals(program: Command): void {
  program
    .command('signals')
    .summary('signals of a price file')
    .description('The snapshot of every date of a price file, or of one date, as the live line would have cut it.')
    .argument('[list]', 'the word list: what each signal is, instead of its values')
    .option('--universe <file>', 'the instruments; see examples/universes')
    .option('--prices <file...>', 'daily prices')
    .option('--profile <file>', 'how the price files are to be read (default: examples/profiles/wide-prices.yaml)')
    .option('--context <file=profile...>', 'files of macro series of the universe, each with the profile it is read by')
    .option('--as-of <date>', 'only the last bar up to this date; nothing later is read', isoDate)
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', ABOUT)
    .action(async (list: string | undefined, options: Partial<SignalsOptions>) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => {
        if (list === undefined) return (await import('./run-signals')).runSignals(complete(options));
        if (list === 'list') return (await import('./list-signals')).listSignals(options);
        throw new InputError(`there is nothing called ${list}`, {}, 'say list, or give --universe and --prices');
      });
    });
}

function complete({ universe, prices, ...rest }: Partial<SignalsOptions>): SignalsOptions {
  if (universe !== undefined && prices !== undefined) return { ...rest, universe, prices };
  const field = universe === undefined ? 'universe' : 'prices';
  throw new InputError(`--${field} is missing`, { field }, 'give --universe FILE and --prices FILE, or say list');
}
