import type { DomainEvent, EventType } from '@allostat/pipeline';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { AnyEventMapper } from './event-mapper';
import { FieldReader } from './field-reader';
import { MAPPERS } from './mappers';
import { UndecodableMessageError } from './undecodable-message-error';

export interface EncodedEvent {
  readonly topic: string;
  readonly key: string;
  /** Full protobuf name of the message: the `ce_type` header. */
  readonly type: string;
  readonly value: Uint8Array;
}

const byEventType = new Map<EventType, AnyEventMapper>(MAPPERS.map((mapper) => [mapper.type, mapper]));
const byMessageType = new Map<string, AnyEventMapper>(MAPPERS.map((mapper) => [mapper.schema.typeName, mapper]));

/** The bytes of an event, where they go, and under which key. */
export function encodeEvent(event: DomainEvent): EncodedEvent {
  const mapper = byEventType.get(event.type);
  if (!mapper) throw new UndecodableMessageError(event.type, 'type', 'has no mapper');
  const message = create(mapper.schema, mapper.toWire(event));
  return {
    topic: mapper.topic,
    key: mapper.key(event),
    type: mapper.schema.typeName,
    value: toBinary(mapper.schema, message),
  };
}

/**
 * The event that a message holds.
 * Throws `UndecodableMessageError` for an unknown type, a type that the topic does not carry, bytes that are not
 * a message of that type, and every value that the event must never hold (missing, NaN, unknown enum, wrong sum).
 */
export function decodeEvent(message: {
  readonly topic: string;
  readonly type: string;
  readonly value: Uint8Array;
}): DomainEvent {
  const mapper = byMessageType.get(message.type);
  if (!mapper) throw new UndecodableMessageError(message.type, 'ce_type', 'is not a known message type');
  if (mapper.topic !== message.topic) {
    throw new UndecodableMessageError(
      message.type,
      'ce_type',
      `does not travel on ${message.topic} but on ${mapper.topic}`,
    );
  }
  try {
    return mapper.fromWire(fromBinary(mapper.schema, message.value), new FieldReader(message.type));
  } catch (error) {
    if (error instanceof UndecodableMessageError) throw error;
    throw new UndecodableMessageError(message.type, 'value', `is not a protobuf message: ${(error as Error).message}`);
  }
}
