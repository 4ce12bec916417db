import type { Envelope } from '../messaging/envelope';
import type { ReceivedMessage } from '../messaging/message';

/** Traces of one service. */
export interface Tracing {
  /** Runs the handling of a message in a consumer span that continues the trace of the message. */
  message<T>(group: string, message: ReceivedMessage, envelope: Envelope, work: () => Promise<T>): Promise<T>;
  /** Runs other work in a span: a child of the span going on, else the start of a trace. */
  span<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** W3C trace context of the span going on, to be stored with what it publishes. */
  traceparent(): string | undefined;
}

/** Records nothing; the trace context of a message still travels on with what follows from it. */
export const NO_TRACING: Tracing = {
  message: (_group, _message, _envelope, work) => work(),
  span: (_name, work) => work(),
  traceparent: () => undefined,
};
