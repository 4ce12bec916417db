import { GOVERNANCE_ALARMS, keepExpiring, keepWatching, listReviews } from '@allostat/governance';
import { InputError, toInstant, type Clock } from '@allostat/kernel';
import {
  createLogger,
  createMessageBus,
  lineageSinks,
  migrate,
  People,
  startWebhooks,
  Telemetry,
  keepCheckpoints,
  keepHeartbeats,
  type MessageBus,
  type AuditLogIdentity,
  type KeptLog,
} from '@allostat/platform';
import { registryLog } from '@allostat/model-lab';
import { REGIME_ALERTS } from '@allostat/regime-detection';
import { note, printResult } from '../cli/output';
import { startProgress } from '../cli/progress';
import { openDatabase } from '../database';
import { pilotFor } from '../demonstration/pilot';
import { runLine } from '../demonstration/run-line';
import { demonstrationSource, ownSource, type Source } from '../demonstration/source';
import { summaryLines } from '../demonstration/summary-lines';
import { Home, type Room } from '../home';
import { withLineage } from '../line/line-lineage';
import { lineStages } from '../line/line-stages';
import { startLine, type Line } from '../line/start-line';
import type { UpOptions } from './up';

const CLOCK: Clock = { now: () => toInstant(Date.now()) };

/** Everything in one process: a source through the real line, then, unless `once`, up until it is stopped. */
export async function runUp(options: UpOptions): Promise<void> {
  const room: Room = options.universe === undefined ? 'demonstration' : 'own';
  if (room === 'own' && !options.mandate?.length) {
    throw new InputError('--universe needs at least one --mandate', { field: 'mandate' }, 'see examples/mandates');
  }
  const home = new Home();
  home.refuseSecondInstance();
  if (room === 'demonstration') home.clearDemonstration();
  home.room = room;
  const database = await openDatabase(home, room);
  const stop = new AbortController();
  const stopped = untilStopped(stop);
  const governance = {
    people: People.fromFile(home.people().file),
    clock: CLOCK,
    commandTime: options.once || room === 'demonstration' ? 'event' : 'wall',
    auditLog: home.auditLog(),
    witnesses: home.witnesses(),
  } as const;
  const telemetry = Telemetry.fromEnv(process.env);
  try {
    await migrate({ adminUrl: database.url, stages: lineStages(governance) });
    const bus = await createMessageBus({ kind: 'postgres', url: database.url, clientId: 'allostat' });
    const line = await startLine({
      ...governance,
      adminUrl: database.url,
      bus,
      logger: createLogger({ service: 'allostat', level: process.env.LOG_LEVEL ?? 'silent' }),
      port: options.once ? 0 : options.port,
      ...(telemetry && { telemetry }),
    });
    const ingestionUrl = line.stage('signal-ingestion').url;
    const modelLabUrl = line.stage('model-lab').url;
    const withdraw = home.announce({
      pid: process.pid,
      url: line.url,
      ...(ingestionUrl !== undefined && { ingestionUrl }),
      ...(modelLabUrl !== undefined && { modelLabUrl }),
      databaseUrl: database.url,
    });
    const logs = logsOf(line, governance.auditLog);
    const ends = logs.map(keepCheckpoints);
    try {
      await withLineage({ sinks: lineageSinks(process.env), now: CLOCK.now, warn: note }, async () => {
        await takeThrough(line, bus, home, room, options, stop.signal);
        if (!options.once && !stop.signal.aborted) await stayUp(line, home, governance.commandTime, logs, stopped);
      });
    } finally {
      for (const end of ends) await end();
      withdraw();
      await line.close();
      await bus.close();
    }
  } finally {
    await telemetry?.close();
    await database.close();
  }
}

/** The audit logs of the line: of governance, and of the model registry under the same key. */
function logsOf(line: Line, auditLog: AuditLogIdentity): readonly KeptLog[] {
  const { now } = CLOCK;
  return [
    { stage: line.stage('governance'), identity: auditLog, now },
    { stage: line.stage('model-lab'), identity: registryLog(auditLog), now },
  ];
}

async function takeThrough(
  line: Line,
  bus: MessageBus,
  home: Home,
  room: Room,
  options: UpOptions,
  signal: AbortSignal,
): Promise<void> {
  const source = await sourceOf(line, options);
  const summary = await runLine({
    line,
    bus,
    source,
    bars: options.bars,
    ...(options.approve && { pilot: pilotFor(line.url, home.people().tokens) }),
    poison: room === 'demonstration',
    progress: startProgress(),
    signal,
  });
  printResult(summary, summaryLines(summary), options);
}

function sourceOf(line: Line, { universe, mandate, seed, years }: UpOptions): Source | Promise<Source> {
  if (universe === undefined) return demonstrationSource(seed, years, mandate);
  return ownSource(universe, mandate ?? [], line.stage('signal-ingestion').units, CLOCK.now());
}

async function stayUp(
  line: Line,
  home: Home,
  commandTime: 'wall' | 'event',
  logs: readonly KeptLog[],
  stopped: Promise<void>,
): Promise<void> {
  const governance = line.stage('governance');
  const waiting = await governance.units.run((unit) => listReviews(unit.manager, { status: 'waiting' }));
  note('');
  note(`API at ${line.url}, its health at ${line.url}/health/ready, metrics at ${line.url}/metrics`);
  note(`regime alerts at ${line.stage('regime-detection').url}/alerts/UNIVERSE/stream, as server-sent events`);
  for (const { id, mandateId, needs, expiresAt } of waiting) {
    note(`proposal ${id} of ${mandateId} waits for ${needs} approval${needs === 1 ? '' : 's'} until ${expiresAt}`);
  }
  if (waiting.length > 0) {
    note(`sign with: npx allostat review approve ID --as TOKEN --reason "..."   (tokens: ${home.folder}/tokens.json)`);
  }
  note('stop with Ctrl-C');
  const ends =
    commandTime === 'wall' ? [keepExpiring(governance), ...logs.map(keepHeartbeats), keepWatching(governance)] : [];
  const file = process.env.ALERT_WEBHOOKS_FILE;
  const deliverers = [
    startWebhooks(line.stage('regime-detection'), REGIME_ALERTS, { file, clock: CLOCK }),
    startWebhooks(governance, GOVERNANCE_ALARMS, { file, clock: CLOCK }),
  ];
  await stopped;
  for (const deliverer of deliverers) await deliverer.stop();
  for (const end of ends) end();
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
