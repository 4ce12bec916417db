import type { DomainEvent } from '@allostat/pipeline';
import type { EventCodec } from '@allostat/platform';
import { decodeEvent, encodeEvent } from '@allostat/wire';

/** The platform's view of our events: protobuf, typed by the message's full name. */
export const WIRE_CODEC: EventCodec<DomainEvent> = { encode: encodeEvent, decode: decodeEvent };
