import type { Command } from 'commander';

interface ModelOptions {
  readonly as?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat model list --json
  allostat model history regime:demo --as-of 2024-03-03
  allostat model promote regime:demo VERSION --as TOKEN --reason "scored better for a year"
  allostat model approve regime:demo CHANGE --as TOKEN --reason "validated independently"
  allostat model roll-back regime:demo --as TOKEN --reason "alarms too often"
  allostat model suspend regime:demo VERSION --as TOKEN --reason "its input is wrong"
`;

export function registerModel(program: Command): void {
  const model = program
    .command('model')
    .summary('the model registry')
    .description('Versions of models, what was in use when and by whose approval.')
    .addHelpText('before', EXAMPLES);
  const run = async (
    options: ModelOptions,
    name: keyof typeof import('./run-model'),
    ...rest: readonly string[]
  ): Promise<void> => {
    const { runCommand } = await import('../cli/output');
    await runCommand(options, async () => {
      const commands = await import('./run-model');
      await (commands[name] as (options: ModelOptions, ...rest: readonly string[]) => Promise<void>)(options, ...rest);
    });
  };
  const json = (command: Command): Command => command.option('--json', 'print the result as one JSON document');
  const signed = (command: Command): Command =>
    json(command)
      .option('--as <token>', "the person's token", process.env.ALLOSTAT_TOKEN)
      .requiredOption('--reason <text>', 'why; kept');
  json(model.command('list').description('every model with its versions and aliases')).action((options: ModelOptions) =>
    run(options, 'list'),
  );
  json(model.command('show').description('one model').argument('<name>')).action(
    (name: string, options: ModelOptions) => run(options, 'show', name),
  );
  json(model.command('inventory').description('every version with what an inventory must say of it')).action(
    (options: ModelOptions) => run(options, 'inventory'),
  );
  json(
    model
      .command('history')
      .description('every change of aliases and states, or what held at an instant')
      .argument('<name>')
      .option('--as-of <instant>', 'what held then; a date means its beginning, UTC')
      .option('--known-at <instant>', 'answered from what had been recorded by then'),
  ).action((name: string, options: ModelOptions) => run(options, 'history', name));
  signed(
    model
      .command('promote')
      .description('propose that an alias points at a version; others approve it')
      .argument('<name>')
      .argument('<version>')
      .option('--alias <alias>', 'champion or challenger', 'champion'),
  ).action((name: string, version: string, options: ModelOptions) => run(options, 'promote', name, version));
  signed(
    model
      .command('roll-back')
      .description('propose that the champion is the one before again; others approve it')
      .argument('<name>'),
  ).action((name: string, options: ModelOptions) => run(options, 'rollBack', name));
  for (const decision of ['approve', 'reject'] as const) {
    signed(
      model.command(decision).description(`${decision} a proposed change`).argument('<name>').argument('<change>'),
    ).action((name: string, change: string, options: ModelOptions) => run(options, 'decide', name, change, decision));
  }
  signed(
    model.command('suspend').description('take a version out of use at once').argument('<name>').argument('<version>'),
  ).action((name: string, version: string, options: ModelOptions) => run(options, 'suspend', name, version));
}
