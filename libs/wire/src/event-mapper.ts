import type { TopicName } from '@allostat/contracts';
import type { DomainEvent, EventOf, EventType } from '@allostat/pipeline';
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { FieldReader } from './field-reader';

/** Converts one domain event to its message and back; `fromWire` refuses what the event must never hold. */
export interface EventMapper<T extends EventType, S extends DescMessage> {
  readonly type: T;
  readonly topic: TopicName;
  readonly schema: S;
  key(event: EventOf<T>): string;
  toWire(event: EventOf<T>): MessageInitShape<S>;
  fromWire(message: MessageShape<S>, read: FieldReader): EventOf<T>;
}

/** An `EventMapper` whose types have been erased so that it can stand in a table. */
export interface AnyEventMapper {
  readonly type: EventType;
  readonly topic: TopicName;
  readonly schema: DescMessage;
  key(event: DomainEvent): string;
  toWire(event: DomainEvent): MessageInitShape<DescMessage>;
  fromWire(message: MessageShape<DescMessage>, read: FieldReader): DomainEvent;
}

export function eventMapper<T extends EventType, S extends DescMessage>(mapper: EventMapper<T, S>): AnyEventMapper {
  return mapper as unknown as AnyEventMapper;
}
