import type { EntityManager } from 'typeorm';
import type { Observation } from '@allostat/pipeline';
import { ObservationEntity } from './observation.entity';
import { OBSERVATION_COLUMNS, observationColumns, observationOf } from './observation.mapper';

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
    const rows: unknown[] = await manager.query(
      `${INSERT} returning 1`,
      observationColumns(observations.slice(i, i + CHUNK)),
    );
    inserted += rows.length;
  }
  return inserted;
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
