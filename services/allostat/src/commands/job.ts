import type { Command } from 'commander';

interface JobOptions {
  readonly as?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat job submit --config examples/jobs/etf37-random.yaml --as TOKEN
  allostat job work                          compute what waits, with a progress bar; stopped and started again it goes on
  allostat job list --json
  allostat job show JOB
  allostat job cancel JOB --as TOKEN --reason "asked by mistake"
`;

/** Adds `allostat job`: backtests and trainings that workers compute, slice by slice. */
export function registerJob(program: Command): void {
  const job = program
    .command('job')
    .summary('backtests and trainings as jobs')
    .description(
      'Jobs are taken by model-lab workers slice by slice; a finished slice is never computed again, so a job goes on where a worker stopped.',
    )
    .addHelpText('before', EXAMPLES);
  const run = async (
    options: JobOptions,
    name: keyof typeof import('./run-job'),
    ...rest: readonly string[]
  ): Promise<void> => {
    const { runCommand } = await import('../cli/output');
    await runCommand(options, async () => {
      const commands = await import('./run-job');
      await (commands[name] as (options: JobOptions, ...rest: readonly string[]) => Promise<void>)(options, ...rest);
    });
  };
  const json = (command: Command): Command => command.option('--json', 'print the result as one JSON document');
  const signed = (command: Command): Command =>
    json(command).option('--as <token>', "the person's token", process.env.ALLOSTAT_TOKEN);
  signed(
    job
      .command('submit')
      .description('put a job on the topic; the same configuration and data are the same job')
      .requiredOption('--config <file>', 'YAML; keys in docs/guides/jobs.md'),
  ).action((options: JobOptions) => run(options, 'submit'));
  json(
    job
      .command('work')
      .description('compute slices until nothing waits')
      .option('--threads <count>', 'worker threads', '1'),
  ).action((options: JobOptions) => run(options, 'work'));
  json(job.command('list').description('every job, the newest first')).action((options: JobOptions) =>
    run(options, 'list'),
  );
  json(job.command('show').description('one job with its result').argument('<job>')).action(
    (id: string, options: JobOptions) => run(options, 'show', id),
  );
  signed(
    job
      .command('cancel')
      .description('leave the slices alone that have not begun')
      .argument('<job>')
      .requiredOption('--reason <text>', 'why; kept'),
  ).action((id: string, options: JobOptions) => run(options, 'cancel', id));
}
