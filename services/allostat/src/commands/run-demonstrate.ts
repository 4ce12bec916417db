import { z } from 'zod';
import { toInstant } from '@allostat/kernel';
import { busOptions, createLogger, createMessageBus, People, readConfig, SERVICE_CONFIG } from '@allostat/platform';
import { printResult } from '../cli/output';
import { startProgress } from '../cli/progress';
import { pilotFor } from '../demonstration/pilot';
import { runLine } from '../demonstration/run-line';
import { demonstrationSource } from '../demonstration/source';
import { summaryLines } from '../demonstration/summary-lines';
import { Home } from '../home';
import { serviceUrl } from '../line/service-logins';
import { watchLine } from '../line/start-line';
import type { DemonstrateOptions } from './demonstrate';

const CONFIG = SERVICE_CONFIG.extend({ GOVERNANCE_URL: z.url() });

/** The demonstration market through services that run as processes of their own; two people sign. */
export async function runDemonstrate(options: DemonstrateOptions): Promise<void> {
  const config = readConfig(CONFIG, process.env);
  const bus = await createMessageBus(busOptions(config, 'demonstration'));
  try {
    const line = await watchLine(
      {
        adminUrl: config.DATABASE_URL,
        bus,
        people: new People([]),
        clock: { now: () => toInstant(Date.now()) },
        commandTime: 'event',
        logger: createLogger({ service: 'demonstration', level: process.env.LOG_LEVEL ?? 'silent' }),
        port: 0,
        urlOf: (service) => serviceUrl(config.DATABASE_URL, service),
      },
      config.GOVERNANCE_URL,
    );
    try {
      const summary = await runLine({
        line,
        bus,
        source: demonstrationSource(options.seed, options.years),
        bars: options.bars,
        pilot: pilotFor(line.url, new Home().people().tokens),
        poison: true,
        progress: startProgress(),
      });
      printResult(summary, summaryLines(summary), options);
    } finally {
      await line.close();
    }
  } finally {
    await bus.close();
  }
}
