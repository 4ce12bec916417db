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
  type PortfolioDecision,
  type PortfolioSimulation,
  type SimulationOptions,
} from './simulate-portfolio';
export { findLookAhead, type LookAhead } from './find-look-ahead';
