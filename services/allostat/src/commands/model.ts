import type { Command } from 'commander';

interface ModelOptions {
  readonly json?: boolean;
}

export function registerModel(program: Command): void {
  const model = program
    .command('model')
    .summary('the model registry')
    .description('Versions of models and what was in use when.');
  model
    .command('list')
    .description('every model with its versions and aliases')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', '\nExamples:\n  allostat model list --json\n')
    .action(async (options: ModelOptions) => {
      const { printResult, runCommand } = await import('../cli/output');
      await runCommand(options, async () => {
        const { listModels, MODEL_LAB } = await import('@allostat/model-lab');
        const { Home } = await import('../home');
        const { readOnly } = await import('../line/line-stages');
        const { withStage } = await import('../line/with-stage');
        const models = await withStage(readOnly(MODEL_LAB), { home: new Home() }, (stage) =>
          stage.units.run((unit) => listModels(unit.manager)),
        );
        const lines = models.flatMap(({ model: name, versions, aliases }) => [
          name,
          ...versions.map((v) => `  ${v.version}: ${v.observations} bars ${v.trainedFrom} to ${v.trainedTo}`),
          ...aliases.map(
            (a) => `  ${a.alias} -> ${a.version} from ${a.from}${a.to === undefined ? '' : ` to ${a.to}`}`,
          ),
        ]);
        printResult({ models }, lines.length > 0 ? lines : ['no model is registered yet'], options);
      });
    });
}
