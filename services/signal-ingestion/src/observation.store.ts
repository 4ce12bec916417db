import type { EntityManager } from 'typeorm';
import { revisionKey, type Observation, type StoredValue } from '@allostat/pipeline';
import { ObservationEntity } from './observation.entity';
import { headlineDay, OBSERVATION_COLUMNS, observationColumns, observationOf } from './observation.mapper';

/** Rows of one statement: large enough to be fast, small enough for memory. */
const CHUNK = 5_000;

const NAMES = Object.keys(OBSERVATION_COLUMNS);
const UNNEST = Object.values(OBSERVATION_COLUMNS).map((type, i) => `$${i + 1}::${type}[]`);
const INSERT = `insert into observation (${NAMES.join(', ')})
  select ${NAMES.join(', ')} from unnest(${UNNEST.join(', ')}) as rows (${NAMES.join(', ')})
  on conflict do nothing`;

/** Keeps what became known; what is already there stays as it is. Returns how many rows are new. */
export async function recordObservations(
  manager: EntityManager,
  observations: readonly Observation[],
): Promise<number> {
  let inserted = 0;
  for (let i = 0; i < observations.length; i += CHUNK) {
    const chunk = observations.slice(i, i + CHUNK);
    const stored = await readHeadlines(manager, chunk);
    const fresh = chunk.filter((own) => own.kind !== 'headline' || !stored.get(headlineDay(own))?.texts.has(own.text));
    const rows: unknown[] = await manager.query(`${INSERT} returning 1`, observationColumns(fresh, stored));
    inserted += rows.length;
  }
  return inserted;
}

interface StoredHeadlines {
  readonly texts: Set<string | undefined>;
  /** Rows; a source may have sent one text twice. */
  readonly size: number;
}

/** Headlines that are stored of the series and days of some observations: a day may bring more of them than one delivery has. */
async function readHeadlines(
  manager: EntityManager,
  observations: readonly Observation[],
): Promise<Map<string, StoredHeadlines>> {
  const headlines = observations.filter(({ kind }) => kind === 'headline');
  const stored = new Map<string, StoredHeadlines>();
  if (headlines.length === 0) return stored;
  const rows = (await manager.query(
    `select series_id, event_time::text, text from observation
     where kind = 'headline' and series_id = any($1) and event_time = any($2::date[])`,
    [
      [...new Set(headlines.map(({ seriesId }) => seriesId))],
      [...new Set(headlines.map(({ eventTime }) => eventTime))],
    ],
  )) as { series_id: string; event_time: string; text: string }[];
  for (const { series_id: seriesId, event_time: eventTime, text } of rows) {
    const key = headlineDay({ seriesId, eventTime });
    const day = stored.get(key) ?? { texts: new Set<string>(), size: 0 }; // the first of its day
    stored.set(key, { texts: day.texts.add(text), size: day.size + 1 });
  }
  return stored;
}

/** The newest revision of every event time of some series. */
export async function readNewest(
  manager: EntityManager,
  seriesIds: readonly string[],
): Promise<Map<string, StoredValue>> {
  const rows = (await manager.query(
    `select distinct on (series_id, event_time, kind = 'volume')
       series_id, event_time::text, kind, revision, known_time, value
     from observation where series_id = any($1) and kind <> 'headline'
     order by series_id, event_time, kind = 'volume', revision desc`,
    [[...seriesIds]],
  )) as {
    series_id: string;
    event_time: string;
    kind: Observation['kind'];
    revision: number;
    known_time: Date;
    value: number | null;
  }[];
  return new Map(
    rows.map(({ series_id, event_time, kind, revision, known_time, value }) => [
      revisionKey(series_id, event_time, kind),
      { revision, knownTime: known_time.toISOString(), ...(value !== null && { value }) },
    ]),
  );
}

/** Observations of some series that were known by `asOf`, oldest first. */
export async function readObservations(
  manager: EntityManager,
  seriesIds: readonly string[],
  asOf: string,
): Promise<Observation[]> {
  const rows = await manager
    .createQueryBuilder(ObservationEntity, 'o')
    .where('o.series_id = any(:seriesIds) and o.known_time <= :asOf', { seriesIds: [...seriesIds], asOf })
    .orderBy('o.event_time')
    .addOrderBy('o.series_id')
    .addOrderBy('o.revision')
    .addOrderBy('o.ordinal')
    .getMany();
  return rows.map(observationOf);
}
