import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRng, InputError } from '@allostat/kernel';
import { panelFromPrices, returnPanel, type MarketHistory, type ReturnPanel } from '@allostat/quant';
import { parse } from 'csv-parse/sync';

export const sliceNames = ['sp500_20', 'etf31', 'etf37', 'sp500_470'] as const;
export type SliceName = (typeof sliceNames)[number];

interface Table {
  readonly assets: readonly string[];
  readonly dates: readonly string[];
  /** NaN where the file is blank. */
  readonly rows: readonly (readonly number[])[];
}

/** Returns of one of the data slices that the peers are measured on, read from the folder that holds `data` and `reference`. */
export function readSlice(folder: string, name: SliceName): ReturnPanel {
  switch (name) {
    case 'sp500_20': {
      const table = readTable(join(folder, 'reference', 'portfolio', 'sp500_dataset.csv.gz'));
      return panelFromPrices(table.assets, table.rows.filter((_, t) => table.dates[t] >= '2014-01-01').flat());
    }
    case 'etf31':
      return completeFunds(folder, '2007-12-31');
    case 'etf37':
      return completeFunds(folder, '2013-07-18');
    case 'sp500_470': {
      const table = readTable(join(folder, 'data', 'sp500-2013-2018', 'close.csv.gz'));
      const kept = table.assets.map((_, i) => i).filter((i) => table.rows.every((row) => !Number.isNaN(row[i])));
      return panelFromPrices(
        kept.map((i) => table.assets[i]),
        table.rows.flatMap((row) => kept.map((i) => row[i])),
      );
    }
  }
}

/** Levels of a slice with their dates; with the money traded each day where the slice has volumes. */
export function readMarket(folder: string, name: 'etf31' | 'sp500_470'): MarketHistory {
  if (name === 'etf31') {
    const table = readTable(join(folder, 'data', 'etf37', 'ETFs_TotalReturnIndices.csv'));
    const from = table.dates.findIndex((date) => date >= '2007-12-31');
    const kept = completeColumns(table, from);
    return marketOf(table, from, kept);
  }
  const close = readTable(join(folder, 'data', 'sp500-2013-2018', 'close.csv.gz'));
  const kept = completeColumns(close, 0);
  const market = marketOf(close, 0, kept);
  const shares = readTable(join(folder, 'data', 'sp500-2013-2018', 'volume.csv.gz'));
  const at = kept.map((i) => shares.assets.indexOf(close.assets[i]));
  const traded = shares.rows.flatMap((row) => at.map((i) => row[i]));
  return { ...market, volumes: market.levels.map((level, k) => level * traded[k]) };
}

function completeColumns({ assets, rows }: Table, from: number): readonly number[] {
  return assets.map((_, i) => i).filter((i) => rows.every((row, t) => t < from || !Number.isNaN(row[i])));
}

function marketOf({ assets, dates, rows }: Table, from: number, kept: readonly number[]): MarketHistory {
  return {
    dates: dates.slice(from),
    assets: kept.map((i) => assets[i]),
    levels: Float64Array.from(rows.slice(from).flatMap((row) => kept.map((i) => row[i]))),
  };
}

/** Sector of each asset, as the peers' benchmark groups them. */
export function readSectors(
  folder: string,
  name: 'sp500_20' | 'sp500_470',
  assets: readonly string[],
): readonly string[] {
  if (name === 'sp500_20') {
    const lists = {
      Tech: 'AAPL AMD MSFT',
      Health: 'JNJ LLY MRK PFE UNH',
      Staples: 'KO PEP PG WMT',
      Energy: 'CVX RRC XOM',
      Finance: 'BAC JPM',
      Other: 'BBY GE HD',
    };
    const byAsset = new Map(
      Object.entries(lists).flatMap(([sector, list]) => list.split(' ').map((asset) => [asset, sector] as const)),
    );
    return assets.map((asset) => byAsset.get(asset) ?? 'Unknown');
  }
  const [header, ...body] = parse(
    readText(join(folder, 'data', 'sp500-2013-2018', 'constituents-gics.csv')),
  ) as string[][];
  const column = header.findIndex((key) => /sector/i.test(key) && !/sub/i.test(key));
  const byAsset = new Map(body.map((row) => [row[0].replace('.', '-'), row[column]]));
  return assets.map((asset) => byAsset.get(asset) ?? 'Unknown');
}

/** Factor returns with fat tails, the same for the same seed. */
export function syntheticPanel(n: number, periods: number, seed: number): ReturnPanel {
  const rng = createRng(seed, 'bench');
  const values = new Float64Array(n * periods);
  for (let t = 0, k = 0; t < periods; t++) {
    const factors = [rng.normal(), rng.normal(), rng.normal()];
    for (let i = 0; i < n; i++)
      values[k++] = 0.0003 + 0.005 * (0.7 * factors[0] + 0.4 * factors[1 + (i % 2)] + rng.studentT(5));
  }
  return returnPanel(
    Array.from({ length: n }, (_, i) => `S${String(i).padStart(4, '0')}`),
    values.map((value) => Math.max(-0.9, value)),
  );
}

/** Funds without a gap since `start`, without the rows on which none of them moved. */
function completeFunds(folder: string, start: string): ReturnPanel {
  const table = readTable(join(folder, 'data', 'etf37', 'ETFs_TotalReturnIndices.csv'));
  const from = table.dates.findIndex((date) => date >= start);
  const rows = table.rows.slice(from);
  const kept = table.assets.map((_, i) => i).filter((i) => rows.every((row) => !Number.isNaN(row[i])));
  const moved = rows.filter((row, t) => t === 0 || kept.some((i) => row[i] !== rows[t - 1][i]));
  return panelFromPrices(
    kept.map((i) => table.assets[i]),
    moved.flatMap((row) => kept.map((i) => row[i])),
  );
}

function readTable(path: string): Table {
  const [header, ...body] = parse(readText(path), { skip_empty_lines: true }) as string[][];
  return {
    assets: header.slice(1),
    dates: body.map((row) => isoDate(row[0])),
    rows: body.map((row) => row.slice(1).map((text) => (text.trim() === '' ? NaN : Number(text)))),
  };
}

function isoDate(text: string): string {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (american === null) return text.slice(0, 10);
  const [, month, day, year] = american;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function readText(path: string): string {
  if (!existsSync(path)) {
    throw new InputError(
      `there is no ${path}`,
      { file: path },
      'give the folder that holds the folders data and reference with --data',
    );
  }
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
}
