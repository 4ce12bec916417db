export { portfolioVolatility, riskContributions, type RiskContributions } from './risk-contributions';
export { scenarioCvar } from './scenario-cvar';
export { drawdownsOf, type Drawdowns } from './drawdowns';
export {
  isHomogeneous,
  measureRisk,
  riskMeasureOf,
  riskMeasures,
  type MeasuredRisk,
  type RiskMeasure,
  type RiskMeasureOptions,
} from './risk-measure';
export { eulerContributions, type EulerContributions } from './euler-contributions';
export {
  checkConcentration,
  effectiveNumberOfAssets,
  effectiveNumberOfBets,
  groupRisk,
  type ConcentrationCheck,
  type GroupRisk,
} from './concentration';
