import { UndecodableMessageError, type EventCodec } from '@allostat/platform';

/** A fact of the sample application: somebody's number. */
export interface SampleEvent {
  readonly type: string;
  readonly topic: string;
  readonly key: string;
  readonly value: number;
}

/** The sample application's codec: JSON, and a value that must be a number. */
export const sampleCodec: EventCodec<SampleEvent> = {
  contentType: 'application/json',
  encode: (event) => ({ topic: event.topic, key: event.key, value: Buffer.from(JSON.stringify(event)) }),
  decode: ({ topic, type, value }) => {
    let event: Partial<SampleEvent>;
    try {
      event = JSON.parse(Buffer.from(value).toString('utf8')) as Partial<SampleEvent>;
    } catch (cause) {
      throw new UndecodableMessageError('the value is not JSON', { cause });
    }
    if (event.type !== type || event.topic !== topic || typeof event.key !== 'string') {
      throw new UndecodableMessageError(`the value is not a ${type} of ${topic}`);
    }
    if (typeof event.value !== 'number') throw new UndecodableMessageError('value must be a number');
    return event as SampleEvent;
  },
};
