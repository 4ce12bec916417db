import type { Command } from 'commander';

export interface QuarantineOptions {
  readonly as?: string;
  readonly url?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat quarantine list --as TOKEN --open
  allostat quarantine release ID --as TOKEN --reason "spin-off of 1 July, see the exchange's notice"
  allostat quarantine correct ID --as TOKEN --value 101.25 --reason "the exchange published 101.25"

Who releases or corrects a value cannot sign proposals that rest on it. The token may also stand in ALLOSTAT_TOKEN.
`;

export function registerQuarantine(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .summary('values that were set aside')
    .description('Lists values that rules set aside, shows one, releases or corrects it.')
    .addHelpText('before', EXAMPLES);
  const common = (command: Command): Command =>
    command
      .option('--as <token>', "the person's token", process.env.ALLOSTAT_TOKEN)
      .option('--url <url>', 'address of the signal-ingestion API; default the instance that runs on this home')
      .option('--json', 'print the result as one JSON document');
  const run = async (
    options: QuarantineOptions,
    work: (commands: typeof import('./run-quarantine')) => Promise<void>,
  ): Promise<void> => {
    const { runCommand } = await import('../cli/output');
    await runCommand(options, async () => work(await import('./run-quarantine')));
  };
  common(
    quarantine
      .command('list')
      .description('one page of cases, in the order in which they were found')
      .option('--universe <id>', 'only those of a universe')
      .option('--series <id>', 'only those of a series')
      .option('--severity <s>', 'warning or error')
      .option('--open', 'only those on which nobody has spoken')
      .option('--after <number>', 'those after a number: the next page'),
  ).action((options: QuarantineOptions) => run(options, ({ listCases }) => listCases(options)));
  common(quarantine.command('show').description('one case with its neighbours').argument('<id>')).action(
    (id: string, options: QuarantineOptions) => run(options, ({ showCase }) => showCase(id, options)),
  );
  common(
    quarantine
      .command('release')
      .description('say that the value was right as it was delivered')
      .argument('<id>')
      .requiredOption('--reason <text>', 'why; kept with the value'),
  ).action((id: string, options: QuarantineOptions & { readonly reason: string }) =>
    run(options, ({ releaseCase }) => releaseCase(id, options)),
  );
  common(
    quarantine
      .command('correct')
      .description('put another value in its place')
      .argument('<id>')
      .requiredOption('--value <number>', 'the value')
      .requiredOption('--reason <text>', 'why; kept with the value'),
  ).action((id: string, options: QuarantineOptions & { readonly reason: string; readonly value: string }) =>
    run(options, ({ correctCase }) => correctCase(id, options)),
  );
}
