import { signIn, type SignInOptions, type StageDefinition } from '@allostat/platform';
import { AlertsController } from './alerts/alerts.controller';
import { CreateAlertTables1764100000010 } from './alerts/create-alert-tables.migration';
import { OnModelPromoted } from './on-model-promoted.handler';
import { OnSignalSnapshotPublished } from './on-signal-snapshot-published.handler';

export { REGIME_ALERTS } from './alerts/webhook-payload';
export { REGIME_STAGE } from './regime-stage';

/** Regime detection, with its alerts over HTTP. */
export function regimeDetection(people: SignInOptions): StageDefinition {
  const { controllers, providers } = signIn(people);
  return {
    name: 'regime-detection',
    controllers: [OnSignalSnapshotPublished, OnModelPromoted, AlertsController, ...controllers],
    providers,
    entities: [],
    migrations: [CreateAlertTables1764100000010],
    http: true,
  };
}
