import type { Command } from 'commander';

interface ReviewOptions {
  readonly as?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat review list --as TOKEN
  allostat review approve ID --as TOKEN --reason "within budget and limits"
  allostat review override ID --as TOKEN --reason "client's wish" --weight US_EQUITY=0.4 --weight CASH=0.6

The token may also stand in ALLOSTAT_TOKEN. Those of the demonstration's people are in ALLOSTAT_HOME/tokens.json.
`;

export function registerReview(program: Command): void {
  const review = program
    .command('review')
    .summary('the sign-off')
    .description('Lists proposals, shows one, approves, rejects or overrides it.')
    .addHelpText('before', EXAMPLES);
  const common = (command: Command): Command =>
    command
      .option('--as <token>', "the person's token", process.env.ALLOSTAT_TOKEN)
      .option('--json', 'print the result as one JSON document');
  const run = async <O extends ReviewOptions>(
    options: O,
    name: 'list' | 'show' | 'decide' | 'override',
    ...rest: unknown[]
  ) => {
    const { runCommand } = await import('../cli/output');
    await runCommand(options, async () => {
      const commands = await import('./run-review');
      await (commands[name] as (options: O, ...rest: unknown[]) => Promise<void>)(options, ...rest);
    });
  };
  common(
    review.command('list').description('proposals, newest first').option('--status <s>', 'only those of a status'),
  ).action((options: ReviewOptions) => run(options, 'list'));
  common(review.command('show').description('one proposal').argument('<id>')).action(
    (id: string, options: ReviewOptions) => run(options, 'show', id),
  );
  for (const decision of ['approve', 'reject'] as const) {
    common(
      review
        .command(decision)
        .description(`${decision} a proposal as it stands now`)
        .argument('<id>')
        .requiredOption('--reason <text>', 'why; kept with the decision'),
    ).action((id: string, options: ReviewOptions) => run(options, 'decide', id, decision));
  }
  common(
    review
      .command('override')
      .description('put own weights in the place of the proposed ones; others must approve them')
      .argument('<id>')
      .requiredOption('--reason <text>', 'why; kept with the decision')
      .requiredOption('--weight <instrument=weight...>', 'decimal weight; instruments that are not named get none'),
  ).action((id: string, options: ReviewOptions) => run(options, 'override', id));
}
