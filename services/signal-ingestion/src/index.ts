import type { StageDefinition } from '@allostat/platform';
import { CreateObservationTable1764100000000 } from './create-observation-table.migration';
import { ObservationEntity } from './observation.entity';
import { OnObservationsRecorded } from './on-observations-recorded.handler';
import { OnUniverseVersioned } from './on-universe-versioned.handler';

export { readNewest, readObservations, recordObservations } from './observation.store';
export { SIGNAL_STAGE } from './signal-stage';

export const SIGNAL_INGESTION: StageDefinition = {
  name: 'signal-ingestion',
  controllers: [OnUniverseVersioned, OnObservationsRecorded],
  entities: [ObservationEntity],
  migrations: [CreateObservationTable1764100000000],
};
