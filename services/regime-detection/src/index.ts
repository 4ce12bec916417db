import { AUTHENTICATOR, type Authenticator, type StageDefinition } from '@allostat/platform';
import { AlertsController } from './alerts/alerts.controller';
import { CreateAlertTables1764100000010 } from './alerts/create-alert-tables.migration';
import { OnModelPromoted } from './on-model-promoted.handler';
import { OnSignalSnapshotPublished } from './on-signal-snapshot-published.handler';

export { startWebhooks } from './alerts/start-webhooks';
export { REGIME_STAGE } from './regime-stage';

/** Regime detection, with its alerts over HTTP for those whom `people` knows. */
export function regimeDetection({ people }: { readonly people: Authenticator }): StageDefinition {
  return {
    name: 'regime-detection',
    controllers: [OnSignalSnapshotPublished, OnModelPromoted, AlertsController],
    providers: [{ provide: AUTHENTICATOR, useValue: people }],
    entities: [],
    migrations: [CreateAlertTables1764100000010],
    http: true,
  };
}
