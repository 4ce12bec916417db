import type { MarketHistory } from './market-history';
import type { ImpactModel } from './backtest-costs';

const RETURNS_MIN = 20;

/** Standard deviation per day of each asset over the last returns up to `row`; uses nothing after that close. */
export function trailingVolatility(market: MarketHistory, row: number, impact: ImpactModel): Float64Array {
  return Float64Array.from(market.assets, (_, i) => volatilityOf(market, row, i, impact));
}

/** The same for one asset, by its position. */
export function volatilityOf(
  { assets, levels }: MarketHistory,
  row: number,
  asset: number,
  { volatilityBars = 63, initialVolatility }: ImpactModel,
): number {
  const n = assets.length;
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let t = Math.max(1, row - volatilityBars + 1), at = t * n + asset; t <= row; t++, at += n) {
    const change = levels[at] / levels[at - n] - 1;
    if (Number.isNaN(change)) continue;
    count++;
    sum += change;
    squares += change * change;
  }
  return count < RETURNS_MIN ? initialVolatility : Math.sqrt(Math.max(0, squares - (sum * sum) / count) / (count - 1));
}
