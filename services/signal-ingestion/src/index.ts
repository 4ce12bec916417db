import { signIn, type SignInOptions, type StageDefinition } from '@allostat/platform';
import { AddDerivation1764700000001 } from './add-derivation.migration';
import { CreatePolledValueTable1764600000001 } from './connectors/create-polled-value-table.migration';
import { CreateHttpFeedTables1764100000011 } from './create-http-feed-tables.migration';
import { CreateObservationTable1764100000000 } from './create-observation-table.migration';
import { ObservationEntity } from './observation.entity';
import { ObservationsController } from './observations.controller';
import { OnObservationsRecorded } from './on-observations-recorded.handler';
import { OnUniverseVersioned } from './on-universe-versioned.handler';
import { CreateQuarantineTables1764300000001 } from './quarantine/create-quarantine-tables.migration';
import { QuarantineController } from './quarantine/quarantine.controller';
import { openSentimentModel } from './sentiment/open-sentiment-model';
import { SENTIMENT_MODEL } from './sentiment/sentiment-model';

export { fetchTable } from './connectors/fetch-table';
export { SOURCES_CONFIG } from './connectors/read-sources';
export { startPolling } from './connectors/start-polling';
export { traceSeries, type TracedSeries } from './lineage/trace-series';
export { readNewest, readObservations, recordObservations } from './observation.store';
export type { QuarantineCase } from './quarantine/quarantine.store';
export { writeClassifier } from './sentiment/classifier-file';
export { openSentimentModel } from './sentiment/open-sentiment-model';
export { withTones } from './sentiment/with-tones';
export { SIGNAL_STAGE } from './signal-stage';

export interface SignalIngestionOptions extends SignInOptions {
  /** Model of the tone of headlines that are delivered without one; the lexicon when absent. */
  readonly sentimentModelFile?: string;
}

/** Signal ingestion, which takes observations from the bus and, from people and programs, over HTTP. */
export function signalIngestion(options: SignalIngestionOptions): StageDefinition {
  const { controllers, providers } = signIn(options);
  return {
    name: 'signal-ingestion',
    controllers: [
      OnUniverseVersioned,
      OnObservationsRecorded,
      ObservationsController,
      QuarantineController,
      ...controllers,
    ],
    providers: [
      ...providers,
      { provide: SENTIMENT_MODEL, useFactory: () => openSentimentModel(options.sentimentModelFile) },
    ],
    entities: [ObservationEntity],
    migrations: [
      CreateObservationTable1764100000000,
      CreateHttpFeedTables1764100000011,
      CreateQuarantineTables1764300000001,
      CreatePolledValueTable1764600000001,
      AddDerivation1764700000001,
    ],
    http: true,
  };
}
