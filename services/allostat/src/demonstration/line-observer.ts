import { createHash, randomUUID, type Hash } from 'node:crypto';
import type { DomainEvent, EventOf, EventType } from '@allostat/pipeline';
import { readEnvelope, type MessageBus, type ReceivedMessage, type Subscription } from '@allostat/platform';
import { decodeEvent, UndecodableMessageError } from '@allostat/wire';

/** Topics on which a watcher sees all that the line makes. */
const TOPICS = [
  'market.quarantine.v1',
  'signal.snapshot.v1',
  'regime.assessment.v1',
  'regime.alert.v1',
  'risk.budget.v1',
  'allocation.proposal.v1',
  'governance.decision.v1',
  'allocation.instruction.v1',
  'allocation.status.v1',
  'audit.checkpoint.v1',
];

interface Waiter {
  matches(event: DomainEvent): boolean;
  resolve(event: DomainEvent): void;
  reject(reason: WaitInterrupted): void;
}

/** Thrown to whoever waits for an event when the run is asked to stop. */
export class WaitInterrupted extends Error {
  constructor() {
    super('stopped while waiting for the line');
    this.name = 'WaitInterrupted';
  }
}

/** Reads everything the line publishes, from the oldest message on, each once; keeps it, and lets others wait for it. */
export class LineObserver {
  private readonly seen = new Map<EventType, DomainEvent[]>();
  private readonly ids = new Set<string>();
  private readonly hashes = new Map<EventType, Hash>();
  private readonly waiters = new Set<Waiter>();
  private subscription: Subscription | undefined;

  private constructor(private readonly signal: AbortSignal | undefined) {
    signal?.addEventListener('abort', () => this.waiters.forEach((waiter) => waiter.reject(new WaitInterrupted())));
  }

  /** `signal` ends every wait. */
  static async start(bus: MessageBus, signal?: AbortSignal): Promise<LineObserver> {
    const observer = new LineObserver(signal);
    observer.subscription = await bus.subscribe({
      group: `observer-${randomUUID()}`,
      topics: TOPICS,
      handler: async ({ messages }) => messages.forEach((message) => observer.take(message)),
      fromBeginning: true,
      maxBatch: 500,
    });
    return observer;
  }

  /** All events of a type so far, in the order in which they arrived. */
  of<T extends EventType>(type: T): readonly EventOf<T>[] {
    return (this.seen.get(type) ?? []) as unknown as EventOf<T>[];
  }

  /** SHA-256 over the bytes of all messages of a type, in the order in which they arrived. */
  bytesHash(type: EventType): string {
    return (this.hashes.get(type) ?? createHash('sha256')).copy().digest('hex');
  }

  /** The newest event of one of the types that `matches`, now or when it comes. Throws `WaitInterrupted` when the run stops. */
  async wait<T extends EventType>(types: readonly T[], matches: (event: EventOf<T>) => boolean): Promise<EventOf<T>> {
    for (const type of types) {
      const known = this.of(type);
      for (let i = known.length - 1; i >= 0; i--) if (matches(known[i])) return known[i];
    }
    if (this.signal?.aborted) throw new WaitInterrupted();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        matches: (event) => (types as readonly string[]).includes(event.type) && matches(event as EventOf<T>),
        resolve: (event) => {
          this.waiters.delete(waiter);
          resolve(event as EventOf<T>);
        },
        reject: (reason) => {
          this.waiters.delete(waiter);
          reject(reason);
        },
      };
      this.waiters.add(waiter);
    });
  }

  async close(): Promise<void> {
    await this.subscription?.close();
  }

  private take({ topic, headers, value }: ReceivedMessage): void {
    const event = readEvent(topic, headers, value);
    if (!event || this.ids.has(headers.ce_id)) return;
    this.ids.add(headers.ce_id);
    const list = this.seen.get(event.type) ?? [];
    list.push(event);
    this.seen.set(event.type, list);
    this.hashes.set(event.type, (this.hashes.get(event.type) ?? createHash('sha256')).update(value));
    for (const waiter of [...this.waiters]) if (waiter.matches(event)) waiter.resolve(event);
  }
}

/** The event of a message; nothing when it cannot be read: it is a dead letter of the stage that reads it for a living. */
function readEvent(
  topic: string,
  headers: Readonly<Record<string, string>>,
  value: Uint8Array,
): DomainEvent | undefined {
  try {
    return decodeEvent({ topic, type: readEnvelope(headers).type, value });
  } catch (error) {
    if (error instanceof UndecodableMessageError) return undefined;
    throw error;
  }
}
