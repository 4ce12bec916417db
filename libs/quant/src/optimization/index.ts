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
export { taxedLots, type TaxedLots, type TaxLot } from './tax-lots';
export { readLinearLimit, type SpokenLimit } from './linear-words';
export { PortfolioMeasures } from './measure-portfolio';
