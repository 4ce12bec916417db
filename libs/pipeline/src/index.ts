export type { Decide, Decision, DecisionContext } from './stage';
export type { DomainEvent, EventOf, EventType } from './events';
export type * from './observation/events';
export * from './universe/universe';
export { universeSchema } from './universe/universe-schema';
export type * from './mandate/mandate';
export { mandateFaults, mandateSchema, type MandateFault } from './mandate/mandate-schema';
export { brokenLimits } from './mandate/broken-limits';
export type * from './signal-ingestion/events';
export type * from './regime-detection/events';
export { REGIME_NAMES } from './regime-detection/events';
export type * from './risk-budgeting/events';
export type * from './optimization/events';
export type * from './governance/events';
export type * from './model-lab/events';
export { simulatedFeed, NEWS_SERIES } from './observation/simulated-feed';
export { simulatedUniverse } from './universe/simulated-universe';
export { decideSignals } from './signal-ingestion/decide-signals';
export { initialSignalState, type SignalState } from './signal-ingestion/signal-state';
export * from './risk-budgeting';
export * from './optimization';
export * from './audit';
export * from './governance';
export * from './order-system';
export { decideRegime } from './regime-detection/decide-regime';
export { regimeFeatures } from './regime-detection/regime-features';
export { initialRegimeState, type RegimeModelLoaded, type RegimeState } from './regime-detection/regime-state';
export { scoreAgainstTruth, type TruthScore } from './regime-detection/score-against-truth';
export { backfill, latestKnown, type Backfill, type BackfillOptions, type BackfillProgress } from './backfill/backfill';
export { modelVersion } from './model-lab/model-version';
export { parseImportProfile, type ImportProfile } from './observation/import-profile';
export { readObservations, type QuarantinedRow, type ReadObservations } from './observation/read-observations';
export { feedFromObservations } from './observation/feed-from-observations';
export { inspectPrices } from './signal-ingestion/inspect-prices';
export { PRICE_LIMITS } from './signal-ingestion/check-price';
export {
  ALERT_LEVELS,
  initialAlertState,
  stepAlert,
  type AlertStage,
  type AlertState,
  type AlertStep,
} from './regime-detection/alert-ladder';
export { fuseSnapshot, initialSnapshotFusion } from './signal-ingestion/fuse-snapshot';
export { mandatePolicy, NO_REGIMES, type MandatePolicyOptions, type RegimeView } from './backfill/mandate-policy';
