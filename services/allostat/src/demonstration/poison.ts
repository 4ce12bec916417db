import { AllocationProposedSchema, ObservationsRecordedSchema } from '@allostat/contracts';
import { deterministicId, invariant } from '@allostat/kernel';
import { envelopeHeaders, type OutgoingMessage } from '@allostat/platform';
import { encodeEvent, SAMPLE_EVENTS, type EncodedEvent } from '@allostat/wire';
import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';

/**
 * Messages that no stage can use, planted to show that each is set aside with its bytes while its neighbours go on:
 * garbage, an unknown version, a value that is not a number, weights that do not sum to one.
 */
export function poison(time: string): OutgoingMessage[] {
  const observation = sample('ObservationsRecorded');
  const proposal = sample('AllocationProposed');
  const notANumber = change(ObservationsRecordedSchema, observation.value, (message) => {
    message.observations[0].value = NaN;
  });
  const wrongSum = change(AllocationProposedSchema, proposal.value, (message) => {
    message.weights[0].targetWeight = '0.7';
  });
  return [
    planted('garbage', { ...observation, value: Buffer.from('these bytes are no message') }, time),
    planted('wrong-version', { ...observation, type: 'allostat.market.v9.ObservationsRecorded' }, time),
    planted('not-a-number', { ...observation, value: notANumber }, time),
    planted('wrong-sum', { ...proposal, value: wrongSum }, time),
  ];
}

function sample(type: string): EncodedEvent {
  const event = SAMPLE_EVENTS.find((candidate) => candidate.type === type);
  invariant(event, `there is no sample of ${type}`);
  return encodeEvent(event);
}

function planted(name: string, { topic, type, value }: EncodedEvent, time: string): OutgoingMessage {
  const id = deterministicId('poison', name);
  const envelope = { id, type, source: 'demonstration', time, correlationId: id };
  return { topic, key: 'poison', value: Buffer.from(value), headers: envelopeHeaders(envelope) };
}

function change<S extends DescMessage>(
  schema: S,
  value: Uint8Array,
  edit: (message: MessageShape<S>) => void,
): Uint8Array {
  const message = fromBinary(schema, value);
  edit(message);
  return toBinary(schema, message);
}
