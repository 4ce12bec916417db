import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { wholeNumber } from '../cli/arguments';
import type { Summary } from '../demonstration/summary';

interface UpOptions {
  readonly once?: boolean;
  readonly bars: number;
  readonly approve?: 'pilot';
  readonly port: number;
  readonly seed: number;
  readonly years: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat up                             the demonstration market through every stage; stays up for you to sign
  allostat up --once --approve pilot      two demonstration people sign; stops at the last bar
  allostat up --once --bars 60 --json     a short run, its result as JSON`;

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
    .option('--seed <s>', 'seed of the demonstration market', wholeNumber(0), 7)
    .option('--years <y>', 'years of the demonstration market', wholeNumber(4), 20)
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', EXAMPLES)
    .action(async (options: UpOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-up')).runUp(options));
    });
}

export function summaryLines(summary: Summary): string[] {
  const { truth } = summary;
  return [
    `${summary.bars} bars (${summary.holidays} holidays) in ${summary.seconds.toFixed(1)} s`,
    `${summary.regimeChanges} regime changes, ${summary.proposals} proposals, ${summary.infeasible} infeasible`,
    `${summary.approvals} approvals, ${summary.instructions} instructions released to the order system`,
    `${summary.quarantined} observations quarantined, ${summary.deadLetters} messages set aside as dead letters`,
    ...(truth
      ? [
          `against the true regimes: balanced accuracy ${truth.balancedAccuracy.toFixed(3)}, ` +
            `median delay ${truth.delayDaysMedian === undefined ? 'unknown' : `${truth.delayDaysMedian} days`}, ` +
            `${truth.falseAlarmsPerYear.toFixed(2)} false alarms a year`,
        ]
      : []),
    `audit log: ${summary.auditSize} records, root ${summary.auditRoot}`,
  ];
}

function approver(text: string): 'pilot' {
  if (text !== 'pilot') throw new InvalidArgumentError('only `pilot` can sign by itself.');
  return text;
}
