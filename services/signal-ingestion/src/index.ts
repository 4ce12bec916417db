import { signIn, type SignInOptions, type StageDefinition } from '@allostat/platform';
import { CreateHttpFeedTables1764100000011 } from './create-http-feed-tables.migration';
import { CreateObservationTable1764100000000 } from './create-observation-table.migration';
import { ObservationEntity } from './observation.entity';
import { ObservationsController } from './observations.controller';
import { OnObservationsRecorded } from './on-observations-recorded.handler';
import { OnUniverseVersioned } from './on-universe-versioned.handler';
import { CreateQuarantineTables1764300000001 } from './quarantine/create-quarantine-tables.migration';
import { QuarantineController } from './quarantine/quarantine.controller';

export { fetchFile, type FetchFileOptions } from './connectors/fetch-file';
export { fredRows } from './connectors/fred-rows';
export { traceSeries, type TracedSeries } from './lineage/trace-series';
export { readNewest, readObservations, recordObservations } from './observation.store';
export type { QuarantineCase } from './quarantine/quarantine.store';
export { writeClassifier } from './sentiment/classifier-file';
export { openSentimentModel } from './sentiment/open-sentiment-model';
export { SIGNAL_STAGE } from './signal-stage';

/** Signal ingestion, which takes observations from the bus and, from people and programs, over HTTP. */
export function signalIngestion(people: SignInOptions): StageDefinition {
  const { controllers, providers } = signIn(people);
  return {
    name: 'signal-ingestion',
    controllers: [
      OnUniverseVersioned,
      OnObservationsRecorded,
      ObservationsController,
      QuarantineController,
      ...controllers,
    ],
    providers,
    entities: [ObservationEntity],
    migrations: [
      CreateObservationTable1764100000000,
      CreateHttpFeedTables1764100000011,
      CreateQuarantineTables1764300000001,
    ],
    http: true,
  };
}
