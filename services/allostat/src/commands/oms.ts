import type { Command } from 'commander';
import { wholeNumber } from '../cli/arguments';
import { personCommand } from '../cli/person-command';

/** The order system's side: a simulated one. */
export function registerOms(program: Command): void {
  const oms = program
    .command('oms')
    .summary('a simulated order system, and the cases that a real one must pass')
    .description("The order system's side of the contract.");
  oms
    .command('simulate')
    .description(
      'Runs a simulated order system until it is stopped: it accepts instructions and reports them done at the next close.\n' +
        'Needs DATABASE_URL of the role allostat_order_system, and KAFKA_BROKERS unless the log is in the database.',
    )
    .addHelpText('before', '\nExamples:\n  DATABASE_URL=... KAFKA_BROKERS=kafka:9092 allostat oms simulate\n')
    .action(async () => {
      const { runService, SERVICE_CONFIG } = await import('@allostat/platform');
      const { ORDER_SYSTEM_CODEC } = await import('../order-system/order-system-codec');
      const { ORDER_SYSTEM } = await import('../order-system/order-system.stage');
      await runService({
        name: ORDER_SYSTEM.name,
        config: SERVICE_CONFIG,
        codec: ORDER_SYSTEM_CODEC,
        define: () => ORDER_SYSTEM,
      });
    });
  oms
    .command('check')
    .description(
      'Tries the conformance cases on the order system that listens on the configured bus (DATABASE_URL, and KAFKA_BROKERS\n' +
        'unless the log is in the database): it is sent instructions of mandates named conformance-*, and its answers are\n' +
        'compared with the rules. Exit code 3 when a case fails.',
    )
    .option('--simulator', 'on the simulated order system instead, started for it on a database of its own')
    .option('--timeout <seconds>', 'how long an answer may take', wholeNumber(1), 60)
    .option('--json', 'print the result as one JSON document')
    .addHelpText(
      'before',
      '\nExamples:\n  allostat oms check --simulator\n  KAFKA_BROKERS=kafka:9092 DATABASE_URL=... allostat oms check --json\n',
    )
    .action(async (options: { simulator?: boolean; timeout: number; json?: boolean }) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-oms-check')).runOmsCheck(options));
    });
  personCommand(
    oms
      .command('reconcile')
      .description(
        'Asks the order system for its book of each mandate and compares it, by sequence, with what was released.\n' +
          'Exit code 3 for a difference, or when the order system does not answer.',
      )
      .option('--mandate <id>', 'only this mandate')
      .option('--timeout <seconds>', 'how long an answer may take', wholeNumber(1), 60),
  ).action(async (options: { timeout: number; json?: boolean }) => {
    const { runCommand } = await import('../cli/output');
    await runCommand(options, async () => (await import('./run-reconcile')).runReconcile(options));
  });
}
