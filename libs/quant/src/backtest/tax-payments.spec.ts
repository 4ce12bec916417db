import { createRng } from '@allostat/kernel';
import { accountTaxes, taxableTrades } from './account-taxes';
import { monthEndRows, type MarketHistory } from './market-history';
import { fixedWeights, weightsInOrder } from './portfolio-policy';
import { simulatePortfolio } from './simulate-portfolio';

const terms = { shortTermRate: 0.4, longTermRate: 0.2 };

/** One asset whose price is stated on each date; cash earns nothing. */
const history = (points: readonly (readonly [string, number])[]): MarketHistory => ({
  dates: points.map(([date]) => date),
  assets: ['X'],
  levels: Float64Array.from(points, ([, price]) => price),
});

const plan =
  (targets: Readonly<Record<string, number>>) =>
  ({ date, assets }: { date: string; assets: readonly string[] }): Float64Array | undefined =>
    date in targets ? weightsInOrder({ X: targets[date] }, assets) : undefined;

const run = (points: readonly (readonly [string, number])[], targets: Readonly<Record<string, number>>) =>
  simulatePortfolio(history(points), plan(targets), {
    scheduledRows: [],
    everyRow: true,
    delayBars: 0,
    startValue: 1000,
    taxes: terms,
  });

describe('tax that the account pays', () => {
  it('is the short-term rate on a gain within the year, at the first close from 15 April on', () => {
    const result = run(
      [
        ['2022-03-01', 10],
        ['2022-11-01', 12],
        ['2023-04-14', 12],
        ['2023-04-17', 12],
        ['2023-04-18', 12],
      ],
      { '2022-03-01': 1, '2022-11-01': 0 },
    );
    expect(result.taxPayments).toEqual([{ row: 3, year: 2022, shortTermGain: 200, longTermGain: 0, tax: 80 }]);
    expect(Array.from(result.values)).toEqual([1000, 1200, 1200, 1120, 1120]);
    expect(result.ledger[3]).toMatchObject({ tax: 80, open: 1200, close: 1120 });
  });

  it('is the long-term rate after more than a year, on the first lot bought', () => {
    const result = run(
      [
        ['2020-01-02', 10],
        ['2021-06-01', 20],
        ['2022-04-15', 20],
        ['2022-04-18', 20],
      ],
      { '2020-01-02': 1, '2021-06-01': 0 },
    );
    expect(result.taxPayments.at(-1)).toMatchObject({ year: 2021, longTermGain: 1000, tax: 200 });
    expect(result.values.at(-1)).toBe(1800);
  });

  it('carries a loss forward and sets it against a later gain of the other kind', () => {
    const result = run(
      [
        ['2020-01-02', 10],
        ['2020-06-01', 8],
        ['2020-09-01', 8],
        ['2021-04-15', 8],
        ['2021-12-01', 12],
        ['2022-04-15', 12],
        ['2022-04-18', 12],
      ],
      { '2020-01-02': 1, '2020-06-01': 0, '2020-09-01': 1, '2021-12-01': 0 },
    );
    // -200 short in 2020; 100 units for 800, sold for 1,200 after more than a year: 400 long less 200 carried
    expect(result.taxPayments.map(({ tax }) => Number(tax.toFixed(9)))).toEqual([0, 40]);
  });

  it('does not count a loss that is washed, and taxes the gain less when the replacement is sold', () => {
    const result = run(
      [
        ['2020-01-02', 10],
        ['2020-12-10', 8],
        ['2020-12-20', 8],
        ['2021-04-15', 8],
        ['2021-06-01', 12],
        ['2022-04-15', 12],
        ['2022-04-18', 12],
      ],
      { '2020-01-02': 1, '2020-12-10': 0, '2020-12-20': 1, '2021-06-01': 0 },
    );
    // the loss of 200 goes into the basis of 1,000 with its holding period: 200 long term
    expect(result.taxPayments.map(({ year, tax }) => [year, Number(tax.toFixed(9))])).toEqual([
      [2020, 0],
      [2021, 40],
    ]);
  });

  it('leaves an account that adds up, and is the rates times the net gains of its trades', () => {
    const rng = createRng(8);
    const rows = 1500;
    const dates = Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2015, 0, 1 + t)).toISOString().slice(0, 10));
    const levels = new Float64Array(rows * 2);
    for (let t = 0; t < rows; t++)
      for (let i = 0; i < 2; i++)
        levels[t * 2 + i] = t === 0 ? 100 : levels[(t - 1) * 2 + i] * (1 + 0.0004 + 0.01 * rng.normal());
    const market = { dates, assets: ['A', 'B'], levels };
    const options = { scheduledRows: monthEndRows(dates), costs: { proportional: 0.001 }, startValue: 1e6 };
    const taxed = simulatePortfolio(market, fixedWeights({ A: 0.5, B: 0.4 }), {
      ...options,
      taxes: { ...terms, washDays: 0 },
    });
    const free = simulatePortfolio(market, fixedWeights({ A: 0.5, B: 0.4 }), options);
    expect(taxed.values.at(-1) as number).toBeLessThan(free.values.at(-1) as number);
    const { sales } = accountTaxes(taxableTrades(taxed), { washDays: 0 });
    for (const { year, shortTermGain, longTermGain } of taxed.taxPayments) {
      const own = sales.filter(({ date }) => date.startsWith(String(year)));
      const sum = own.reduce((total, { gain }) => total + gain, 0);
      expect(shortTermGain + longTermGain).toBeCloseTo(sum, 6);
    }
    expect(taxed.taxPayments).toHaveLength(3);
  });
});
