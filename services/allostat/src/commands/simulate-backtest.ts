import type { MandatePolicyOptions } from '@allostat/pipeline';
import {
  monthEndRows,
  simulatePortfolio,
  type BacktestCosts,
  type MarketHistory,
  type PortfolioSimulation,
} from '@allostat/quant';
import type { BacktestFile } from './backtest-config';
import { listedWeights, narrowed } from './backtest-market';
import { defined, type BacktestPortfolio } from './backtest-policies';

export interface SimulationSetting {
  readonly market: MarketHistory;
  readonly firstRow: number;
  readonly costs: BacktestCosts;
  readonly startValue?: number;
  readonly observe?: MandatePolicyOptions['observe'];
}

/** Runs one portfolio of a configuration through the history. */
export function simulateBacktest(
  { value: { delayBars = 1, taxes } }: BacktestFile,
  { assets, everyRow, startsAt, policy: fresh }: BacktestPortfolio,
  { market: whole, firstRow, costs, startValue, observe }: SimulationSetting,
): PortfolioSimulation {
  const market = narrowed(whole, assets);
  return simulatePortfolio(market, fresh(market, observe), {
    firstRow,
    // the first close decides too, so that the money does not lie idle for a month
    scheduledRows: [firstRow, ...monthEndRows(market.dates, firstRow + 1)],
    everyRow,
    ...(startsAt && { initialWeights: listedWeights(startsAt, market, firstRow) }),
    delayBars,
    costs,
    ...(taxes && { taxes: defined(taxes) }),
    ...(startValue !== undefined && { startValue }),
  });
}
