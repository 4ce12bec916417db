import type { Command } from 'commander';
import { wholeNumber } from '../cli/arguments';

export interface DemonstrateOptions {
  readonly bars: number;
  readonly seed: number;
  readonly years: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  docker compose run --rm demonstration --json

Needs DATABASE_URL of an administrator, SERVICE_PASSWORD, KAFKA_BROKERS, GOVERNANCE_URL, and ALLOSTAT_HOME with the
people's tokens. The services must run with GOVERNANCE_COMMAND_TIME=event.
`;

export function registerDemonstrate(program: Command): void {
  program
    .command('demonstrate')
    .summary('take the demonstration market through services that run elsewhere')
    .description(
      'Takes the demonstration market through services that run as processes of their own, and signs for two people.',
    )
    .option('--bars <n>', 'bars that go through the real line', wholeNumber(1), 504)
    .option('--seed <s>', 'seed of the market', wholeNumber(0), 7)
    .option('--years <y>', 'years of the market', wholeNumber(6), 20)
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', EXAMPLES)
    .action(async (options: DemonstrateOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-demonstrate')).runDemonstrate(options));
    });
}
