import type { StageDefinition } from '@allostat/platform';
import { OnModelPromoted } from './on-model-promoted.handler';
import { OnSignalSnapshotPublished } from './on-signal-snapshot-published.handler';

export { REGIME_STAGE } from './regime-stage';

export const REGIME_DETECTION: StageDefinition = {
  name: 'regime-detection',
  controllers: [OnSignalSnapshotPublished, OnModelPromoted],
  entities: [],
  migrations: [],
};
