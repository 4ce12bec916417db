import fc from 'fast-check';
import { heldLots, updateLots, type Lot } from './held-lots';

const account = (weights: Record<string, number>, price: number, asOf: string, value = 1) => ({
  value,
  holdings: Object.entries(weights).map(([id, weight]) => ({ id, weight })),
  prices: { A: price, CASH: 1 },
  asOf,
});

describe('lots of an account', () => {
  it('open at the first price, grow by what is bought and lose the dearest first', () => {
    // 100 at 10, 50 more at 20, then half of all is sold at 15: 75 units, the 50 bought at 20 and 25 of those at 10
    let lots = updateLots([], account({ A: 1 }, 10, '2020-01-02', 1000));
    expect(lots).toEqual([{ id: 'A', units: 100, cost: 10, bought: '2020-01-02' }]);
    lots = updateLots(lots, account({ A: 1 }, 20, '2020-06-01', 3000));
    expect(lots).toEqual([
      { id: 'A', units: 100, cost: 10, bought: '2020-01-02' },
      { id: 'A', units: 50, cost: 20, bought: '2020-06-01' },
    ]);
    lots = updateLots(lots, account({ A: 0.5, CASH: 0.5 }, 15, '2020-09-01', 2250));
    expect(lots.filter(({ id }) => id === 'A')).toEqual([{ id: 'A', units: 75, cost: 10, bought: '2020-01-02' }]);
    const [held] = heldLots(lots, account({ A: 0.5, CASH: 0.5 }, 15, '2020-09-01'));
    expect(held).toEqual({ id: 'A', weight: 0.5, gain: (15 - 10) / 15, bought: '2020-01-02' });
  });

  it('are conserved: after any trades their units are what is held, and their weights sum to its weight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.5, max: 20, noNaN: true })), {
          minLength: 1,
          maxLength: 30,
        }),
        (steps) => {
          let lots: readonly Lot[] = [];
          steps.forEach(([weight, price], k) => {
            const now = account({ A: weight, CASH: 1 - weight }, price, `2020-01-${String(k + 1).padStart(2, '0')}`);
            lots = updateLots(lots, now);
            const units = lots.filter(({ id }) => id === 'A').reduce((sum, lot) => sum + lot.units, 0);
            expect(units).toBeCloseTo(weight / price, 10);
            const shown = heldLots(lots, now).filter(({ id }) => id === 'A');
            if (weight > 1e-9) expect(shown.reduce((sum, lot) => sum + lot.weight, 0)).toBeCloseTo(weight, 10);
          });
        },
      ),
    );
  });

  it('stay as they are without a price', () => {
    const lots = updateLots([], account({ A: 1 }, 10, '2020-01-02'));
    expect(updateLots(lots, { ...account({ A: 0.2 }, 10, '2020-02-01'), prices: {} })).toEqual(lots);
  });
});
