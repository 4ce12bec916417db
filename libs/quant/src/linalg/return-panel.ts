import { InputError, invariant } from '@allostat/kernel';
import { checkAssetNames } from './asset-matrix';

/** Simple returns, one row a period (oldest first), one column an asset; `values[t * n + i]`, decimals (0.01 is one percent). */
export interface ReturnPanel {
  readonly assets: readonly string[];
  readonly periods: number;
  readonly values: Float64Array;
}

/** Wraps complete returns; throws `InputError` naming asset and row of the first value that is not finite or at most -1. */
export function returnPanel(assets: readonly string[], values: ArrayLike<number>): ReturnPanel {
  checkAssetNames(assets);
  const n = assets.length;
  const periods = values.length / n;
  invariant(Number.isInteger(periods), () => `${values.length} returns do not fill rows of ${n} assets`);
  if (periods < 2) throw new InputError(`there are ${periods} periods of returns; at least 2 are needed`);
  const copy = Float64Array.from(values);
  for (let k = 0; k < copy.length; k++) {
    if (!(copy[k] > -1 && copy[k] < Infinity)) {
      throw new InputError(
        `return of ${assets[k % n]} in row ${Math.floor(k / n) + 1} is ${copy[k]}; it must be finite and above -1`,
        { row: Math.floor(k / n) + 1, field: assets[k % n] },
        'drop the row or the asset, or fill the gap by a rule that you can defend',
      );
    }
  }
  return { assets, periods, values: copy };
}

/** The panel with its columns taken in `order` (positions in the old panel). */
export function reorderPanel(source: ReturnPanel, order: ArrayLike<number>): ReturnPanel {
  const n = source.assets.length;
  const m = order.length;
  const values = new Float64Array(source.periods * m);
  for (let t = 0; t < source.periods; t++) {
    for (let j = 0; j < m; j++) values[t * m + j] = source.values[t * n + order[j]];
  }
  return { assets: Array.from({ length: m }, (_, j) => source.assets[order[j]]), periods: source.periods, values };
}

/** Returns of a portfolio that is rebalanced to `weights` every period (length T, decimals). */
export function portfolioReturns(panel: ReturnPanel, weights: ArrayLike<number>): Float64Array {
  const n = panel.assets.length;
  invariant(weights.length === n, () => `${n} assets need ${n} weights, got ${weights.length}`);
  const out = new Float64Array(panel.periods);
  for (let t = 0, k = 0; t < panel.periods; t++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += panel.values[k++] * weights[j];
    out[t] = sum;
  }
  return out;
}

/** Simple returns from prices, `prices[t * n + i]`; throws `InputError` naming asset and row of a price that is not positive. */
export function panelFromPrices(assets: readonly string[], prices: ArrayLike<number>): ReturnPanel {
  const n = assets.length;
  checkAssetNames(assets);
  const rows = prices.length / n;
  invariant(Number.isInteger(rows), () => `${prices.length} prices do not fill rows of ${n} assets`);
  for (let k = 0; k < prices.length; k++) {
    if (!(prices[k] > 0 && prices[k] < Infinity)) {
      throw new InputError(
        `price of ${assets[k % n]} in row ${Math.floor(k / n) + 1} is ${prices[k]}; prices must be positive and finite`,
        { row: Math.floor(k / n) + 1, field: assets[k % n] },
        'drop the row or the asset, or fill the gap by a rule that you can defend',
      );
    }
  }
  const values = new Float64Array(Math.max(0, rows - 1) * n);
  for (let k = 0; k < values.length; k++) values[k] = prices[k + n] / prices[k] - 1;
  return returnPanel(assets, values);
}
