import type { Command } from 'commander';

interface DlqOptions {
  readonly json?: boolean;
  readonly all?: boolean;
}

const EXAMPLES = `
Examples:
  allostat dlq list
  allostat dlq show signal-ingestion/3
  allostat dlq redrive signal-ingestion/3      send it again, bytes and headers unchanged
`;

export function registerDlq(program: Command): void {
  const dlq = program
    .command('dlq')
    .summary('messages that were given up')
    .description('Messages that no stage could use, kept with their bytes; they can be sent again.')
    .addHelpText('before', EXAMPLES);
  const json = (command: Command): Command => command.option('--json', 'print the result as one JSON document');
  const run = async (
    options: DlqOptions,
    work: (commands: typeof import('./run-dlq')) => Promise<void>,
  ): Promise<void> => {
    const { runCommand } = await import('../cli/output');
    await runCommand(options, async () => work(await import('./run-dlq')));
  };
  json(
    dlq.command('list').description('what waits to be looked at').option('--all', 'also what was sent again'),
  ).action((options: DlqOptions) => run(options, ({ listLetters }) => listLetters(options)));
  json(dlq.command('show').description('one message with its bytes').argument('<id>')).action(
    (id: string, options: DlqOptions) => run(options, ({ showLetter }) => showLetter(id, options)),
  );
  json(dlq.command('redrive').description('send messages again').argument('<id...>')).action(
    (ids: string[], options: DlqOptions) => run(options, ({ redriveLetters }) => redriveLetters(ids, options)),
  );
}
