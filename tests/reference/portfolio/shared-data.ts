import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { panelFromPrices, returnPanel, type ReturnPanel } from '@allostat/quant';

/** Data and expected values of others, outside the repository; tests that need them are skipped where they are absent. */
const shared = join(__dirname, '..', '..', '..', '..', 'shared');

export interface Fixture {
  readonly id: string;
  readonly expected: unknown;
  readonly recommended_atol: number;
}

/** `describe`, or a skipped one with the reason on the console. */
export function describeShared(title: string, body: () => void): void {
  if (existsSync(join(shared, 'reference', 'portfolio'))) describe(title, body);
  else {
    console.warn(`skipped "${title}": no reference data at ../shared/reference/portfolio`);
    describe.skip(title, body);
  }
}

export function sharedText(...path: string[]): string {
  const bytes = readFileSync(join(shared, ...path));
  return (path[path.length - 1].endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
}

export function fixture(id: string): Fixture {
  const all = JSON.parse(sharedText('reference', 'portfolio', 'fixtures.json')) as Fixture[];
  const found = all.find((item) => item.id === id);
  if (!found) throw new Error(`no fixture ${id}`);
  return found;
}

export interface PriceTable {
  readonly assets: readonly string[];
  readonly dates: readonly string[];
  /** NaN where the file is blank. */
  readonly rows: readonly (readonly number[])[];
}

export function priceTable(...path: string[]): PriceTable {
  const records = parse(sharedText(...path), { skip_empty_lines: true }) as string[][];
  const [header, ...body] = records;
  return {
    assets: header.slice(1),
    dates: body.map((row) => row[0]),
    rows: body.map((row) => row.slice(1).map((text) => (text.trim() === '' ? NaN : Number(text)))),
  };
}

export function panelOf(assets: readonly string[], rows: readonly (readonly number[])[]): ReturnPanel {
  return panelFromPrices(assets, rows.flat());
}

/** Returns of some columns, in the given order. */
export function panelOfColumns(table: PriceTable, assets: readonly string[]): ReturnPanel {
  const at = assets.map((asset) => table.assets.indexOf(asset));
  return panelOf(
    assets,
    table.rows.map((row) => at.map((i) => row[i])),
  );
}

/** skfolio's twenty stocks, simple returns of the prices from `start`. */
export function sp500From(start: string): ReturnPanel {
  const table = priceTable('reference', 'portfolio', 'sp500_dataset.csv.gz');
  return panelOf(
    table.assets,
    table.rows.filter((_, k) => table.dates[k] >= start),
  );
}

/** The last `count` periods. */
export function lastPeriods(panel: ReturnPanel, count: number): ReturnPanel {
  const n = panel.assets.length;
  return returnPanel(panel.assets, panel.values.subarray((panel.periods - count) * n));
}

/** Riskfolio's ten stocks of the hierarchical tests, in the file's order, last 200 returns. */
export function riskfolioHierarchical(): ReturnPanel {
  const table = priceTable('reference', 'portfolio', 'riskfolio_stock_prices_3.csv');
  return lastPeriods(
    panelOfColumns(table, ['JCI', 'TGT', 'CMCSA', 'CPB', 'MO', 'NBL', 'APA', 'MMC', 'JPM', 'ZION']),
    200,
  );
}

export function valuesOf(expected: Record<string, number>, assets: readonly string[]): number[] {
  return assets.map((asset) => expected[asset]);
}

export function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}
