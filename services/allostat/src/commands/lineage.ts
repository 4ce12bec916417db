import type { Command } from 'commander';

export interface LineageOptions {
  readonly instrument?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat lineage PROPOSAL
  allostat lineage PROPOSAL --instrument GLD --json

Set OPENLINEAGE_URL or OPENLINEAGE_FILE to have \`ingest\` and \`up\` tell their runs as OpenLineage events.
`;

export function registerLineage(program: Command): void {
  program
    .command('lineage')
    .summary('from a weight to rows of files')
    .description(
      'Traces the weights of a proposal over budget, covariance and snapshot to the rows they were read from.',
    )
    .argument('<proposal>', 'id of a proposal; see `allostat review list`')
    .option('--instrument <id>', 'only the weight of one instrument')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', EXAMPLES)
    .action(async (proposal: string, options: LineageOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-lineage')).runLineage(proposal, options));
    });
}
