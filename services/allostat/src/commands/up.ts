import { InvalidArgumentError, type Command } from 'commander';
import { wholeNumber } from '../cli/arguments';

export interface UpOptions {
  readonly once?: boolean;
  readonly bars: number;
  readonly approve?: 'pilot';
  readonly port: number;
  readonly seed: number;
  readonly years: number;
  readonly universe?: string;
  readonly mandate?: readonly string[];
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat up                             the demonstration market through every stage; stays up for you to sign
  allostat up --once --approve pilot      two demonstration people sign; stops at the last bar
  allostat up --once --bars 60 --json     a short run, its result as JSON
  allostat up --universe examples/universes/etf37.yaml --mandate examples/mandates/etf37-balanced.yaml
                                          your own data, read in before with \`allostat ingest\`
`;

export function registerUp(program: Command): void {
  program
    .command('up')
    .summary('run every stage in one process')
    .description(
      'Runs everything in one process on an embedded Postgres. Without data of your own it draws the demonstration market,\n' +
        'trains the models on its first years and takes the last bars through the real line.',
    )
    .option('--once', 'stop when the last bar is decided')
    .option('--bars <n>', 'bars that go through the real line', wholeNumber(1), 504)
    .option('--approve <who>', '`pilot`: two demonstration people sign what waits', approver)
    .option('--port <p>', 'port of the API', wholeNumber(0), 7400)
    .option('--universe <file>', 'run on data that were read in, instead of the demonstration')
    .option('--mandate <file...>', 'mandates on that universe, or on the demonstration')
    .option('--seed <s>', 'seed of the demonstration market', wholeNumber(0), 7)
    .option('--years <y>', 'years of the demonstration market', wholeNumber(6), 20)
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', EXAMPLES)
    .action(async (options: UpOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-up')).runUp(options));
    });
}

function approver(text: string): 'pilot' {
  if (text !== 'pilot') throw new InvalidArgumentError('only `pilot` can sign by itself.');
  return text;
}
