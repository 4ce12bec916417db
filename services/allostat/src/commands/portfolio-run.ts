import {
  simulatePortfolioSpec,
  type AllocationProposed,
  type PortfolioSpec,
  type SimulationTerms,
} from '@allostat/pipeline';
import type { MarketHistory, PortfolioSimulation } from '@allostat/quant';

/** One portfolio of a backtest, to be run anywhere: on the event loop, on a thread, or never again when its result was kept. */
export interface PortfolioTask {
  readonly spec: PortfolioSpec;
  readonly market: MarketHistory;
  readonly terms: Omit<SimulationTerms, 'observe'>;
  /** Keeps budgets and proposals, for the portfolio that is judged. */
  readonly observed: boolean;
}

export interface ExposureRow {
  /** Share of the core that the volatility target allows. */
  readonly volatilityAllows: number;
  /** Part of the drawdown budget that is used. */
  readonly budgetUsed: number;
  readonly crisisProbability: number;
  readonly exposure: number;
}

export interface PortfolioRun {
  readonly simulation: PortfolioSimulation;
  /** What it proposed, when it is a mandate and observed. */
  readonly proposals: readonly AllocationProposed[];
  /** Its exposure on each bar, and what it is made from. */
  readonly exposures: readonly ExposureRow[];
}

/** Runs a portfolio; the result depends on the task alone. */
export function runPortfolio({ spec, market, terms, observed }: PortfolioTask): PortfolioRun {
  const proposals: AllocationProposed[] = [];
  const exposures: ExposureRow[] = [];
  const observe: SimulationTerms['observe'] = (event) => {
    if (event.type === 'AllocationProposed') proposals.push(event);
    if (event.type !== 'RiskBudgetSet' || event.core === undefined) return;
    exposures.push({
      volatilityAllows: event.core.volatility,
      budgetUsed: event.drawdownBudgetUsed,
      crisisProbability: event.forecast.crisis,
      exposure: event.core.exposure,
    });
  };
  const simulation = simulatePortfolioSpec(spec, market, { ...terms, ...(observed && { observe }) });
  // the hash is made when it is first read: a thread reads it, so that it can be sent
  return { simulation: { ...simulation, resultHash: simulation.resultHash }, proposals, exposures };
}
