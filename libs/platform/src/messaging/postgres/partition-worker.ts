import { sleep } from '../../process/sleep';
import type { ReceivedMessage } from '../message';
import type { MessageBatch, PartitionProgress, TopicPartition } from '../message-bus';
import type { GroupSession } from './group-session';

export interface PartitionWorkerOptions {
  readonly session: GroupSession;
  readonly place: TopicPartition;
  readonly start: { readonly position: bigint; readonly end: bigint };
  readonly maxBatch: number;
  readonly handler: (batch: MessageBatch) => Promise<void>;
  readonly onError: (error: Error) => void;
}

const RETRY_MS = 200;

/** Reads one partition that this member holds, batch after batch, and commits the offset after each. */
export class PartitionWorker {
  private position: bigint;
  private end: bigint;
  private lastProgressAt = Date.now();
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private readonly finished: Promise<void>;

  constructor(private readonly options: PartitionWorkerOptions) {
    this.position = options.start.position;
    this.end = options.start.end;
    this.finished = this.run();
  }

  get place(): TopicPartition {
    return this.options.place;
  }

  progress(): PartitionProgress {
    const idle = this.position >= this.end;
    const lastProgressAt = idle ? Date.now() : this.lastProgressAt;
    return { ...this.place, position: this.position, end: this.end, lastProgressAt };
  }

  /** Hears that the partition has grown. */
  grown(end: bigint): void {
    if (end <= this.end) return;
    if (this.position >= this.end) this.lastProgressAt = Date.now();
    this.end = end;
    this.wake();
  }

  /** Stops after the batch in work; never rejects. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.finished;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      if (this.position >= this.end) {
        await this.untilWoken();
        continue;
      }
      try {
        await this.step();
      } catch (error) {
        // While stopping a handler may leave its batch; the messages come again, to whoever reads here next.
        if (!this.stopping.signal.aborted) this.options.onError(error as Error);
        await sleep(RETRY_MS, this.stopping.signal);
      }
    }
  }

  private async step(): Promise<void> {
    const { session, maxBatch, handler } = this.options;
    const messages = await session.fetch(this.place, this.position, maxBatch);
    if (messages.length === 0) {
      // What stood there was removed by retention or compaction.
      this.position = this.end;
      return;
    }
    if (this.stopping.signal.aborted) return;
    await handler(this.batch(messages));
    this.position = BigInt(messages[messages.length - 1].offset) + 1n;
    this.lastProgressAt = Date.now();
    await session.commit(this.place, this.position);
  }

  private batch(messages: readonly ReceivedMessage[]): MessageBatch {
    return {
      ...this.place,
      messages,
      // The session renews itself beside the handler.
      heartbeat: () => Promise.resolve(),
      isRunning: () => !this.stopping.signal.aborted,
    };
  }

  private untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      if (this.position < this.end || this.stopping.signal.aborted) resolve();
    });
  }
}
