export {
  decideRiskBudget,
  hasDecisionsToSettle,
  initialRiskBudgetState,
  settleDecisions,
  type BarForMandate,
  type RiskBudgetInput,
  type RiskBudgetState,
} from './decide';
export {
  BARS_PER_YEAR,
  decideRiskModel,
  estimateRiskModel,
  initialRiskModelState,
  type RiskModel,
  type RiskModelDecision,
  type RiskModelState,
} from './risk-model';
export { addWaiting, isFull, withWaiting, type ParkedScenarios, type WaitingBars } from './parked-scenarios';
export { factorsOf, SURROGATE_FEATURES } from './events';
export type { ExposureRecord } from './exposure-record';
export { askSurrogate } from './exposure-surrogate';
export { decideRegimeClusters, type RegimeClustersState } from './regime-clusters';
