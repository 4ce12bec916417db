import { forwardOverSpot, hedgedGrowth } from './currency-growth';

describe('a forward by covered interest parity', () => {
  it('renewed every day for two years comes to that of Hull (Options, Futures, and Other Derivatives, example 5.6)', () => {
    // Australian dollars at 0.7500 US dollars, 3 % there and 1 % here, continuously compounded: 0.7500 e^(-.02 x 2)
    let forward = 0.75;
    for (let day = 0; day < 730; day++) {
      forward *= forwardOverSpot({ own: 0.01, foreign: 0.03, days: 1, ownYear: 365, foreignYear: 365 });
    }
    expect(forward.toFixed(4)).toBe('0.7206');
  });

  it('over one stretch is that of simple interest, worked by hand', () => {
    // 30 days at 5.5 % here and 4.75 % there on 360 days: 1.0045833 / 1.0039583
    expect(1.6535 * forwardOverSpot({ own: 0.055, foreign: 0.0475, days: 30 })).toBeCloseTo(1.654529, 6);
  });

  it('counts each rate by its own year, and is the spot where the rates are equal or no day passes', () => {
    expect(forwardOverSpot({ own: 0.05, foreign: 0.05, days: 90 })).toBe(1);
    expect(forwardOverSpot({ own: 0.07, foreign: 0.01, days: 0 })).toBe(1);
    expect(forwardOverSpot({ own: 0.0365, foreign: 0.036, days: 1, ownYear: 365 })).toBe(1);
    expect(() => forwardOverSpot({ own: 0.01, foreign: 0.01, days: -1 })).toThrow('days must be 0 or more');
  });
});

it('a hedged asset grows by its unhedged growth plus the hedge impact (MSCI Hedged Indexes methodology)', () => {
  const [spot0, spot1, local] = [0.9, 0.945, 1.02];
  const forward = forwardOverSpot({ own: 0.02, foreign: 0.05, days: 30 });
  // 100 abroad at the start are worth 90; 100 are sold at 0.9 x forward and bought back at 0.945
  const unhedged = (100 * local * spot1) / 90;
  const impact = (100 * (spot0 * forward - spot1)) / 90;
  expect(hedgedGrowth(local, spot1 / spot0, forward)).toBeCloseTo(unhedged + impact, 14);
  // nothing moves abroad: the forward premium alone is earned, whatever the spot does
  expect(hedgedGrowth(1, 1.5, forward)).toBe(forward);
});
