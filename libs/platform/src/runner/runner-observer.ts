import type { Envelope } from '../messaging/envelope';
import type { ReceivedMessage } from '../messaging/message';
import type { FailureKind } from './failure-kind';

/** What the runner tells: for metrics, traces and logs. */
export interface RunnerObserver {
  /** Surrounds the handling of one message. */
  around(message: ReceivedMessage, envelope: Envelope, handle: () => Promise<void>): Promise<void>;
  /** A unit with these messages was committed. */
  committed(messages: readonly { readonly message: ReceivedMessage; readonly envelope: Envelope }[]): void;
  duplicate(message: ReceivedMessage): void;
  failed(messages: readonly ReceivedMessage[], kind: FailureKind, error: unknown, attempt: number): void;
  deadLettered(message: ReceivedMessage, error: unknown, attempts: number): void;
}

export const SILENT_OBSERVER: RunnerObserver = {
  around: (_message, _envelope, handle) => handle(),
  committed: () => undefined,
  duplicate: () => undefined,
  failed: () => undefined,
  deadLettered: () => undefined,
};
