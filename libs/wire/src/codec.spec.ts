import {
  AllocationProposedSchema,
  RegimeAssessedSchema,
  SignalSnapshotPublishedSchema,
  type Regime,
} from '@allostat/contracts';
import { create, fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import type { DomainEvent } from '@allostat/pipeline';
import { decodeEvent, encodeEvent } from './codec';
import { SAMPLE_EVENTS } from './samples';

const sample = (type: string) => encodeEvent(SAMPLE_EVENTS.find((event) => event.type === type)!);

function spoil<S extends DescMessage>(schema: S, type: string, change: (message: MessageShape<S>) => void) {
  const encoded = sample(type);
  const message = fromBinary(schema, encoded.value);
  change(message);
  return { ...encoded, value: toBinary(schema, message) };
}

describe('decodeEvent refuses', () => {
  it('garbage', () => {
    const { topic, type } = sample('RegimeAssessed');
    expect(() => decodeEvent({ topic, type, value: Buffer.from('not protobuf at all') })).toThrow(
      /is not a protobuf message/,
    );
  });

  it('an unknown message type, such as that of a later version', () => {
    const encoded = sample('RegimeAssessed');
    expect(() => decodeEvent({ ...encoded, type: 'allostat.regime_detection.v9.RegimeAssessed' })).toThrow(
      /is not a known message type/,
    );
  });

  it('a message on a topic that does not carry it', () => {
    expect(() => decodeEvent({ ...sample('RegimeAssessed'), topic: 'regime.alert.v1' })).toThrow(/does not travel on/);
  });

  it('an empty message, naming the first missing field', () => {
    const { topic, type } = sample('RegimeAssessed');
    const value = toBinary(RegimeAssessedSchema, create(RegimeAssessedSchema));
    expect(() => decodeEvent({ topic, type, value })).toThrow(/universe_id: is missing/);
  });

  it('NaN', () => {
    const spoiled = spoil(SignalSnapshotPublishedSchema, 'SignalSnapshotPublished', (message) => {
      message.instruments[0].return = NaN;
    });
    expect(() => decodeEvent(spoiled)).toThrow(/instruments.return: must be finite, got NaN/);
  });

  it('weights that do not sum to one', () => {
    const spoiled = spoil(AllocationProposedSchema, 'AllocationProposed', (message) => {
      message.weights[0].targetWeight = '0.61';
    });
    expect(() => decodeEvent(spoiled)).toThrow(/weights.target_weight: must sum to 1/);
  });

  it('a weight that is not a plain decimal', () => {
    const spoiled = spoil(AllocationProposedSchema, 'AllocationProposed', (message) => {
      message.weights[0].targetWeight = '60%';
    });
    expect(() => decodeEvent(spoiled)).toThrow(/must be a plain decimal such as 0.05, got "60%"/);
  });

  it('an unknown enum value', () => {
    const spoiled = spoil(AllocationProposedSchema, 'AllocationProposed', (message) => {
      message.regime = 99 as Regime;
    });
    expect(() => decodeEvent(spoiled)).toThrow(/regime: has the unknown value 99/);
  });
});

it('keeps zero apart from missing', () => {
  const encoded = sample('SignalSnapshotPublished');
  const event = decodeEvent(encoded);
  if (event.type !== 'SignalSnapshotPublished') throw new Error(event.type);
  expect(event.signals[0].value).toBe(0);
  expect('value' in event.signals[1]).toBe(false);
});

describe('fields that messages got later', () => {
  const sampleOf = <T extends DomainEvent['type']>(type: T) => {
    const found = SAMPLE_EVENTS.find((event) => event.type === type);
    if (found === undefined) throw new Error(`there is no sample of ${type}`);
    return found;
  };

  it('a fusion and an owner survive the way out and back', () => {
    const contributions = [{ name: 'trend.equity', standardised: 1.5, weight: 0.4, contribution: 0.6 }];
    const snapshot = { ...sampleOf('SignalSnapshotPublished'), fusion: { score: 0.6, contributions } } as DomainEvent;
    const quarantined = { ...sampleOf('ObservationQuarantined'), owner: 'data-team' } as DomainEvent;
    for (const event of [snapshot, quarantined]) expect(decodeEvent(encodeEvent(event))).toEqual(event);
  });
});
