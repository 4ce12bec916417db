import { AllostatError } from '@allostat/kernel';
import type { OutgoingMessage } from './message';

/** Largest message that any transport carries, headers and key included; Kafka's topics are made for it. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** Kafka counts what surrounds a message in its batch as well; a kilobyte is more than it takes. */
const BATCH_OVERHEAD_BYTES = 1024;

/** Bytes that a message takes: value, key and headers. */
export function messageBytes({ key, value, headers }: OutgoingMessage): number {
  let bytes = value.length + Buffer.byteLength(key);
  for (const [name, text] of Object.entries(headers)) bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  return bytes;
}

/**
 * Throws `AllostatError` for a message that no transport would take. Asked where the message is made, so that its cause
 * becomes a dead letter with this reason: found at the broker, it would hold up all that stands behind it.
 */
export function assertCarriable(message: OutgoingMessage): void {
  const bytes = messageBytes(message);
  const limit = MAX_MESSAGE_BYTES - BATCH_OVERHEAD_BYTES;
  if (bytes <= limit) return;
  throw new AllostatError(
    'LOG.MESSAGE_TOO_LARGE',
    `a message for ${message.topic} with key ${message.key.slice(0, 80)} has ${bytes} bytes; at most ${limit} are carried`,
    'split the delivery, or keep the large part as an artefact and send its hash',
  );
}
