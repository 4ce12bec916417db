import type { Command } from 'commander';

interface AuditOptions {
  readonly json?: boolean;
}

export function registerAudit(program: Command): void {
  const audit = program.command('audit').summary('the audit log').description('Proof of what was decided by whom.');
  audit
    .command('verify')
    .description('recompute the log; exit code 3 and the first bad record when it does not hold')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('before', '\nExamples:\n  allostat audit verify\n')
    .action(async (options: AuditOptions) => {
      const { EXIT_REFUSED, printResult, runCommand } = await import('../cli/output');
      await runCommand(options, async () => {
        const { governance, People, verifyAudit } = await import('@allostat/governance');
        const { Home } = await import('../home');
        const { readOnly } = await import('../line/line-stages');
        const { withStage } = await import('../line/with-stage');
        const clock = { now: () => new Date().toISOString() };
        const definition = readOnly(governance({ people: new People([]), clock, commandTime: 'wall' }));
        const result = await withStage(definition, { home: new Home() }, (stage) =>
          stage.units.run((unit) => verifyAudit(unit.manager)),
        );
        const { size, root, verified, firstBad } = result;
        const lines = verified
          ? [`${size} records hold, root ${root}`]
          : [`record ${firstBad?.sequence} does not hold: ${firstBad?.reason}`];
        printResult({ size, root, verified, firstBad: firstBad ?? null }, lines, options);
        if (!verified) process.exitCode = EXIT_REFUSED;
      });
    });
}
