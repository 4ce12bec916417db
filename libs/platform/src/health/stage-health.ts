import type { Subscription } from '../messaging/message-bus';

export type StagePhase = 'starting' | 'running' | 'stopping';

export interface PartitionHealth {
  readonly topic: string;
  readonly partition: number;
  readonly position: string;
  readonly lag: string;
  readonly secondsSinceProgress: number;
  readonly stalled: boolean;
}

export interface HealthReport {
  readonly status: 'ready' | 'not-ready';
  readonly phase: StagePhase;
  readonly database: 'up' | 'down';
  /** `none` for a stage that listens to nothing. */
  readonly consumer: 'connected' | 'disconnected' | 'none';
  readonly partitions: readonly PartitionHealth[];
}

export interface StageHealthOptions {
  /** Rejects when the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly subscription: () => Subscription | undefined;
  readonly listens: () => boolean;
  readonly stallMs: number;
}

const PING_TIMEOUT_MS = 2000;

/** What is known of a stage from its own connections: nothing is opened to ask. */
export class StageHealth {
  phase: StagePhase = 'starting';

  constructor(private readonly options: StageHealthOptions) {}

  async report(): Promise<HealthReport> {
    const database = await this.database();
    const subscription = this.options.subscription();
    const connected = subscription?.isConnected() === true ? 'connected' : 'disconnected';
    const consumer = this.options.listens() ? connected : 'none';
    const partitions = this.partitions(subscription);
    const ready =
      this.phase === 'running' &&
      database === 'up' &&
      consumer !== 'disconnected' &&
      partitions.every(({ stalled }) => !stalled);
    return { status: ready ? 'ready' : 'not-ready', phase: this.phase, database, consumer, partitions };
  }

  private partitions(subscription: Subscription | undefined): PartitionHealth[] {
    return (subscription?.progress() ?? []).map(({ topic, partition, position, end, lastProgressAt }) => {
      const still = Date.now() - lastProgressAt;
      const lag = end > position ? end - position : 0n;
      return {
        topic,
        partition,
        position: String(position),
        lag: String(lag),
        secondsSinceProgress: Math.max(0, Math.round(still / 1000)),
        stalled: lag > 0n && still > this.options.stallMs,
      };
    });
  }

  private async database(): Promise<'up' | 'down'> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'down'>((resolve) => {
      timer = setTimeout(() => resolve('down'), PING_TIMEOUT_MS);
    });
    const ping = this.options.ping().then(
      () => 'up' as const,
      () => 'down' as const,
    );
    return Promise.race([ping, timeout]).finally(() => clearTimeout(timer));
  }
}
