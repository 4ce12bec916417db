import type { Command } from 'commander';
import { isoDate } from './signals-date';

export interface RegimeOptions {
  readonly universe: string;
  readonly prices: readonly string[];
  readonly profile?: string;
  readonly model: string;
  readonly trainUntil?: string;
  readonly plot?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat regime --universe examples/universes/demo.yaml --prices market/prices.csv \\
    --profile examples/profiles/simulated-prices.yaml --plot regimes.svg
  allostat regime --universe universe.yaml --prices prices.csv --train-until 2012-12-31 --json
`;

const ABOUT = `
The model is trained on the bars up to --train-until and then filters forward: every date that comes out is after the
training window and uses only what was known at its close.

What comes out:
  dates          the bars after the training window
  states         expansion, tightening, crisis, recovery; of a challenger calm, wild
  probabilities  one row a date, a column a state
  regime         the name of each date, after hysteresis
  alerts         changes of name: at, from, to, probability, and causes (feature, value, contribution), strongest first;
                 the first date may be one, from a name inside the training window
  forecasts      what came of the forecasts 1, 21 and 63 bars ahead: log score, Brier score, that of saying that the name
                 stays, and a reliability table of what was said beside what happened
  logScore       mean one-step-ahead log density of the bar's returns, in nats a bar; null when no bar had a return

Models: student-t-hmm is the champion, and the only one that states the four names. The challengers tell calm from wild on the equity
proxy alone (states, with a column of probabilities each): gaussian-hmm, student-t-hmm-2, jump, markov-switching,
markov-switching-tvtp (its transitions vary with log volatility), change-point. See docs/guides/regimes.md.
`;

/** Adds `allostat regime`: the filtered regime path of a price file, by the decisions of the live line. */
export function registerRegime(program: Command): void {
  program
    .command('regime')
    .summary('regime path of a price file')
    .description('Trains a regime model on the first part of a price file and filters the rest as the live line would.')
    .requiredOption('--universe <file>', 'the instruments; see examples/universes')
    .requiredOption('--prices <file...>', 'daily prices')
    .option('--profile <file>', 'how the price files are to be read (default: examples/profiles/wide-prices.yaml)')
    .option('--model <model>', 'which model', 'student-t-hmm')
    .option('--train-until <date>', 'last date of the training window (default: the first 55 % of the bars)', isoDate)
    .option('--plot <file.svg>', 'draw the equity proxy with its regimes and their probabilities')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', ABOUT)
    .action(async (options: RegimeOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-regime')).runRegime(options));
    });
}
