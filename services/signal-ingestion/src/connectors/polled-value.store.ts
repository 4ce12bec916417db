import { sha256Hex } from '@allostat/kernel';
import { revisionKey, type Observation, type StoredValue } from '@allostat/pipeline';
import type { EntityManager } from 'typeorm';

/** Which source, of which universe. */
export interface SourceKey {
  readonly universe: string;
  readonly id: string;
}

/** What a source has delivered so far. */
export interface Delivered {
  /** Newest revision of each series and day. */
  readonly values: ReadonlyMap<string, StoredValue>;
  has(headline: Observation): boolean;
  /** Last day of which something was delivered. */
  readonly lastDay?: string;
}

const headlineKey = (seriesId: string, eventTime: string, textHash: string): string =>
  `${seriesId}|${eventTime}|${textHash}`;
/** What tells the values of a series and day apart: the text of a headline, and a volume from a price. */
const hashOf = ({ kind, text }: Observation): string =>
  kind === 'volume' ? VOLUME : kind === 'headline' && text !== undefined ? sha256Hex(text) : '';
const VOLUME = 'volume';

export async function readDelivered(manager: EntityManager, { universe, id }: SourceKey): Promise<Delivered> {
  const rows = (await manager.query(
    `select distinct on (series_id, event_time, text_hash)
       series_id, event_time::text, revision, text_hash, known_time, value
     from polled_value where universe_id = $1 and feed = $2
     order by series_id, event_time, text_hash, revision desc`,
    [universe, id],
  )) as {
    series_id: string;
    event_time: string;
    revision: number;
    text_hash: string;
    known_time: Date;
    value: number | null;
  }[];
  const headlines = new Set<string>();
  const values = new Map<string, StoredValue>();
  let lastDay: string | undefined;
  for (const { series_id, event_time, revision, text_hash, known_time, value } of rows) {
    if (lastDay === undefined || event_time > lastDay) lastDay = event_time;
    if (text_hash === '' || text_hash === VOLUME)
      values.set(revisionKey(series_id, event_time, text_hash === VOLUME ? VOLUME : undefined), {
        revision,
        knownTime: known_time.toISOString(),
        ...(value !== null && { value }),
      });
    else headlines.add(headlineKey(series_id, event_time, text_hash));
  }
  return {
    values,
    has: (headline) => headlines.has(headlineKey(headline.seriesId, headline.eventTime, hashOf(headline))),
    ...(lastDay !== undefined && { lastDay }),
  };
}

export async function recordDelivered(
  manager: EntityManager,
  { universe, id }: SourceKey,
  observations: readonly Observation[],
): Promise<void> {
  await manager.query(
    `insert into polled_value (universe_id, feed, series_id, event_time, revision, text_hash, known_time, value)
     select $1, $2, * from unnest($3::text[], $4::date[], $5::int[], $6::text[], $7::timestamptz[], $8::double precision[])`,
    [
      universe,
      id,
      observations.map(({ seriesId }) => seriesId),
      observations.map(({ eventTime }) => eventTime),
      observations.map(({ revision }) => revision),
      observations.map(hashOf),
      observations.map(({ knownTime }) => knownTime),
      observations.map(({ value }) => (value === undefined ? null : value)),
    ],
  );
}
