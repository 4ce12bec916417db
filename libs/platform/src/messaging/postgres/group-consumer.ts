import { randomUUID } from 'node:crypto';
import type { ClientConfig } from 'pg';
import { sleep } from '../../process/sleep';
import type { PartitionProgress, SubscribeOptions, Subscription, TopicPartition } from '../message-bus';
import { assignPartitions } from './assignment';
import { GroupSession } from './group-session';
import { PartitionWorker } from './partition-worker';

export interface GroupTimings {
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
}

export interface GroupConsumerOptions extends SubscribeOptions, GroupTimings {
  readonly client: ClientConfig;
  readonly onError: (error: Error) => void;
  readonly onClosed: () => void;
}

const DEFAULT_MAX_BATCH = 100;
const REJOIN_MS = 500;

const nameOf = ({ topic, partition }: TopicPartition) => `${topic}/${partition}`;

/** One member of a consumer group: joins, takes its share of the partitions, joins again when its session is lost. */
export class GroupConsumer implements Subscription {
  private readonly workers = new Map<string, PartitionWorker>();
  private readonly closing = new AbortController();
  private session: GroupSession | undefined;
  private nudge = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: GroupConsumerOptions) {}

  /** Joins the group; rejects when the first attempt fails. */
  async start(): Promise<void> {
    this.session = await this.join();
    this.loop = this.run();
  }

  assigned(): TopicPartition[] {
    return [...this.workers.values()].map(({ place }) => place);
  }

  progress(): PartitionProgress[] {
    return [...this.workers.values()].map((worker) => worker.progress());
  }

  isConnected(): boolean {
    return this.session !== undefined;
  }

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return this.loop;
    this.closing.abort();
    this.nudge.abort();
    await this.loop;
    await this.stopWorkers([...this.workers.keys()]);
    await this.session?.close().catch(this.options.onError);
    this.session = undefined;
    this.options.onClosed();
  }

  private async join(): Promise<GroupSession> {
    const session: GroupSession = new GroupSession({
      client: this.options.client,
      group: this.options.group,
      memberId: randomUUID(),
      topics: this.options.topics,
      sessionTimeoutMs: this.options.sessionTimeoutMs,
      heartbeatMs: this.options.heartbeatMs,
      onAppend: (place, end) => this.workers.get(nameOf(place))?.grown(end),
      onGroupChange: () => this.nudge.abort(),
      onLost: (error) => this.lost(session, error),
    });
    await session.open();
    return session;
  }

  private lost(session: GroupSession, error: Error): void {
    this.options.onError(error);
    if (this.session === session) this.session = undefined;
    session.abandon();
    this.nudge.abort();
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      try {
        if (this.session === undefined) await this.rejoin();
        else await this.tend(this.session);
      } catch (error) {
        this.options.onError(error as Error);
      }
      await sleep(this.options.heartbeatMs, this.nudge.signal);
      if (this.nudge.signal.aborted) this.nudge = new AbortController();
    }
  }

  private async rejoin(): Promise<void> {
    // The locks went with the session, so nothing of ours may go on.
    await this.stopWorkers([...this.workers.keys()]);
    await sleep(REJOIN_MS, this.closing.signal);
    if (!this.closing.signal.aborted) this.session = await this.join();
  }

  /** One look at the group: share out, hand over what is no longer ours, take what is, hear of growth we missed. */
  private async tend(session: GroupSession): Promise<void> {
    const members = await session.liveMembers();
    const ends = await session.ends();
    const partitions = new Map<string, number>();
    for (const { topic } of ends) partitions.set(topic, (partitions.get(topic) ?? 0) + 1);
    const mine = assignPartitions(members, partitions, session.memberId);
    const wanted = new Set(mine.map(nameOf));
    await this.release(
      session,
      [...this.workers.keys()].filter((name) => !wanted.has(name)),
    );
    for (const place of mine) await this.take(session, place);
    for (const { end, ...place } of ends) this.workers.get(nameOf(place))?.grown(end);
  }

  private async release(session: GroupSession, names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const places = names.map((name) => (this.workers.get(name) as PartitionWorker).place);
    await this.stopWorkers(names);
    for (const place of places) await session.unlock(place);
    await session.announce();
  }

  private async take(session: GroupSession, place: TopicPartition): Promise<void> {
    const name = nameOf(place);
    if (this.closing.signal.aborted || this.workers.has(name) || !(await session.tryLock(place))) return;
    const start = await session.position(place, this.options.fromBeginning ?? true);
    const { handler, onError, maxBatch = DEFAULT_MAX_BATCH } = this.options;
    this.workers.set(name, new PartitionWorker({ session, place, start, maxBatch, handler, onError }));
  }

  private async stopWorkers(names: readonly string[]): Promise<void> {
    // All stop at once: each may have a batch in work.
    await Promise.all(names.map((name) => this.workers.get(name)?.stop() ?? Promise.resolve()));
    for (const name of names) this.workers.delete(name);
  }
}
