import { createRng } from '@allostat/kernel';
import { accountTaxes, taxableTrades, type TaxableTrade } from './account-taxes';
import { monthEndRows } from './market-history';
import { fixedWeights } from './portfolio-policy';
import { simulatePortfolio } from './simulate-portfolio';

const trade = (date: string, units: number, amount: number): TaxableTrade => ({ date, asset: 'X', units, amount });

describe('gains by lots', () => {
  it('equals the example of IRS Publication 550: 100 shares for 1,000, sold for 750, bought again for 800', () => {
    const found = accountTaxes([
      trade('2023-01-10', 100, 1000),
      trade('2023-06-01', -100, 750),
      trade('2023-06-20', 100, 800),
    ]);
    expect(found.sales[0]).toMatchObject({ gain: -250, disallowed: 250 });
    expect(found.lots).toEqual([{ asset: 'X', boughtOn: '2023-06-20', addedDays: 142, units: 100, basis: 1050 }]);
  });

  it('washes only as many units as are bought, and nothing after 30 days', () => {
    const some = accountTaxes([
      trade('2023-01-10', 100, 1000),
      trade('2023-06-01', -100, 750),
      trade('2023-06-20', 40, 300),
    ]);
    expect(some.sales[0].disallowed).toBeCloseTo(100, 12);
    expect(some.lots[0].basis).toBeCloseTo(400, 12);
    const late = accountTaxes([
      trade('2023-01-10', 100, 1000),
      trade('2023-06-01', -100, 750),
      trade('2023-07-02', 100, 800),
    ]);
    expect(late.sales[0].disallowed).toBe(0);
    expect(late.lots[0].basis).toBe(800);
  });

  it('washes by a purchase before the sale that is still held, and splits a larger one', () => {
    const found = accountTaxes([
      trade('2023-01-10', 100, 1000),
      trade('2023-05-20', 150, 1200),
      trade('2023-06-01', -100, 750),
    ]);
    expect(found.sales[0].disallowed).toBeCloseTo(250, 12);
    expect(found.lots.map(({ units, basis }) => [units, Number(basis.toFixed(9))])).toEqual([
      [100, 1050],
      [50, 400],
    ]);
  });

  it('does not take the rest of the sold purchase for a replacement', () => {
    const found = accountTaxes([trade('2023-05-20', 100, 1000), trade('2023-06-01', -50, 400)]);
    expect(found.sales[0]).toMatchObject({ gain: -100, disallowed: 0 });
    expect(found.lots[0]).toMatchObject({ units: 50, basis: 500 });
  });

  it('accounts for every gain of a simulated account', () => {
    const rng = createRng(4);
    const rows = 200;
    const dates = Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2020, 0, 1 + t)).toISOString().slice(0, 10));
    const levels = new Float64Array(rows * 2).fill(100);
    for (let k = 2; k < levels.length; k++) levels[k] = levels[k - 2] * (1 + 0.02 * rng.normal());
    const market = { dates, assets: ['X', 'Y'], levels };
    const result = simulatePortfolio(market, fixedWeights({ X: 0.5, Y: 0.5 }), {
      firstRow: 10,
      scheduledRows: monthEndRows(dates, 10),
      costs: { proportional: 0.002 },
    });
    const { sales, lots } = accountTaxes(taxableTrades(result));
    const allowed = sales.reduce((sum, { gain, disallowed }) => sum + gain + disallowed, 0);
    const unrealised = lots.reduce((sum, { asset, units, basis }) => {
      return sum + units * levels[(rows - 1) * 2 + market.assets.indexOf(asset)] - basis;
    }, 0);
    expect(sales.length).toBeGreaterThan(3);
    expect(allowed + unrealised).toBeCloseTo(result.values[result.values.length - 1] - 1, 10);
  });

  it('chooses lots as asked and calls long term what was held for more than a year', () => {
    const trades = [trade('2021-01-04', 10, 100), trade('2022-06-01', 10, 300), trade('2022-07-01', 10, 200)];
    const sold = (lotChoice: 'first-in' | 'last-in' | 'highest-basis') => {
      const { sales } = accountTaxes([...trades, trade('2022-12-01', -10, 400)], { lotChoice });
      return sales.map(({ gain, longTerm }) => [gain, longTerm]);
    };
    expect(sold('first-in')).toEqual([[300, true]]);
    expect(sold('last-in')).toEqual([[200, false]]);
    expect(sold('highest-basis')).toEqual([[100, false]]);
  });

  it('conserves units and money over any sequence of trades', () => {
    const rng = createRng(8);
    const trades: TaxableTrade[] = [];
    let held = 0;
    for (let k = 0; k < 300; k++) {
      const date = new Date(Date.UTC(2020, 0, 1 + 5 * k)).toISOString().slice(0, 10);
      const units = held > 20 && rng.uniform() < 0.5 ? -rng.integer(Math.floor(held)) - 1 : rng.integer(30) + 1;
      held += units;
      trades.push(trade(date, units, Math.abs(units) * (50 + 20 * rng.uniform())));
    }
    for (const lotChoice of ['first-in', 'last-in', 'highest-basis'] as const) {
      const { sales, lots } = accountTaxes(trades, { lotChoice });
      const total = <T>(rows: readonly T[], value: (row: T) => number): number =>
        rows.reduce((sum, row) => sum + value(row), 0);
      expect(total(lots, (lot) => lot.units)).toBeCloseTo(held, 6);
      expect(total(sales, (sale) => sale.disallowed)).toBeGreaterThan(0);
      const bought = total(trades, ({ units, amount }) => (units > 0 ? amount : 0));
      const carried = total(sales, (sale) => sale.disallowed);
      // what was paid is in the basis of what was sold or is held; a washed loss is counted once more until it is used
      const basis = total(sales, (sale) => sale.basis) + total(lots, (lot) => lot.basis);
      expect(basis).toBeCloseTo(bought + carried, 5);
      const allowed = total(sales, ({ gain, disallowed }) => gain + disallowed);
      const sold = total(trades, ({ units, amount }) => (units < 0 ? amount : 0));
      expect(allowed).toBeCloseTo(sold - bought + total(lots, (lot) => lot.basis), 5);
    }
  });

  it('refuses a sale of more than is held', () => {
    expect(() => accountTaxes([trade('2023-01-10', 1, 10), trade('2023-02-10', -2, 20)])).toThrow(
      /2 units of X are sold on 2023-02-10, 1 are held/,
    );
  });
});
