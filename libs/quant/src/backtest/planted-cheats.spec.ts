import { createRng } from '@allostat/kernel';
import { findLookAhead } from './find-look-ahead';
import { monthEndRows, type MarketHistory } from './market-history';
import { weightsInOrder, type PortfolioPolicy } from './portfolio-policy';

const rows = 500;
const dates = Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2018, 0, 1 + t)).toISOString().slice(0, 10));

/** Three funds, the last of which is delisted on row 350: it has no price from then on. */
function market(): MarketHistory {
  const rng = createRng(2);
  const levels = new Float64Array(rows * 3);
  for (let t = 0; t < rows; t++) {
    for (let i = 0; i < 3; i++) {
      const before = t === 0 ? 100 : levels[(t - 1) * 3 + i];
      levels[t * 3 + i] = i === 2 && t >= 350 ? NaN : before * (1 + 0.01 * rng.normal());
    }
  }
  return { dates, assets: ['A', 'B', 'GONE'], levels };
}

interface Release {
  readonly about: string;
  readonly known: string;
  readonly value: number;
}

/** A monthly figure, first printed after twenty days with an error, corrected a hundred days later. */
function releases(): Release[] {
  const rng = createRng(3);
  return monthEndRows(dates).flatMap((row) => {
    const truth = rng.normal();
    const print = (lag: number, value: number): Release[] =>
      row + lag < rows ? [{ about: dates[row], known: dates[row + lag], value }] : [];
    return [...print(20, truth + 2 * rng.normal()), ...print(120, truth)];
  });
}

const options = { firstRow: 60, scheduledRows: monthEndRows(dates, 60), cutRows: [150, 250, 330] };
const last = (history: MarketHistory): string => history.dates[history.dates.length - 1];

describe('planted cheats that look at data', () => {
  it('finds a policy that reads macro figures as they were revised later', () => {
    const all = releases();
    /** Tilts by the latest value of the month before; `asOf` reads what was known on the day, else whatever the store holds. */
    const make =
      (asOf: boolean) =>
      (history: MarketHistory): PortfolioPolicy => {
        const store = all.filter(({ known }) => known <= last(history));
        return ({ scheduled, date, assets }) => {
          if (!scheduled) return undefined;
          const usable = store.filter(({ about, known }) => about < date && (asOf ? known <= date : true));
          const newest = usable.filter(({ about }) => about <= dates[dates.indexOf(date) - 25]).at(-1);
          const weight = newest !== undefined && newest.value > 0 ? 0.8 : 0.2;
          return weightsInOrder({ A: weight, B: 1 - weight }, assets);
        };
      };
    expect(findLookAhead(market(), make(true), options)).toBeUndefined();
    expect(findLookAhead(market(), make(false), options)).toBeDefined();
  });

  it('finds a policy that holds only what has survived', () => {
    /** Equal weights of what has a price: on the day, or at the end of the history that it was made from. */
    const make =
      (onTheDay: boolean) =>
      (history: MarketHistory): PortfolioPolicy => {
        const survivors = history.assets.filter((_, i) => history.levels[(history.dates.length - 1) * 3 + i] > 0);
        return ({ scheduled, assets, row, history: known }) => {
          if (!scheduled) return undefined;
          const listed = onTheDay ? assets.filter((_, i) => known.levels[row * 3 + i] > 0) : survivors;
          return weightsInOrder(Object.fromEntries(listed.map((asset) => [asset, 1 / listed.length])), assets);
        };
      };
    const delistings = [{ asset: 'GONE', date: dates[350], recovery: 0.2 }];
    expect(findLookAhead(market(), make(true), { ...options, delistings })).toBeUndefined();
    expect(findLookAhead(market(), make(false), { ...options, delistings })).toBeDefined();
  });
});
