import { oversightReport, REPEAT_AFTER_MINUTES, type AlarmWish, type DomainEvent } from '@allostat/pipeline';
import { LOGGER, type Logger, type RunningStage, type UnitRunner } from '@allostat/platform';
import { raiseInUnit, repeatInUnit } from './alarms/alarm-in-unit';
import { listAlarms } from './alarms/alarm.store';
import { CommandCauses } from './command-cause';
import { readOversight } from './oversight/read-oversight';
import { requestInUnit } from './reconciliation/reconcile-in-unit';
import { mandatesToReconcile, readReconciliations } from './reconciliation/reconciliation.store';
import { readInfeasible, type InfeasibleView } from './review/infeasible.store';
import { unacknowledgedSince } from './review/review.store';

export interface WatchOptions {
  /** Seconds that the order system may take to answer an instruction, or to report its book. */
  readonly answerWithinSeconds: number;
}

export const DEFAULT_WATCH: WatchOptions = { answerWithinSeconds: 60 };

const SERVICE = 'service:governance';
const DAY_MS = 86_400_000;
/** Days of decisions that rubber stamps are looked for in. */
const OVERSIGHT_DAYS = 90;

/** One look at everything that must call a person: instructions and books not answered, mandates without weights, alarms not taken in hand. */
export async function watchGovernance(
  units: UnitRunner<DomainEvent>,
  causes: CommandCauses,
  { answerWithinSeconds }: WatchOptions = DEFAULT_WATCH,
): Promise<void> {
  const now = causes.now();
  const limit = new Date(Date.parse(now) - answerWithinSeconds * 1000).toISOString();
  const wishes = await units.run(async ({ manager }): Promise<AlarmWish[]> => [
    ...(await unacknowledgedSince(manager, limit)).map(({ instructionId, mandateId, sequence, releasedAt }) => ({
      kind: 'instruction-unacknowledged' as const,
      subject: instructionId,
      mandateId,
      text: `instruction ${sequence} of ${mandateId} was released at ${releasedAt} and the order system has not answered for ${answerWithinSeconds} seconds`,
    })),
    ...(await readReconciliations(manager, { unansweredSince: limit })).map(
      ({ requestId, mandateId, requestedAt }) => ({
        kind: 'book-not-reported' as const,
        subject: requestId,
        mandateId,
        text: `the order system was asked for its book of ${mandateId} at ${requestedAt} and has not answered for ${answerWithinSeconds} seconds`,
      }),
    ),
    ...(await readInfeasible(manager, { standing: true })).map(({ mandateId, asOf, conflict, relaxation }) => ({
      kind: 'allocation-infeasible' as const,
      subject: `${mandateId}/${asOf}`,
      mandateId,
      text: `no weights of ${mandateId} meet its limits since ${asOf}: ${conflict.join(', ')} exclude each other${wayOut(relaxation)}`,
    })),
  ]);
  for (const wish of wishes) {
    await units.run((unit) => raiseInUnit(unit, wish, causes.free(['alarm', wish.kind, wish.subject])));
  }
  const waitsSince = new Date(Date.parse(now) - REPEAT_AFTER_MINUTES * 60_000).toISOString();
  const open = await units.run(({ manager }) => listAlarms(manager, { open: true }));
  for (const { alarmId, at } of open.filter((alarm) => alarm.at <= waitsSince)) {
    await units.run((unit) => repeatInUnit(unit, alarmId, causes.free(['alarm-repeat', alarmId, at])));
  }
}

function wayOut(relaxation: InfeasibleView['relaxation']): string {
  if (relaxation.length === 0) return '';
  return `; the least that helps: ${relaxation.map(({ limit, by }) => `${limit} by ${by}`).join(', ')}`;
}

/** The work of a night: asks for every book that was not asked for since its beginning, and looks for rubber stamps. */
export async function nightlyGovernance(units: UnitRunner<DomainEvent>, causes: CommandCauses): Promise<void> {
  const now = causes.now();
  const night = `${now.slice(0, 10)}T00:00:00.000Z`;
  const mandates = await units.run(({ manager }) => mandatesToReconcile(manager, night));
  for (const mandateId of mandates) {
    const cause = causes.free(['reconciliation-nightly', mandateId, night]);
    await units.run((unit) => requestInUnit(unit, mandateId, SERVICE, cause));
  }
  const since = new Date(Date.parse(now) - OVERSIGHT_DAYS * DAY_MS).toISOString();
  const { people } = await units.run(async ({ manager }) => oversightReport(await readOversight(manager, { since })));
  for (const { person, alarms } of people) {
    for (const { rule, reason } of alarms) {
      // once a month a person and rule: a talk takes longer than a night
      const wish = { kind: 'rubber-stamp', subject: `${person}/${rule}/${now.slice(0, 7)}`, text: reason } as const;
      await units.run((unit) => raiseInUnit(unit, wish, causes.free(['alarm', wish.kind, wish.subject])));
    }
  }
}

const WATCH_MS = 10_000;

/** Looks every ten seconds, and does the work of the night once a day; returns how to stop. */
export function keepWatching(stage: RunningStage<DomainEvent>, options: WatchOptions = DEFAULT_WATCH): () => void {
  const causes = stage.get<CommandCauses>(CommandCauses);
  const logger = stage.get<Logger>(LOGGER);
  let night = '';
  let looking = false;
  const look = async (): Promise<void> => {
    await watchGovernance(stage.units, causes, options);
    const today = causes.now().slice(0, 10);
    if (night === today) return;
    await nightlyGovernance(stage.units, causes);
    night = today;
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => logger.warn({ error }, 'governance could not be watched; it is tried again'))
      .finally(() => {
        looking = false;
      });
  }, WATCH_MS);
  return () => clearInterval(timer);
}
