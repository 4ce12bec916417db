export { hierarchicalRiskParity } from './hierarchical-risk-parity';
export type { HierarchicalRiskParityOptions, HierarchicalRiskParityResult } from './hierarchical-risk-parity';
export { hierarchicalEqualRisk } from './hierarchical-equal-risk';
export type { HierarchicalEqualRiskOptions, HierarchicalEqualRiskResult } from './hierarchical-equal-risk';
export {
  nestedClusters,
  type InnerAllocation,
  type NestedClustersOptions,
  type NestedClustersResult,
} from './nested-clusters';
export {
  schurComplementary,
  type SchurComplementaryOptions,
  type SchurComplementaryResult,
} from './schur-complementary';
export { equalRiskWeights, riskBudgeting } from './risk-budgeting';
export type { RiskBudget, RiskBudgetingOptions, RiskBudgetingResult } from './risk-budgeting';
export type { Allocated, AllocationConflict } from './allocation-result';
export { findLimitConflict, type LimitConflict } from './limit-conflict';
export {
  resolveWeightLimits,
  type GroupLimit,
  type ResolvedLimits,
  type WeightLimits,
  type WeightRange,
} from './weight-limits';
