export { anchorPolicy, type AnchorWeights } from './anchor-policy';
export { equalWeightPolicy } from './equal-weight-policy';
export { hierarchicalPolicy } from './hierarchical-policy';
export { meanVariancePolicy, type MeanVarianceOptions } from './mean-variance-policy';
export { minimumVariancePolicy, type MinimumVarianceOptions } from './minimum-variance-policy';
export { volatilityTargetPolicy, type VolatilityTargetOptions } from './volatility-target-policy';
