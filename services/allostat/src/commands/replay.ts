import { InvalidArgumentError, type Command } from 'commander';

export interface ReplayOptions {
  readonly sample?: number;
  readonly seed: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat replay PROPOSAL
  allostat replay --sample 200
`;

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('it must be an integer of at least 1');
}

export function registerReplay(program: Command): void {
  program
    .command('replay')
    .argument('[proposal]')
    .summary('makes a past proposal again')
    .description(
      'Makes a past proposal again from its stored inputs and compares bit for bit; exit code 3 when it comes out different.',
    )
    .option('--sample <n>', 'as many random past proposals instead of one', count)
    .option('--seed <text>', 'which ones are drawn', 'allostat')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', EXAMPLES)
    .action(async (proposal: string | undefined, options: ReplayOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-replay')).runReplay(proposal, options));
    });
}
