import { expireReviews, People } from '@allostat/governance';
import { CommandCauses, listReviews } from '@allostat/governance';
import { toInstant, type Clock } from '@allostat/kernel';
import { createLogger, createMessageBus, migrate } from '@allostat/platform';
import { note, printResult } from '../cli/output';
import { startProgress } from '../cli/progress';
import { openDatabase } from '../database';
import { Pilot } from '../demonstration/pilot';
import { runLine } from '../demonstration/run-line';
import { demonstrationSource } from '../demonstration/source';
import { GovernanceClient } from '../governance-client';
import { Home } from '../home';
import { lineStages } from '../line/line-stages';
import { startLine, type Line } from '../line/start-line';
import { summaryLines } from './up';

export interface RunUpOptions {
  readonly once?: boolean;
  readonly bars: number;
  readonly approve?: 'pilot';
  readonly port: number;
  readonly seed: number;
  readonly years: number;
  readonly json?: boolean;
}

const EXPIRY_CHECK_MS = 30_000;
const WALL_CLOCK: Clock = { now: () => toInstant(Date.now()) };

/** Everything in one process: the demonstration through the real line, then, unless `once`, up until it is stopped. */
export async function runUp(options: RunUpOptions): Promise<void> {
  const home = new Home();
  home.refuseSecondInstance();
  home.clearDemonstration();
  home.room = 'demonstration';
  const { file, tokens } = home.people();
  const database = await openDatabase(home, 'demonstration');
  const logger = createLogger({ service: 'allostat', level: process.env.LOG_LEVEL ?? 'warn' });
  const governance = { people: People.fromFile(file), clock: WALL_CLOCK, commandTime: 'event' } as const;
  const stop = new AbortController();
  const stopped = untilStopped(stop);
  try {
    await migrate({ adminUrl: database.url, stages: lineStages(governance) });
    const bus = await createMessageBus({ kind: 'postgres', url: database.url, clientId: 'allostat' });
    const line = await startLine({
      ...governance,
      adminUrl: database.url,
      bus,
      logger,
      port: options.once ? 0 : options.port,
    });
    const withdraw = home.announce({ pid: process.pid, url: line.url, databaseUrl: database.url });
    try {
      const pilot = options.approve && new Pilot(new GovernanceClient(line.url), signatories(tokens));
      const summary = await runLine({
        line,
        bus,
        source: demonstrationSource(options.seed, options.years),
        bars: options.bars,
        ...(pilot && { pilot }),
        poison: true,
        progress: startProgress(),
        signal: stop.signal,
      });
      printResult(summary, summaryLines(summary), options);
      if (!options.once && !stop.signal.aborted) await stayUp(line, home, governance, stopped);
    } finally {
      withdraw();
      await line.close();
      await bus.close();
    }
  } finally {
    await database.close();
  }
}

function signatories(tokens: Readonly<Record<string, string>>) {
  return [
    { token: tokens.pat, reason: 'within the mandate, follows the regime forecast' },
    { token: tokens.riley, reason: 'risk budget and limits are kept' },
  ];
}

async function stayUp(
  line: Line,
  home: Home,
  { clock, commandTime }: { clock: Clock; commandTime: 'wall' | 'event' },
  stopped: Promise<void>,
): Promise<void> {
  const { units } = line.stage('governance');
  const waiting = await units.run((unit) => listReviews(unit.manager, 'waiting'));
  note('');
  note(
    `API at ${line.url} (health at ${line.url}/health/ready, metrics at ${line.url}/metrics); tokens in ${home.folder}/tokens.json`,
  );
  for (const { id, mandateId, needs, expiresAt } of waiting) {
    note(`proposal ${id} of ${mandateId} waits for ${needs} approval${needs === 1 ? '' : 's'} until ${expiresAt}`);
  }
  if (waiting.length > 0) note('sign with: npx allostat review approve ID --as TOKEN --reason "..."');
  note('stop with Ctrl-C');
  const causes = new CommandCauses(clock, commandTime);
  const expiry = setInterval(() => {
    expireReviews(units, causes).catch((error: unknown) => note(`expiry could not be checked: ${String(error)}`));
  }, EXPIRY_CHECK_MS);
  await stopped;
  clearInterval(expiry);
}

/** Resolves with the first SIGINT or SIGTERM, which also ends a replay between two bars. */
function untilStopped(stop: AbortController): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      stop.abort();
      resolve();
    };
    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
  });
}
