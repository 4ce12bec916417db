import { decodeEvent, encodeEvent } from './codec';

/** Our events as the platform carries them: protobuf, typed by the message's full name. */
export const WIRE_CODEC = { encode: encodeEvent, decode: decodeEvent } as const;
