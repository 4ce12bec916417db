export { decodeEvent, encodeEvent, type EncodedEvent } from './codec';
export { MAPPERS } from './mappers';
export { UndecodableMessageError } from './undecodable-message-error';
export { SAMPLE_EVENTS } from './samples';
export { WIRE_CODEC } from './wire-codec';
