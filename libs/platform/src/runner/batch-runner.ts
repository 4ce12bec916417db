import { AllostatError } from '@allostat/kernel';
import type { DeadLetters } from '../dead-letter/dead-letters';
import type { Failpoints } from '../failpoint/failpoints';
import { readEnvelope, type Envelope } from '../messaging/envelope';
import type { EventCodec, TypedEvent } from '../messaging/event-codec';
import type { ReceivedMessage } from '../messaging/message';
import type { MessageBatch } from '../messaging/message-bus';
import { sleep } from '../process/sleep';
import type { UnitRunner } from '../unit-of-work/unit-runner';
import { failureKind } from './failure-kind';
import { claim, unclaim } from './inbox';
import type { MessageContext } from './message-context';
import { backoffMs, type RetryPolicy } from './retry-policy';
import type { RunnerObserver } from './runner-observer';

export interface BatchRunnerOptions<E extends TypedEvent> {
  /** Consumer group; the inbox remembers what this name has applied. */
  readonly group: string;
  readonly units: UnitRunner<E>;
  readonly codec: EventCodec<E>;
  readonly dispatch: (event: E, context: MessageContext<E>) => Promise<void>;
  readonly deadLetters: DeadLetters;
  readonly retry: RetryPolicy;
  readonly failpoints: Failpoints;
  readonly observer: RunnerObserver;
  /** A unit commits what it has when it lasts longer than this; default 250. */
  readonly maxUnitMs?: number;
}

/** Thrown to the transport when a batch stops half way; what was not applied comes again. */
export class BatchAbandonedError extends AllostatError {
  constructor(batch: MessageBatch) {
    super(
      'RUNNER.ABANDONED',
      `the batch of ${batch.topic}/${batch.partition} was left: the partition is no longer ours`,
    );
  }
}

const PAUSE_SLICE_MS = 50;

/**
 * Applies the messages of one partition: as many as possible in one transaction, and one by one when that fails, so
 * that a bad message takes nothing with it. Nothing is lost, nothing is applied twice.
 */
export class BatchRunner<E extends TypedEvent> {
  constructor(private readonly options: BatchRunnerOptions<E>) {}

  /** Returns when every message of the batch is applied, known already or kept as a dead letter. */
  async handle(batch: MessageBatch): Promise<void> {
    let rest = batch.messages;
    while (rest.length > 1) {
      try {
        rest = rest.slice(await this.apply(batch, rest));
      } catch (error) {
        this.options.observer.failed(rest, failureKind(error), error, 1);
        break;
      }
      if (rest.length > 0 && !batch.isRunning()) throw new BatchAbandonedError(batch);
    }
    for (const message of rest) await this.applyAlone(batch, message);
    this.options.failpoints.pass('before-offset');
  }

  /** One unit over a run of messages; returns how many of them it covered, at least one. */
  private async apply(batch: MessageBatch, messages: readonly ReceivedMessage[]): Promise<number> {
    const { units, group, codec, observer, dispatch, maxUnitMs = 250 } = this.options;
    const envelopes = messages.map(({ headers }) => readEnvelope(headers));
    const started = Date.now();
    const applied: { message: ReceivedMessage; envelope: Envelope }[] = [];
    let covered = 0;
    await units.once(async (unit) => {
      const fresh = await claim(
        unit.manager,
        group,
        envelopes.map(({ id }) => id),
      );
      for (; covered < messages.length; covered++) {
        if (covered > 0 && (!batch.isRunning() || Date.now() - started > maxUnitMs)) break;
        const message = messages[covered];
        const envelope = envelopes[covered];
        if (!fresh.delete(envelope.id)) {
          observer.duplicate(message);
          continue;
        }
        await observer.around(message, envelope, async () => {
          const event = codec.decode({ topic: message.topic, type: envelope.type, value: message.value });
          await dispatch(event, { envelope, message, unit });
        });
        applied.push({ message, envelope });
      }
      if (fresh.size > 0) await unclaim(unit.manager, group, [...fresh]);
    });
    observer.committed(applied);
    return covered;
  }

  private async applyAlone(batch: MessageBatch, message: ReceivedMessage): Promise<void> {
    const { retry, observer } = this.options;
    const started = Date.now();
    let tries = 0;
    for (let attempt = 1; ; attempt++) {
      if (!batch.isRunning()) throw new BatchAbandonedError(batch);
      try {
        await this.apply(batch, [message]);
        return;
      } catch (error) {
        const kind = failureKind(error);
        observer.failed([message], kind, error, attempt);
        if (kind !== 'infrastructure') tries++;
        const givenUp =
          kind === 'undecodable' ||
          (kind === 'failure' && tries >= retry.attempts) ||
          (kind === 'not-ready' && Date.now() - started > retry.notReadyMs);
        if (givenUp) {
          await this.giveUp(batch, message, error, tries);
          return;
        }
        await this.pause(batch, attempt);
      }
    }
  }

  private async giveUp(batch: MessageBatch, message: ReceivedMessage, cause: unknown, tries: number): Promise<void> {
    const { deadLetters, group, observer } = this.options;
    for (let attempt = 1; ; attempt++) {
      try {
        await deadLetters.record(group, message, cause, tries);
        break;
      } catch (error) {
        // A message that could not be kept must not be passed over: the partition waits until it can.
        observer.failed([message], 'infrastructure', error, attempt);
        await this.pause(batch, attempt);
        if (!batch.isRunning()) throw new BatchAbandonedError(batch);
      }
    }
    observer.deadLettered(message, cause, tries);
  }

  private async pause(batch: MessageBatch, attempt: number): Promise<void> {
    const until = Date.now() + backoffMs(Math.min(attempt, 20), this.options.retry);
    while (batch.isRunning() && Date.now() < until) {
      await sleep(Math.min(PAUSE_SLICE_MS, until - Date.now()));
      await batch.heartbeat();
    }
  }
}
