import type { Envelope } from '../messaging/envelope';
import type { TypedEvent } from '../messaging/event-codec';
import type { ReceivedMessage } from '../messaging/message';
import type { UnitOfWork } from '../unit-of-work/unit-of-work';

/** What a handler gets beside the event. */
export interface MessageContext<E extends TypedEvent = TypedEvent> {
  readonly envelope: Envelope;
  readonly message: ReceivedMessage;
  /** The transaction of the message; everything the handler changes goes through it. */
  readonly unit: UnitOfWork<E>;
}
