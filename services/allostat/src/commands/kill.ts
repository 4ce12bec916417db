import type { Command } from 'commander';

interface KillOptions {
  readonly as?: string;
  readonly scope: string;
  readonly reason: string;
  readonly drill?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat kill engage --scope all --as TOKEN --reason "prices look wrong"
  allostat kill release --scope all --as TOKEN --reason "prices were corrected"     two people, one after the other
  allostat kill status --as TOKEN

Scopes are all, mandate:ID, model:ID and venue:ID. Works without Kafka and without the identity provider: with a local token.
`;

export function registerKill(program: Command): void {
  const kill = program
    .command('kill')
    .summary('stop releases')
    .description('The kill switch: one person stops releases at once, two people arm them again.')
    .addHelpText('before', EXAMPLES);
  const common = (command: Command): Command =>
    command
      .option('--as <token>', "the person's token", process.env.ALLOSTAT_TOKEN)
      .option('--json', 'print the result as one JSON document');
  const press = (command: Command): Command =>
    common(command)
      .requiredOption('--scope <scope>', 'all, mandate:ID, model:ID or venue:ID')
      .requiredOption('--reason <text>', 'why; kept with the press');
  const run = async (options: KillOptions, name: keyof typeof import('./run-kill')): Promise<void> => {
    const { runCommand } = await import('../cli/output');
    await runCommand(options, async () => (await import('./run-kill'))[name](options));
  };
  press(kill.command('engage').description('nothing in the scope is released from now on'))
    .option('--drill', 'practise: recorded as a drill')
    .action((options: KillOptions) => run(options, 'engage'));
  press(kill.command('release').description('arm the scope again; takes a second person')).action(
    (options: KillOptions) => run(options, 'release'),
  );
  common(kill.command('status').description('what is stopped, and every press so far')).action((options: KillOptions) =>
    run(options, 'status'),
  );
}
