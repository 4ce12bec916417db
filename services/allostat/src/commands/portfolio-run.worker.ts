import type { DecisionTask } from '@allostat/platform';
import { runPortfolio, type PortfolioTask } from './portfolio-run';

/** What a thread of a backtest runs. */
export function decide({ event }: DecisionTask<undefined, PortfolioTask>): unknown {
  return { state: undefined, events: [runPortfolio(event)] };
}
