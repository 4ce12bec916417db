import { ManualClock } from '@allostat/kernel';
import {
  createLogger,
  createMessageBus,
  failpointsFromEnv,
  roleUrl,
  startStage,
  stopOnSignals,
  type MessageBusOptions,
} from '@allostat/platform';
import { sampleCodec, type SampleEvent } from '@allostat/testkit';
import { COUNTER, LEDGER } from './sample-stages';

/** Starts one stage of the sample application as a process of its own: `sample-main.ts counter|ledger`. */
async function main(): Promise<void> {
  const definition = [COUNTER, LEDGER].find(({ name }) => name === process.argv[2]);
  if (definition === undefined) throw new Error(`unknown stage ${process.argv[2]}`);
  const logger = createLogger({ service: definition.name, level: process.env.LOG_LEVEL ?? 'error' });
  const databaseUrl = roleUrl(process.env.ADMIN_URL as string, definition.name);
  const kafka = process.env.KAFKA;
  const options: MessageBusOptions =
    kafka === undefined
      ? { kind: 'postgres', url: databaseUrl, heartbeatMs: 200, sessionTimeoutMs: 2000 }
      : {
          kind: 'kafka',
          brokers: kafka.split(','),
          clientId: definition.name,
          sessionTimeoutMs: 2000,
          heartbeatMs: 300,
        };
  const bus = await createMessageBus({
    ...options,
    onError: (error) => logger.info({ error }, 'the log had an error'),
  });
  const stage = await startStage<SampleEvent>(definition, {
    databaseUrl,
    bus,
    codec: sampleCodec,
    clock: new ManualClock('2024-01-01T00:00:00.000Z'),
    logger,
    failpoints: failpointsFromEnv(definition.name, process.env),
    retry: { baseMs: 20 },
  });
  stopOnSignals({
    logger,
    stop: async () => {
      await stage.close();
      await bus.close();
    },
  });
  process.stdout.write('ready\n');
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
