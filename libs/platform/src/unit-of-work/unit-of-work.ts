import type { EntityManager } from 'typeorm';
import { deterministicId } from '@allostat/kernel';
import { envelopeHeaders, type Envelope } from '../messaging/envelope';
import type { EventCodec, TypedEvent } from '../messaging/event-codec';
import type { OutgoingMessage } from '../messaging/message';
import { assertCarriable } from '../messaging/message-size';
import { insertOutbox, shardOf } from '../outbox/outbox-message';
import { preparedOf } from '../postgres/queryable';
import { UnitStates } from './unit-states';

export interface UnitOfWorkOptions<E extends TypedEvent> {
  readonly service: string;
  readonly manager: EntityManager;
  readonly codec: EventCodec<E>;
  /** Trace context of the work going on now, if it is recorded. */
  readonly traceparent: () => string | undefined;
}

/**
 * One transaction: what it reads and writes through `manager`, the aggregate states it saves and the events it
 * publishes become true together or not at all.
 */
export class UnitOfWork<E extends TypedEvent = TypedEvent> {
  readonly manager: EntityManager;
  /** Used by `AggregateStore`. */
  readonly states = new UnitStates();
  private readonly outgoing: OutgoingMessage[] = [];
  private readonly published = new Map<string, number>();
  private readonly memory = new Map<string, Promise<unknown>>();
  private readonly before: (() => void | Promise<void>)[] = [];
  private readonly after: (() => void)[] = [];
  private readonly last: string[] = [];

  constructor(private readonly options: UnitOfWorkOptions<E>) {
    this.manager = options.manager;
  }

  /**
   * Puts events into the outbox at commit. Their ids depend only on the service, the cause, their place among the
   * events of that cause and their type: the same cause handled again gives the same ids. They take the cause's time.
   * Throws `AllostatError` for an event larger than a message may be.
   */
  publish(events: readonly E[], cause: Envelope): void {
    const { service, codec } = this.options;
    const traceparent = continued(cause.traceparent, this.options.traceparent());
    for (const event of events) {
      const index = this.published.get(cause.id) ?? 0;
      this.published.set(cause.id, index + 1);
      const { topic, key, value, type = event.type } = codec.encode(event);
      const envelope: Envelope = {
        id: deterministicId(service, cause.id, String(index), event.type),
        type,
        source: service,
        time: cause.time,
        correlationId: cause.correlationId,
        causationId: cause.id,
        ...(traceparent === undefined ? {} : { traceparent }),
      };
      const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      const message = { topic, key, value: bytes, headers: envelopeHeaders(envelope, codec.contentType) };
      assertCarriable(message);
      this.outgoing.push(message);
    }
  }

  /** The value that `load` gave the first time in this unit. */
  remember<T>(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.memory.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const loading = load();
    this.memory.set(key, loading);
    loading.catch(() => this.memory.delete(key));
    return loading;
  }

  /** From now on `remember(key)` gives this value. */
  replace(key: string, value: unknown): void {
    this.memory.set(key, Promise.resolve(value));
  }

  /** Runs `work` once, at the end of the unit and still inside its transaction. */
  beforeCommit(work: () => void | Promise<void>): void {
    this.before.push(work);
  }

  /**
   * A statement, without parameters, that goes to the database in one message with the commit, after everything else: what
   * it locks is locked for no round trip. What it returns is lost.
   */
  atCommit(statement: string): void {
    this.last.push(statement);
  }

  /** Runs `work` when the transaction has been committed; it must not throw. */
  afterCommit(work: () => void): void {
    this.after.push(work);
  }

  /** What goes with the commit; read by the runner of the unit after `flush`. */
  get lastStatements(): readonly string[] {
    return this.last;
  }

  /** Writes what is pending; called once, by the runner of the unit. Returns the outbox shards that got rows. */
  async flush(): Promise<ReadonlySet<number>> {
    for (let next = this.before.shift(); next !== undefined; next = this.before.shift()) await next();
    const connection = preparedOf(this.manager);
    await this.states.flush(connection);
    await insertOutbox(connection, this.outgoing);
    return new Set(this.outgoing.map(({ key }) => shardOf(key)));
  }

  /** Tells everybody who waits that the unit is committed; called by the runner of the unit. */
  committed(): void {
    this.states.committed();
    for (const work of this.after) work();
  }
}

const traceId = (traceparent: string | undefined) => traceparent?.slice(3, 35);

/** The span going on continues the trace of the cause, unless it belongs to another trace. */
function continued(cause: string | undefined, active: string | undefined): string | undefined {
  return cause === undefined || traceId(active) === traceId(cause) ? active : cause;
}
