export type { Decide, Decision, DecisionContext } from './stage';
export type { DomainEvent, EventOf, EventType } from './events';
export type * from './observation/events';
export type * from './universe/universe';
export type * from './mandate/mandate';
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
export { decideRegime } from './regime-detection/decide-regime';
export { regimeFeatures } from './regime-detection/regime-features';
export { initialRegimeState, type RegimeModelLoaded, type RegimeState } from './regime-detection/regime-state';
export { scoreAgainstTruth, type TruthScore } from './regime-detection/score-against-truth';
export { ASSET_CLASSES, parseUniverse } from './universe/parse-universe';
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
