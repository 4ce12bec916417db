import { AllostatError } from '@allostat/kernel';

/** Code of every error, of ours or of a codec, that says so of a message. */
export const UNDECODABLE = 'MESSAGE.UNDECODABLE';

/** Thrown when a message is not what its topic promises: no envelope, unknown type, broken bytes, impossible content. */
export class UndecodableMessageError extends AllostatError {
  constructor(reason: string, options?: ErrorOptions) {
    super(UNDECODABLE, reason, 'the sender must be corrected; the message stays among the dead letters', options);
  }
}

/** Anything with a type: the platform carries events and never looks inside. */
export interface TypedEvent {
  readonly type: string;
}

/** Turns events into bytes and back; given from outside, so that the platform does not know the domain. */
export interface EventCodec<E extends TypedEvent> {
  /** Media type of the encoded value; default `application/protobuf`. */
  readonly contentType?: string;
  /** `type` is the `ce_type` header, by which the event is decoded again; default the event's own type. */
  encode(event: E): {
    readonly topic: string;
    readonly key: string;
    readonly type?: string;
    readonly value: Uint8Array;
  };
  /** Throws an error with the code `UNDECODABLE`. */
  decode(message: { readonly topic: string; readonly type: string; readonly value: Uint8Array }): E;
}
