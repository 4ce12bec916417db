import type { Command } from 'commander';

interface SetupOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  DATABASE_URL=postgres://admin:...@db/allostat SERVICE_PASSWORD=... allostat setup database
  KAFKA_BROKERS=kafka:9092 DATABASE_URL=... allostat setup topics
  PEOPLE_FILE=/people/people.json GOVERNANCE_LOG_KEY_FILE=/keys/audit-key.pem allostat setup people
`;

/** The one-shot jobs before services start as processes of their own. */
export function registerSetup(program: Command): void {
  const setup = program
    .command('setup')
    .summary('prepare database, topics and people')
    .description('One-shot jobs before the services start as processes of their own. Each may run again at any time.')
    .addHelpText('before', EXAMPLES);
  const jobs = {
    database: 'schemas, roles and tables; needs DATABASE_URL of an administrator',
    topics: 'topics of the bus; needs KAFKA_BROKERS, or DATABASE_URL for the log in the database',
    people:
      "the demonstration's people (PEOPLE_FILE), their tokens (ALLOSTAT_HOME) and the audit log's key (GOVERNANCE_LOG_KEY_FILE), unless they are there",
  } as const;
  for (const [job, text] of Object.entries(jobs) as [keyof typeof jobs, string][]) {
    setup
      .command(job)
      .description(text)
      .option('--json', 'print the result as one JSON document')
      .action(async (options: SetupOptions) => {
        const { runCommand } = await import('../cli/output');
        await runCommand(options, async () => (await import('./run-setup')).SETUP_JOBS[job](options));
      });
  }
}
