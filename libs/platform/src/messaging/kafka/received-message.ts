import type { KafkaMessage } from 'kafkajs';
import type { ReceivedMessage } from '../message';
import type { TopicPartition } from '../message-bus';

/** A message as the client gives it in the form of the port; of a header that was set twice the last value counts. */
export function receivedMessage({ topic, partition }: TopicPartition, message: KafkaMessage): ReceivedMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const last = Array.isArray(value) ? value[value.length - 1] : value;
    if (last !== undefined) headers[name] = last.toString();
  }
  return {
    topic,
    partition,
    offset: message.offset,
    // A message without key or value is delivered with an empty one; the decoder decides what it means.
    key: message.key === null ? '' : message.key.toString(),
    value: message.value ?? Buffer.alloc(0),
    headers,
    timestamp: Number(message.timestamp),
  };
}
