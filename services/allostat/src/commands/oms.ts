import type { Command } from 'commander';

/** The order system's side: a simulated one. */
export function registerOms(program: Command): void {
  const oms = program
    .command('oms')
    .summary('a simulated order system')
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
      const { WIRE_CODEC } = await import('@allostat/wire');
      const { ORDER_SYSTEM } = await import('../order-system/order-system.stage');
      await runService({
        name: ORDER_SYSTEM.name,
        config: SERVICE_CONFIG,
        codec: WIRE_CODEC,
        define: () => ORDER_SYSTEM,
      });
    });
}
