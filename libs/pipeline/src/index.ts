export type { Decide, Decision, DecisionContext } from './stage';
export type { DomainEvent, EventOf, EventType } from './events';
export type * from './observation/events';
export * from './universe/universe';
export { unitPrice, type Quote } from './universe/foreign-level';
export { universeSchema } from './universe/universe-schema';
export type * from './mandate/mandate';
export { asksForRegimeRisk, MANDATE_TERMS } from './mandate/mandate';
export { mandateFaults, mandateFileSchema, mandateSchema, type MandateFault } from './mandate/mandate-schema';
export { calendarSchema } from './mandate/calendar-schema';
export { isOpenDay, type HalfDay, type TradingCalendar } from './mandate/trading-calendar';
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
export { decideSignals, type SignalInput, type SignalOutput } from './signal-ingestion/decide-signals';
export type { OverrideObservation } from './signal-ingestion/override-observation';
export { publicationOf, SIGNAL_DEFINITIONS } from './signal-ingestion/signal-catalogue';
export { CLOSES_KEPT, initialSignalState, type SignalState } from './signal-ingestion/signal-state';
export * from './risk-budgeting';
export * from './optimization';
export * from './audit';
export * from './replay';
export * from './governance';
export * from './order-system';
export { decideRegime, type RegimeInput, type RegimeOutput } from './regime-detection/decide-regime';
export { regimeFeatures } from './regime-detection/regime-features';
export { initialRegimeState, type RegimeModelLoaded, type RegimeState } from './regime-detection/regime-state';
export { scoreAgainstTruth, type TruthScore } from './regime-detection/score-against-truth';
export { backfill, latestKnown, type Backfill, type BackfillOptions, type BackfillProgress } from './backfill/backfill';
export {
  decideModelChange,
  proposeModelChange,
  type ModelChange,
  type ModelChangeWish,
} from './model-lab/model-change';
export { MODEL_STATES, ModelStepRefusedError, needsApproval, type ModelState } from './model-lab/model-states';
export { modelVersion } from './model-lab/model-version';
export {
  jobOf,
  jobResult,
  runSlice,
  slicesOf,
  type JobCancelled,
  type JobResult,
  type JobSubmitted,
  type SliceResult,
  type TrainedSlice,
} from './model-lab/jobs';
export { checkYaml, type YamlFile } from './observation/check-yaml';
export {
  jobMarket,
  jobPolicies,
  jobSpecSchema,
  validationScheme,
  type JobKind,
  type JobSpec,
} from './model-lab/job-spec';
export { parseImportProfile, type ImportProfile } from './observation/import-profile';
export type { QuarantinedRow } from './observation/quarantined-row';
export { readObservations, type ReadObservations } from './observation/read-observations';
export {
  numberRevisions,
  renumberAfter,
  revisionKey,
  type Revised,
  type StoredValue,
} from './observation/number-revisions';
export {
  adjustPrices,
  factorsFromTotalReturn,
  type AdjustedPrices,
  type AdjustmentFactor,
} from './observation/adjust-prices';
export { readFactors } from './observation/read-factors';
export { inspectSeries } from './observation/inspect-series';
export { inspectBars, type BarFields } from './observation/inspect-bars';
export { inspectAverages } from './observation/inspect-averages';
export { inspectLabels, type LabelledInstrument } from './observation/inspect-labels';
export { inspectMembership, type MembershipSpell } from './observation/inspect-membership';
export { inspectWeights, type ListedAllocation } from './observation/inspect-weights';
export { feedFromObservations } from './observation/feed-from-observations';
export { inspectPrices } from './signal-ingestion/inspect-prices';
export { PRICE_LIMITS } from './signal-ingestion/check-price';
export { ALERT_LEVELS, initialAlertLadder, stepAlert, type AlertLadder } from './regime-detection/alert-ladder';
export { ALERT_ACTIONS, type AlertAction } from './regime-detection/alert-events';
export type { HandleAlert, RegimeAlertHandled, RegimeAlertMoved } from './regime-detection/alert-events';
export type { AlertState } from './regime-detection/alert-state';
export * from './backtest';
export { mandatePolicy, NO_REGIMES, type MandatePolicyOptions, type RegimeView } from './backfill/mandate-policy';
