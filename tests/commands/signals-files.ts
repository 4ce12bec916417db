import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@allostat/kernel';
import { weekdayCalendar } from '@allostat/quant';

export interface PriceFiles {
  readonly folder: string;
  readonly universe: string;
  readonly prices: string;
  readonly dates: readonly string[];
  /** Close of each date, by instrument. */
  readonly closes: Readonly<Record<string, readonly number[]>>;
  /** Writes another file beside them and returns its path. */
  write(name: string, text: string): string;
}

const UNIVERSE = `id: three
currency: USD
instruments:
  - { id: STOCKS, assetClass: equity }
  - { id: BONDS, assetClass: government-bond }
  - { id: GOLD, assetClass: gold }
`;

/** A universe of three instruments and a wide price file of `bars` weekdays, in a new folder. */
export function writePriceFiles(bars: number): PriceFiles {
  const folder = mkdtempSync(join(tmpdir(), 'allostat-prices-'));
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const rng = createRng(11, 'prices');
  const dates = weekdayCalendar('2010-01-01', bars);
  const path = (volatility: number): number[] => {
    let level = 100;
    return dates.map(() => (level *= 1 + 0.0002 + volatility * rng.normal()));
  };
  const closes = { STOCKS: path(0.01), BONDS: path(0.003), GOLD: path(0.008) };
  const lines = dates.map((date, i) => [date, closes.STOCKS[i], closes.BONDS[i], closes.GOLD[i]].join(','));
  return {
    folder,
    universe: write('universe.yaml', UNIVERSE),
    prices: write('prices.csv', ['date,STOCKS,BONDS,GOLD', ...lines].join('\n')),
    dates,
    closes,
    write,
  };
}
