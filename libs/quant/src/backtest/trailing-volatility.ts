import type { MarketHistory } from './market-history';
import type { ImpactModel } from './backtest-costs';

const RETURNS_MIN = 20;

/** Changes of a market from row to row, made once: every trade of every day looks at a stretch of them. */
const CHANGES = new WeakMap<MarketHistory, Float64Array>();

/** Standard deviation per day of each asset over the last returns up to `row`; uses nothing after that close. */
export function trailingVolatility(market: MarketHistory, row: number, impact: ImpactModel): Float64Array {
  return Float64Array.from(market.assets, (_, i) => volatilityOf(market, row, i, impact));
}

/** The same for one asset, by its position. */
export function volatilityOf(
  market: MarketHistory,
  row: number,
  asset: number,
  { volatilityBars = 63, initialVolatility }: ImpactModel,
): number {
  const changes = changesOf(market);
  const start = asset * market.dates.length;
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let t = Math.max(1, row - volatilityBars + 1); t <= row; t++) {
    const change = changes[start + t];
    if (Number.isNaN(change)) continue;
    count++;
    sum += change;
    squares += change * change;
  }
  return count < RETURNS_MIN ? initialVolatility : Math.sqrt(Math.max(0, squares - (sum * sum) / count) / (count - 1));
}

/** levels[t] / levels[t - 1] - 1, asset by asset, so that a stretch of one asset lies together; row 0 has none. */
function changesOf(market: MarketHistory): Float64Array {
  const known = CHANGES.get(market);
  if (known) return known;
  const { assets, dates, levels } = market;
  const n = assets.length;
  const rows = dates.length;
  const changes = new Float64Array(n * rows).fill(NaN);
  for (let t = 1, at = n; t < rows; t++)
    for (let i = 0; i < n; i++, at++) changes[i * rows + t] = levels[at] / levels[at - n] - 1;
  CHANGES.set(market, changes);
  return changes;
}
