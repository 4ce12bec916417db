import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dropStillRows, historyUntil, type MarketHistory } from '@allostat/quant';
import { parse } from 'csv-parse/sync';

export const SHARED = join(__dirname, '..', '..', '..', '..', 'shared');

/** `describe`, or a skipped one with the reason on the console. */
export function describeShared(title: string, needs: readonly string[], body: () => void): void {
  const missing = needs.find((path) => !existsSync(join(SHARED, path)));
  if (missing === undefined) describe(title, body);
  else {
    console.warn(`skipped "${title}": there is no ../shared/${missing}`);
    describe.skip(title, body);
  }
}

export function sharedText(path: string): string {
  return readFileSync(join(SHARED, path), 'utf8');
}

export function sharedJson(path: string): unknown {
  return JSON.parse(sharedText(path));
}

/** The 37 funds up to a date without repeated holiday rows, and the T-bill return of each day. */
export function etf37(last = '2023-06-09'): MarketHistory {
  const table = (name: string): string[][] =>
    parse(sharedText(`data/etf37/${name}.csv`), { bom: true, skip_empty_lines: true }) as string[][];
  const [header, ...rows] = table('ETFs_TotalReturnIndices');
  const rates = new Map(table('risk_free_DGS3MO_daily').map(([date, rate]) => [date, Number(rate)]));
  const dates = rows.map(([date]) => {
    const [month, day, year] = date.split('/');
    return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  });
  const market = dropStillRows({
    dates,
    assets: header.slice(1),
    levels: Float64Array.from(
      rows.flatMap((row) => row.slice(1)),
      (text) => (text === 'NA' ? NaN : Number(text)),
    ),
    cashRates: Float64Array.from(dates, (date) => {
      const rate = rates.get(date);
      return rate === undefined ? NaN : rate;
    }),
  });
  return historyUntil(
    market,
    market.dates.findLastIndex((date) => date <= last),
  );
}

/** Weights of a published reference portfolio, by fund. */
export function referenceWeights(name: string): Record<string, number> {
  const line = sharedText('data/etf37/reference_allocations.csv')
    .split('\n')
    .map((text) => text.split(','))
    .find((cells) => cells[1] === name);
  if (!line) throw new Error(`no reference portfolio ${name}`);
  const weights: Record<string, number> = {};
  const values = line[3].split(' ').map(Number);
  // one of the portfolios names a fund twice: both weights count
  line[2].split(' ').forEach((asset, i) => {
    weights[asset] = asset in weights ? weights[asset] + values[i] : values[i];
  });
  return weights;
}
