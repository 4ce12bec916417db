import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toInstant } from '@allostat/kernel';
import {
  busOptions,
  createMessageBus,
  readConfig,
  SERVICE_CONFIG,
  startEmbeddedPostgres,
  type MessageBus,
} from '@allostat/platform';
import { EXIT_REFUSED, note, printResult, type OutputOptions } from '../cli/output';
import { BusChannel } from '../conformance/bus-channel';
import { runConformance, type CaseResult } from '../conformance/run-conformance';
import { startSimulator } from '../conformance/simulator';
import { topicSpecs } from '../line/topic-specs';

export interface CheckOptions extends OutputOptions {
  readonly simulator?: boolean;
  readonly timeout: number;
}

/** Tries the conformance cases on the order system of the configured bus, or on the simulated one. */
export async function runOmsCheck(options: CheckOptions): Promise<void> {
  const cases = options.simulator ? await checkSimulator(options) : await checkReal(options);
  const failures = cases.filter(({ passed }) => !passed);
  const lines = [
    ...cases.map(({ number, name, passed }) => `${passed ? 'passed' : 'FAILED'}  ${number} ${name}`),
    ...failures.map(({ number, rule, detail }) => `case ${number}: the rule is: ${rule}\n  ${detail}`),
  ];
  printResult({ cases }, lines, options);
  if (failures.length > 0) process.exitCode = EXIT_REFUSED;
}

async function checkReal(options: CheckOptions): Promise<CaseResult[]> {
  const bus = await createMessageBus(busOptions(readConfig(SERVICE_CONFIG, process.env), 'conformance'));
  try {
    await bus.ensureTopics(topicSpecs());
    return await check(bus, options);
  } finally {
    await bus.close();
  }
}

/** On `KAFKA_BROKERS` when they are given, else on the log in a database of its own that is thrown away. */
async function checkSimulator(options: CheckOptions): Promise<CaseResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'allostat-oms-check-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable: false });
  try {
    const config = readConfig(SERVICE_CONFIG, { ...process.env, DATABASE_URL: postgres.url });
    const bus = await createMessageBus(busOptions(config, 'conformance'));
    try {
      const simulator = await startSimulator(postgres.url, bus);
      try {
        return await check(bus, options, () => simulator.restart());
      } finally {
        await simulator.stop();
      }
    } finally {
      await bus.close();
    }
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(bus: MessageBus, options: CheckOptions, restarts?: () => Promise<void>): Promise<CaseResult[]> {
  const channel = await BusChannel.open(bus, restarts);
  try {
    return await runConformance({
      channel,
      runId: randomUUID().slice(0, 8),
      now: () => toInstant(Date.now()),
      timeoutMs: options.timeout * 1000,
      onCase: ({ number, name, passed }) => {
        if (!options.json) note(`case ${number}, ${name}: ${passed ? 'passed' : 'failed'}`);
      },
    });
  } finally {
    await channel.end();
  }
}
