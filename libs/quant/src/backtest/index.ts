export { checkMarketHistory, dropStillRows, historyUntil, monthEndRows, type MarketHistory } from './market-history';
export { fixedWeights, weightsInOrder, type DecisionMoment, type PortfolioPolicy } from './portfolio-policy';
export {
  checkBacktestCosts,
  impactCost,
  squareRootCoefficient,
  type ImpactModel,
  type BacktestCosts,
} from './backtest-costs';
export {
  executeTrades,
  type BacktestTrade,
  type Execution,
  type TradingDay,
  type UnfilledOrder,
} from './execute-trades';
export { checkLedger, LedgerError, type LedgerDay, type LedgerTerms } from './ledger';
export type { Delisting } from './account';
export {
  simulatePortfolio,
  tradedRowOf,
  type PortfolioDecision,
  type PortfolioSimulation,
  type SimulationOptions,
} from './simulate-portfolio';
export { stressBelief, stressFilter, type StressBelief, type StressFilterOptions } from './stress-filter';
export { findLookAhead, type LookAhead } from './find-look-ahead';
export {
  backtestStatistics,
  drawdownsOfPath,
  grossPath,
  pathStatistics,
  returnsOfPath,
  type BacktestStatistics,
  type StatisticsOptions,
  type ValuePath,
} from './backtest-statistics';
export {
  statisticsByRegime,
  statisticsInCrises,
  type Crisis,
  type CrisisStatistics,
  type RegimeStatistics,
} from './period-statistics';
export { normalCdf, normalQuantile } from './normal-distribution';
export {
  deflatedSharpe,
  expectedMaximum,
  minimumTrackRecordYears,
  probabilisticSharpe,
  sharpeRatio,
  sharpeSample,
  type SharpeSample,
} from './sharpe-inference';
export { overfittingProbability, type OverfittingProbability } from './overfitting-probability';
export { stationaryBootstrap, type BootstrapInterval } from './stationary-bootstrap';
export * from './policies';
export { resultHash } from './result-hash';
export {
  accountTaxes,
  taxableTrades,
  type AccountTaxes,
  type AccountTaxOptions,
  type LotSale,
  type OpenLot,
  type TaxableTrade,
} from './account-taxes';
export { type TaxPayment, type TaxTerms } from './tax-payments';
export { rollingStatistics, type RollingOptions, type RollingStatistics, type Spread } from './rolling-statistics';
export * from './validation';
