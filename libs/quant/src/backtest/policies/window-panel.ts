import { returnPanel, type ReturnPanel } from '../../linalg/return-panel';
import type { MarketHistory } from '../market-history';

/** The last `bars` returns of those `assets` that have a level on every row of the window; `undefined` with fewer than two of them. */
export function windowPanel(
  { assets, levels, dates }: MarketHistory,
  wanted: readonly string[],
  bars: number,
): ReturnPanel | undefined {
  const n = assets.length;
  const first = dates.length - 1 - bars;
  if (first < 0) return undefined;
  const columns = wanted
    .map((asset) => assets.indexOf(asset))
    .filter((i) => i >= 0)
    .filter((i) => Array.from({ length: bars + 1 }, (_, k) => levels[(first + k) * n + i]).every((x) => x > 0));
  if (columns.length < 2) return undefined;
  const values = new Float64Array(bars * columns.length);
  for (let t = 0; t < bars; t++) {
    columns.forEach((i, j) => {
      values[t * columns.length + j] = levels[(first + t + 1) * n + i] / levels[(first + t) * n + i] - 1;
    });
  }
  return returnPanel(
    columns.map((i) => assets[i]),
    values,
  );
}
