export {
  solveQuadraticProgram,
  type LinearRow,
  type QuadraticProgram,
  type QuadraticSolution,
} from './dual-active-set';
export { optimizePortfolio, solverVersion } from './optimize-portfolio';
export type {
  Attempt,
  OptimizeOptions,
  PortfolioResult,
  PortfolioSolution,
  SolutionCertificate,
  UnsolvedPortfolio,
} from './optimize-portfolio';
export type { ProgramConflict } from './explain-infeasibility';
export {
  objectiveTerms,
  type Objective,
  type ObjectiveTerm,
  type PortfolioLimits,
  type PortfolioProblem,
  type TradingCosts,
} from './portfolio-problem';
export { limitStatements, type LimitStatement } from './limit-statements';
export type { ForceSource, WeightForce } from './weight-forces';
export { taxedLots, type TaxedLots, type TaxLot } from './tax-lots';
export { readLinearLimit, type SpokenLimit } from './linear-words';
export { PortfolioMeasures } from './measure-portfolio';
export type { LinearModel, LinearModelOutcome, LinearModelSolver } from './linear-model';
export { highsSolver, type HighsModule } from './highs-solver';
export { optimizeCardinality, type CardinalityOptions, type CardinalityResult } from './optimize-cardinality';
export { maximizeRatio, ratioRisks, type RatioOptions, type RatioResult, type RatioRisk } from './maximize-ratio';
export { efficientFrontier, type FrontierOptions, type FrontierPoint, type FrontierResult } from './efficient-frontier';
export {
  measureBudgeting,
  type BudgetedMeasure,
  type MeasureBudgetingOptions,
  type MeasureBudgetingResult,
} from './measure-budgeting';
