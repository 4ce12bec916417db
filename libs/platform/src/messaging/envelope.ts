import { UndecodableMessageError } from './event-codec';

/** What is known of an event beside its content. */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  /** The service that made it. */
  readonly source: string;
  /** Business time: when the facts that led to it became known. */
  readonly time: string;
  /** The same for everything that follows from one observation. */
  readonly correlationId: string;
  /** Id of the event it follows from. */
  readonly causationId?: string;
  readonly traceparent?: string;
}

const ID = /^[\x21-\x7e]{1,200}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Record headers by the CloudEvents Kafka protocol binding 1.0, binary mode. */
export function envelopeHeaders(envelope: Envelope, contentType = 'application/protobuf'): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_type: envelope.type,
    ce_source: envelope.source,
    ce_time: envelope.time,
    'content-type': contentType,
    'correlation-id': envelope.correlationId,
    ...(envelope.causationId === undefined ? {} : { 'causation-id': envelope.causationId }),
    ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
  };
}

/** Reads the envelope of a message; throws `UndecodableMessageError` when a required header is missing or malformed. */
export function readEnvelope(headers: Readonly<Record<string, string>>): Envelope {
  const required = (name: string) => {
    const value = headers[name];
    if (value === undefined || value === '') throw new UndecodableMessageError(`header ${name} is missing`);
    return value;
  };
  const version = required('ce_specversion');
  if (version !== '1.0') throw new UndecodableMessageError(`header ce_specversion must be 1.0, got ${version}`);
  const id = required('ce_id');
  if (!ID.test(id)) throw new UndecodableMessageError('header ce_id must be 1 to 200 printable ASCII characters');
  const time = required('ce_time');
  if (!TIME.test(time) || Number.isNaN(Date.parse(time))) {
    throw new UndecodableMessageError(`header ce_time must be an RFC 3339 time, got ${JSON.stringify(time)}`);
  }
  const { 'causation-id': causationId, traceparent } = headers;
  return {
    id,
    type: required('ce_type'),
    source: required('ce_source'),
    time,
    correlationId: headers['correlation-id'] ?? id,
    ...(causationId === undefined ? {} : { causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
