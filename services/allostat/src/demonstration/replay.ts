import { deterministicId } from '@allostat/kernel';
import { latestKnown, type DomainEvent, type ObservationsRecorded, type RiskBudgetSet } from '@allostat/pipeline';
import { envelopeHeaders, sleep, type MessageBus, type OutgoingMessage } from '@allostat/platform';
import { encodeEvent } from '@allostat/wire';
import { WaitInterrupted, type LineObserver } from './line-observer';
import type { Pilot } from './pilot';

const STATUS_TOPIC = 'allocation.status.v1';
/** Who must have taken an answer of the order system before the next bar may follow. */
const STATUS_READERS = ['risk-budgeting', 'governance'];
const LAG_POLL_MS = 3;

export interface ReplayOptions {
  readonly bus: MessageBus;
  readonly observer: LineObserver;
  readonly mandateIds: readonly string[];
  /** Signs proposals; without it they wait until somebody else does, or until the next one replaces them. */
  readonly pilot?: Pilot;
  onBar?(done: number): void;
  /** Stops the replay, also while it waits for what a bar leads to; the observer must listen to the same one. */
  readonly signal?: AbortSignal;
}

/** A message of an event that comes from outside the line. The same identity always gives the same id. */
export function outsideMessage(event: DomainEvent, time: string, identity: readonly string[]): OutgoingMessage {
  const { topic, key, type, value } = encodeEvent(event);
  const id = deterministicId('outside', event.type, ...identity);
  const headers = envelopeHeaders({ id, type, source: 'feed', time, correlationId: id });
  return { topic, key, value: Buffer.from(value), headers };
}

/** A feed's delivery as a message; it counts from when its last value became known. */
export function feedMessage(delivery: ObservationsRecorded): OutgoingMessage {
  const { universeId, feed, sequence } = delivery;
  return outsideMessage(delivery, latestKnown(delivery), [universeId, feed, String(sequence)]);
}

/** Bars that may be under way together when nothing that follows from one can change another. */
const WINDOW = 40;

/**
 * Feeds bars into the line so that what a replay gives does not depend on how fast it runs.
 * With a pilot a signature changes what is held, so each bar waits until all that the one before asked for is settled:
 * decided, signed, released and taken by the order system. Without one nothing comes back, and bars follow each other.
 */
export async function replay(bars: readonly ObservationsRecorded[], options: ReplayOptions): Promise<void> {
  const window = options.pilot ? 1 : WINDOW;
  for (let done = 0; done < bars.length; done += window) {
    if (options.signal?.aborted) return;
    const batch = bars.slice(done, done + window);
    try {
      await feed(batch, options);
    } catch (error) {
      if (error instanceof WaitInterrupted) return;
      throw error;
    }
    options.onBar?.(done + batch.length);
  }
}

async function feed(bars: readonly ObservationsRecorded[], options: ReplayOptions): Promise<void> {
  const { bus, observer } = options;
  const atWork = instructionsAtWork(observer);
  await bus.publish(bars.map(feedMessage));
  for (const bar of bars) {
    const budgets = await budgetsOf(bar, options);
    if (budgets.length === 0) continue;
    for (const instructionId of atWork.splice(0)) {
      if (isDayOff(observer, instructionId, bar.barClose)) {
        atWork.push(instructionId); // it is traded on a later bar
        continue;
      }
      await observer.wait(
        ['AllocationStatusReported'],
        (event) => event.instructionId === instructionId && isFinal(event.status),
      );
      await answersTaken(bus);
    }
    for (const budget of budgets) await settle(budget, options);
  }
}

/** The budgets that a bar leads to; none for a delivery that closes no bar, and for a bar that makes no snapshot. */
async function budgetsOf(bar: ObservationsRecorded, { observer, mandateIds }: ReplayOptions): Promise<RiskBudgetSet[]> {
  const { universeId, barClose: asOf } = bar;
  if (asOf === undefined || !(await makesSnapshot(universeId, asOf, observer))) return [];
  return Promise.all(
    mandateIds.map((id) => observer.wait(['RiskBudgetSet'], (event) => event.mandateId === id && event.asOf === asOf)),
  );
}

/** Whether anything follows from a bar: nothing does when it only repeated the one before, or had too few usable values. */
async function makesSnapshot(universeId: string, asOf: string, observer: LineObserver): Promise<boolean> {
  const taken = await observer.wait(
    ['SignalSnapshotPublished', 'SnapshotRefused', 'ObservationQuarantined'],
    (event) => {
      if (event.universeId !== universeId) return false;
      if (event.type !== 'ObservationQuarantined') return event.asOf === asOf;
      return event.rule === 'repeated-row' && event.observation.eventTime === asOf;
    },
  );
  return taken.type === 'SignalSnapshotPublished';
}

/** Waits until a bar's decision for one mandate has gone as far as it can without anybody else. */
async function settle(budget: RiskBudgetSet, { bus, observer, pilot }: ReplayOptions): Promise<void> {
  if (budget.decisionDue === undefined) return;
  const { mandateId, asOf } = budget;
  const outcome = await observer.wait(
    ['AllocationProposed', 'AllocationUnchanged', 'AllocationInfeasible'],
    (event) => event.mandateId === mandateId && event.asOf === asOf,
  );
  if (outcome.type !== 'AllocationProposed') return;
  const { proposalId } = outcome;
  await observer.wait(['ReviewOpened'], (event) => event.proposalId === proposalId);
  if (!pilot) return;
  await pilot.approve(proposalId);
  const { instructionId } = await observer.wait(['AllocationReleased'], (event) => event.proposalId === proposalId);
  await observer.wait(
    ['AllocationStatusReported'],
    (event) => event.instructionId === instructionId && (event.status === 'working' || isFinal(event.status)),
  );
  await answersTaken(bus);
}

/** Whether the mandate of an instruction does not trade on the day of a bar. */
function isDayOff(observer: LineObserver, instructionId: string, day: string | undefined): boolean {
  const released = observer.of('AllocationReleased').find((event) => event.instructionId === instructionId);
  return day !== undefined && released?.terms?.daysOff?.closed.includes(day) === true;
}

function instructionsAtWork(observer: LineObserver): string[] {
  const open = new Set<string>();
  for (const { instructionId, status } of observer.of('AllocationStatusReported')) {
    if (isFinal(status)) open.delete(instructionId);
    else open.add(instructionId);
  }
  return [...open];
}

function isFinal(status: string): boolean {
  return status === 'done' || status === 'rejected' || status === 'cancelled';
}

async function answersTaken(bus: MessageBus): Promise<void> {
  for (const group of STATUS_READERS) await consumed(bus, group, [STATUS_TOPIC]);
}

/** Waits until a consumer group has taken everything that stands in the topics now. */
export async function consumed(bus: MessageBus, group: string, topics: readonly string[]): Promise<void> {
  while ((await bus.lag(group, topics)) > 0) await sleep(LAG_POLL_MS);
}
