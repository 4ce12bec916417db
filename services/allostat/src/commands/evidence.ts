import type { Command } from 'commander';

interface EvidenceOptions {
  readonly config: string;
  readonly out: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat evidence --config examples/backtests/etf37-evidence.yaml --out docs/evidence
`;

/** Adds `allostat evidence`: the engine on history, part by part, with its controls. */
export function registerEvidence(program: Command): void {
  program
    .command('evidence')
    .summary('what the engine did on history, part by part, with controls')
    .description(
      'Runs both modes with each part on and off, the controls and the placebo, and writes a page and its figures. Exit code 3 when a gate is not met.',
    )
    .requiredOption('--config <file>', 'YAML; see examples/backtests/etf37-evidence.yaml')
    .requiredOption('--out <folder>', 'folder for README.md and evidence.json')
    .option('--json', 'print the figures as one JSON document')
    .addHelpText('before', EXAMPLES)
    .action(async (options: EvidenceOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => {
        const { runEvidenceCommand } = await import('../evidence/run-command');
        runEvidenceCommand(options);
      });
    });
}
