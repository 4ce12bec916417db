import type { Observation, ObservationKind } from '@allostat/pipeline';
import type { ObservationEntity } from './observation.entity';

/** Columns of an observation, in the order in which the store inserts them. */
export const OBSERVATION_COLUMNS = {
  series_id: 'text',
  event_time: 'date',
  revision: 'int',
  ordinal: 'int',
  kind: 'text',
  known_time: 'timestamptz',
  value: 'double precision',
  text: 'text',
  origin_file: 'text',
  origin_row: 'int',
  derivation: 'text',
} as const;

/** A volume stands beside the price of its series and day. */
const VOLUME_ORDINAL = 1;

/** Series and day under which headlines are numbered. */
export const headlineDay = ({ seriesId, eventTime }: Pick<Observation, 'seriesId' | 'eventTime'>): string =>
  `${seriesId} ${eventTime}`;

/**
 * Column arrays of many observations, ready for `unnest`. The headlines of a series and day are numbered in the order given, after the
 * `stored` ones.
 */
export function observationColumns(
  observations: readonly Observation[],
  stored: ReadonlyMap<string, { readonly size: number }>,
): unknown[][] {
  const headlines = new Map<string, number>();
  const ordinals = observations.map((observation) => {
    if (observation.kind === 'volume') return VOLUME_ORDINAL;
    if (observation.kind !== 'headline') return 0;
    const key = headlineDay(observation);
    const ordinal = headlines.get(key) ?? stored.get(key)?.size ?? 0; // the first headline of the day
    headlines.set(key, ordinal + 1);
    return ordinal;
  });
  return [
    observations.map(({ seriesId }) => seriesId),
    observations.map(({ eventTime }) => eventTime),
    observations.map(({ revision }) => revision),
    ordinals,
    observations.map(({ kind }) => kind),
    observations.map(({ knownTime }) => knownTime),
    observations.map(({ value }) => value ?? null),
    observations.map(({ text }) => text ?? null),
    observations.map(({ origin }) => origin?.file ?? null),
    observations.map(({ origin }) => origin?.row ?? null),
    observations.map(({ derivation }) => derivation ?? null),
  ];
}

export function observationOf(row: ObservationEntity): Observation {
  return {
    seriesId: row.seriesId,
    kind: row.kind as ObservationKind,
    eventTime: row.eventTime,
    knownTime: row.knownTime.toISOString(),
    revision: row.revision,
    ...(row.value !== null && { value: row.value }),
    ...(row.text !== null && { text: row.text }),
    ...(row.originFile !== null && row.originRow !== null && { origin: { file: row.originFile, row: row.originRow } }),
    ...(row.derivation !== null && { derivation: row.derivation }),
  };
}
