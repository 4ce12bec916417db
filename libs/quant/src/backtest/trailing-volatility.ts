import type { MarketHistory } from './market-history';
import type { ImpactModel } from './backtest-costs';

const RETURNS_MIN = 20;

/** Standard deviation per day of each asset over the last returns up to `row`; uses nothing after that close. */
export function trailingVolatility(
  { assets, levels }: MarketHistory,
  row: number,
  { volatilityBars = 63, initialVolatility }: ImpactModel,
): Float64Array {
  const n = assets.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let t = Math.max(1, row - volatilityBars + 1); t <= row; t++) {
      const change = levels[t * n + i] / levels[(t - 1) * n + i] - 1;
      if (Number.isNaN(change)) continue;
      count++;
      sum += change;
      squares += change * change;
    }
    out[i] =
      count < RETURNS_MIN ? initialVolatility : Math.sqrt(Math.max(0, squares - (sum * sum) / count) / (count - 1));
  }
  return out;
}
