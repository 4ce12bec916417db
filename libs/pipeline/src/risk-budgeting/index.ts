export {
  decideRiskBudget,
  initialRiskBudgetState,
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
export { factorsOf } from './events';
export { decideRegimeClusters, type RegimeClustersState } from './regime-clusters';
