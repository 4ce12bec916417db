import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { invariant } from '@allostat/kernel';
import type { TypedEvent } from '../messaging/event-codec';
import type { Subscription } from '../messaging/message-bus';
import type { MessageContext } from '../runner/message-context';

type Handler = MessageHandler<TypedEvent, MessageContext<never>, unknown>;

export interface EventStrategyOptions {
  /** Joins the group for these topics. */
  readonly subscribe: (topics: readonly string[]) => Promise<Subscription>;
}

/**
 * Nest transport over the message bus: handlers are `@EventPattern(topic)` methods. It waits for them, and what they
 * throw reaches the runner, which rolls back, tries again or gives the message up.
 */
export class EventStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('allostat events');
  private current: Subscription | undefined;

  constructor(private readonly options: EventStrategyOptions) {
    super();
  }

  get subscription(): Subscription | undefined {
    return this.current;
  }

  /** The topics that the controllers listen to. */
  topics(): string[] {
    return [...this.messageHandlers.keys()].sort();
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  /** Calls the handler of a topic and waits for it. */
  async dispatch<E extends TypedEvent>(topic: string, event: E, context: MessageContext<E>): Promise<void> {
    const handler = this.messageHandlers.get(topic) as Handler | undefined;
    invariant(handler !== undefined, () => `no handler listens to topic ${topic}`);
    const result: unknown = await handler(event, context as unknown as MessageContext<never>);
    // A handler may end without a value.
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }

  async close(): Promise<void> {
    const subscription = this.current;
    this.current = undefined;
    await subscription?.close();
  }

  on(): never {
    throw new Error('the event strategy emits no events; watch the health of the stage');
  }

  unwrap<T>(): T {
    return this.current as T;
  }

  private async start(): Promise<void> {
    for (const [topic, handler] of this.messageHandlers) {
      invariant(handler.isEventHandler === true, `${topic}: use @EventPattern, a log has nobody to answer to`);
    }
    const topics = this.topics();
    if (topics.length > 0) this.current = await this.options.subscribe(topics);
  }
}
