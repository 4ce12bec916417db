import { InputError } from '@allostat/kernel';
import { backfill, latestKnown, modelVersion, type Backfill, type ObservationsRecorded } from '@allostat/pipeline';
import { auditHead, type MessageBus } from '@allostat/platform';
import { SIGNAL_STAGE } from '@allostat/signal-ingestion';
import type { Progress } from '../cli/progress';
import { restoreStates } from '../line/restore-states';
import type { Line } from '../line/start-line';
import { LineObserver } from './line-observer';
import type { Pilot } from './pilot';
import { poison } from './poison';
import { consumed, outsideMessage, replay } from './replay';
import type { Source } from './source';
import { summarise, type Summary } from './summary';

/** Share of the history before the replay on which the model is trained; the rest tests it out of sample. */
const TRAINING_SHARE = 0.55;

/** Who must know universe and mandates before the first bar. */
const REFERENCE_TOPICS: Readonly<Record<string, readonly string[]>> = {
  'signal-ingestion': ['universe.version.v1'],
  'risk-budgeting': ['mandate.version.v1'],
  optimization: ['universe.version.v1', 'mandate.version.v1'],
  governance: ['universe.version.v1', 'mandate.version.v1'],
};

export interface RunOptions {
  readonly line: Line;
  readonly bus: MessageBus;
  readonly source: Source;
  /** Bars that go through the real line; those before them are backfilled. */
  readonly bars: number;
  readonly pilot?: Pilot;
  /** Plants messages that no stage can read. */
  readonly poison: boolean;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Runs a source through the line: history in bulk, the last bars one by one; returns what it came to. A line that has
 * taken part of the source before goes on behind it.
 */
export async function runLine(options: RunOptions): Promise<Summary> {
  const { line, bus, source, progress, pilot, signal } = options;
  const started = Date.now();
  const taken = await lastTaken(line, source);
  const { past, live } = split(source.deliveries, options.bars, taken);
  const start = latestKnown(past[past.length - 1]);
  try {
    const history = taken === undefined ? await fillHistory(past, options, start) : undefined;
    const observer = await LineObserver.start(bus, signal);
    try {
      await announce(source, bus, start);
      if (options.poison) await bus.publish(poison(start));
      const replayStarted = Date.now();
      await replay(live, {
        bus,
        observer,
        mandateIds: source.mandates.map(({ id }) => id),
        ...(pilot && { pilot }),
        ...(signal && { signal }),
        onBar: (done) => progress.update(done, live.length, 'replay'),
      });
      const replaySeconds = (Date.now() - replayStarted) / 1000;
      await consumed(bus, 'governance', ['allocation.proposal.v1', 'allocation.status.v1']);
      await consumed(bus, 'signal-ingestion', ['market.observation.v1']);
      const counts = await Promise.all(line.stages.map(({ deadLetters }) => deadLetters.count()));
      const audit = await line.stage('governance').units.run((unit) => auditHead(unit.manager));
      const deadLetters = counts.reduce((sum, count) => sum + count, 0);
      const seconds = (Date.now() - started) / 1000;
      const from = live[0]?.barClose;
      return summarise({ observer, source, history, from, deadLetters, audit, seconds, replaySeconds });
    } finally {
      await observer.close();
    }
  } finally {
    progress.stop();
  }
}

/** Sequence of the last delivery that signal ingestion has taken; undefined for a universe that it does not know. */
async function lastTaken(line: Line, { universe, deliveries }: Source): Promise<number | undefined> {
  const state = await line.stage('signal-ingestion').units.run((unit) => SIGNAL_STAGE.states.peek(unit, universe.id));
  return state?.feeds[deliveries[0].feed];
}

function split(
  deliveries: readonly ObservationsRecorded[],
  bars: number,
  taken: number | undefined,
): { past: readonly ObservationsRecorded[]; live: readonly ObservationsRecorded[] } {
  const at = taken === undefined ? deliveries.length - bars : taken + 1;
  if (at < 1) {
    throw new InputError(`--bars ${bars}: the source has only ${deliveries.length} days`, { field: 'bars' });
  }
  return { past: deliveries.slice(0, at), live: deliveries.slice(at) };
}

async function fillHistory(
  past: readonly ObservationsRecorded[],
  { line, source, progress }: RunOptions,
  at: string,
): Promise<Backfill> {
  const trainUntil = past[Math.floor(past.length * TRAINING_SHARE)].barClose as string;
  const versionOf = (model: Backfill['model']): string => modelVersion(model.training.to, model);
  const steps = backfill(source.universe, past, { trainUntil, versionOf });
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) {
      await restoreStates((name) => line.stage(name).units, source.universe, step.value, at);
      return step.value;
    }
    progress.update(step.value.done, step.value.total, `history: ${step.value.step}`);
  }
}

/** Publishes universe and mandates, and waits until every stage that needs them has them. */
async function announce({ universe, mandates }: Source, bus: MessageBus, time: string): Promise<void> {
  await bus.publish([
    outsideMessage({ type: 'UniverseVersioned', universe }, time, [universe.id, String(universe.version)]),
    ...mandates.map((mandate) =>
      outsideMessage({ type: 'MandateVersioned', mandate }, time, [mandate.id, String(mandate.version)]),
    ),
  ]);
  for (const [group, topics] of Object.entries(REFERENCE_TOPICS)) await consumed(bus, group, topics);
}
