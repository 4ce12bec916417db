import { AllostatError } from '@allostat/kernel';

/** Thrown when a message is not what its topic promises: no envelope, unknown type, broken bytes, impossible content. */
export class UndecodableMessageError extends AllostatError {
  constructor(reason: string, options?: ErrorOptions) {
    super(
      'MESSAGE.UNDECODABLE',
      reason,
      'the sender must be corrected; the message stays among the dead letters',
      options,
    );
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
  encode(event: E): { readonly topic: string; readonly key: string; readonly value: Uint8Array };
  /** Throws `UndecodableMessageError`. */
  decode(message: { readonly topic: string; readonly type: string; readonly value: Uint8Array }): E;
}
