import { InputError, invariant } from '@allostat/kernel';
import { checkAssetNames } from '../linalg/asset-matrix';

/** What a market did, row by row (oldest first). Element (row, asset) stands at `row * assets.length + asset`. */
export interface MarketHistory {
  readonly dates: readonly string[];
  readonly assets: readonly string[];
  /** Total-return levels, above 0; NaN where an asset has none. */
  readonly levels: Float64Array;
  /** Money traded in the asset that day; NaN where unknown. Needed for impact and participation limits only. */
  readonly volumes?: Float64Array;
  /** Return of cash over the day that ends at the row (decimal); needed wherever cash earns. */
  readonly cashRates?: Float64Array;
}

/** Checks a history: lengths, rising ISO dates, levels above 0 or NaN; throws `InputError` naming date and asset. */
export function checkMarketHistory(market: MarketHistory): void {
  const { dates, assets, levels, volumes, cashRates } = market;
  checkAssetNames(assets);
  invariant(dates.length >= 2, () => `a history needs at least 2 rows, got ${dates.length}`);
  const cells = dates.length * assets.length;
  invariant(levels.length === cells, () => `${dates.length} rows of ${assets.length} assets need ${cells} levels`);
  invariant(volumes === undefined || volumes.length === cells, () => `there must be ${cells} volumes`);
  invariant(cashRates === undefined || cashRates.length === dates.length, 'there must be one cash rate a row');
  dates.forEach((date, row) => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new InputError(`"${date}" is not a date like 2024-12-31`, { row });
    if (row > 0 && date <= dates[row - 1])
      throw new InputError(`${date} follows ${dates[row - 1]}; dates must rise`, { row });
  });
  for (let k = 0; k < cells; k++) {
    if (Number.isNaN(levels[k]) || (levels[k] > 0 && levels[k] < Infinity)) continue;
    const asset = assets[k % assets.length];
    throw new InputError(
      `level of ${asset} on ${dates[Math.floor(k / assets.length)]} is ${levels[k]}; it must be above 0`,
      { field: asset },
      'repair the value or leave it missing',
    );
  }
}

/** The rows up to and including `row`: what was known at that close. Views of the same numbers, nothing is copied. */
export function historyUntil(market: MarketHistory, row: number): MarketHistory {
  const cells = (row + 1) * market.assets.length;
  return {
    dates: market.dates.slice(0, row + 1),
    assets: market.assets,
    levels: market.levels.subarray(0, cells),
    ...(market.volumes && { volumes: market.volumes.subarray(0, cells) }),
    ...(market.cashRates && { cashRates: market.cashRates.subarray(0, row + 1) }),
  };
}

/** The history without rows on which no listed asset moved (repeated holiday rows); the first row stays. */
export function dropStillRows(market: MarketHistory): MarketHistory {
  const n = market.assets.length;
  const kept = market.dates.map((_, row) => row).filter((row) => row === 0 || moved(market.levels, row, n));
  const pick = (values: Float64Array, width: number): Float64Array => {
    const out = new Float64Array(kept.length * width);
    kept.forEach((row, at) => out.set(values.subarray(row * width, (row + 1) * width), at * width));
    return out;
  };
  return {
    dates: kept.map((row) => market.dates[row]),
    assets: market.assets,
    levels: pick(market.levels, n),
    ...(market.volumes && { volumes: pick(market.volumes, n) }),
    ...(market.cashRates && { cashRates: pick(market.cashRates, 1) }),
  };
}

function moved(levels: Float64Array, row: number, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const now = levels[row * n + i];
    const before = levels[(row - 1) * n + i];
    if (!Number.isNaN(now) && !Number.isNaN(before) && now !== before) return true;
  }
  return false;
}

/** Last row of every calendar month that a later row follows: the calendar is known in advance, prices are not. */
export function monthEndRows(dates: readonly string[], firstRow = 0): number[] {
  const rows: number[] = [];
  for (let row = firstRow; row + 1 < dates.length; row++) {
    if (dates[row].slice(0, 7) !== dates[row + 1].slice(0, 7)) rows.push(row);
  }
  return rows;
}
