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
  /** Keeps proposals, for the portfolio that is judged. */
  readonly observed: boolean;
}

export interface PortfolioRun {
  readonly simulation: PortfolioSimulation;
  /** What it proposed, when it is a mandate and observed. */
  readonly proposals: readonly AllocationProposed[];
}

/** Runs a portfolio; the result depends on the task alone. */
export function runPortfolio({ spec, market, terms, observed }: PortfolioTask): PortfolioRun {
  const proposals: AllocationProposed[] = [];
  const observe: SimulationTerms['observe'] = (event) => {
    if (event.type === 'AllocationProposed') proposals.push(event);
  };
  const simulation = simulatePortfolioSpec(spec, market, { ...terms, ...(observed && { observe }) });
  // the hash is made when it is first read: a thread reads it, so that it can be sent
  return { simulation: { ...simulation, resultHash: simulation.resultHash }, proposals };
}
