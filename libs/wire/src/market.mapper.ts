import {
  ObservationKindSchema,
  ObservationsRecordedSchema,
  type Observation as ObservationMessage,
} from '@allostat/contracts';
import type { Observation } from '@allostat/pipeline';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ObservationSchema } from '@allostat/contracts';
import { eventMapper } from './event-mapper';
import { enumNumber, optional, type FieldReader } from './field-reader';

export function observationToWire(observation: Observation): MessageInitShape<typeof ObservationSchema> {
  return { ...observation, kind: enumNumber(ObservationKindSchema, observation.kind) };
}

export function observationFromWire(message: ObservationMessage, read: FieldReader): Observation {
  return {
    seriesId: read.text('series_id', message.seriesId),
    kind: read.enumName('kind', ObservationKindSchema, message.kind),
    eventTime: read.date('event_time', message.eventTime),
    knownTime: read.instant('known_time', message.knownTime),
    revision: message.revision,
    ...optional('value', message.value, (value) => read.finite('value', value)),
    ...optional('text', message.text),
    ...optional('origin', message.origin, ({ file, row }) => ({ file, row })),
    ...optional('derivation', message.derivation),
  };
}

/** People behind overridden values; none is the same as an absent field. */
export const overridersToWire = (people: readonly string[] | undefined) =>
  optional('dataOverriders', people, (ids) => [...ids]);

export const overridersFromWire = (people: readonly string[], read: FieldReader): { dataOverriders?: string[] } =>
  people.length === 0 ? {} : { dataOverriders: people.map((id) => read.text('data_overriders', id)) };

export const observationsRecorded = eventMapper({
  type: 'ObservationsRecorded',
  topic: 'market.observation.v1',
  schema: ObservationsRecordedSchema,
  key: (event) => event.universeId,
  toWire: (event) => ({
    universeId: event.universeId,
    feed: event.feed,
    sequence: BigInt(event.sequence),
    ...optional('barClose', event.barClose),
    observations: event.observations.map(observationToWire),
  }),
  fromWire: (message, read) => ({
    type: 'ObservationsRecorded',
    universeId: read.text('universe_id', message.universeId),
    feed: read.text('feed', message.feed),
    sequence: read.safeInteger('sequence', message.sequence),
    ...optional('barClose', message.barClose, (value) => read.date('bar_close', value)),
    observations: message.observations.map((observation) => observationFromWire(observation, read)),
  }),
});
