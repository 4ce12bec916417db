export { hierarchicalRiskParity } from './hierarchical-risk-parity';
export type { HierarchicalRiskParityOptions, HierarchicalRiskParityResult } from './hierarchical-risk-parity';
export type { Allocated, AllocationConflict } from './allocation-result';
export { assetTree, type AssetTree, type AssetTreeOptions } from './asset-tree';
export { findLimitConflict, type LimitConflict } from './limit-conflict';
export { resolveWeightLimits, type GroupLimit, type WeightLimits, type WeightRange } from './weight-limits';
