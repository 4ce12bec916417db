import { createRng } from '@allostat/kernel';
import { cholesky } from '../linalg/cholesky';
import { symmetricEigen } from '../linalg/symmetric-eigen';
import { covarianceEwma, ewmaCovariance, initialEwmaCovariance, updateEwmaCovariance } from './covariance-ewma';

const settings = { volatilityHalfLifeBars: 20, correlationHalfLifeBars: 60 };

function draws(count: number, n: number, seed = 7): number[][] {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => {
    const market = rng.normal();
    return Array.from({ length: n }, (_, i) => 0.01 * (1 + i) * (0.6 * market + 0.8 * rng.normal()));
  });
}

describe('covarianceEwma', () => {
  it('weights squared returns by their age, each half-life on its own', () => {
    const rows = draws(50, 2);
    const { covariance, volatilities, correlation } = covarianceEwma(['A', 'B'], rows, settings);
    const decay = (halfLife: number, age: number): number => Math.pow(0.5, age / halfLife);
    let square = 0;
    let weight = 0;
    let product = 0;
    let a = 0;
    let b = 0;
    rows.forEach(([x, y], t) => {
      const age = rows.length - 1 - t;
      square += decay(20, age) * x * x;
      weight += decay(20, age);
      product += decay(60, age) * x * y;
      a += decay(60, age) * x * x;
      b += decay(60, age) * y * y;
    });
    expect(volatilities[0]).toBeCloseTo(Math.sqrt(square / weight), 14);
    expect(correlation[1]).toBeCloseTo(product / Math.sqrt(a * b), 14);
    expect(covariance.values[1]).toBeCloseTo(correlation[1] * volatilities[0] * volatilities[1], 16);
  });

  it('gives the same bits fed bar by bar and in one batch, and never changes a state', () => {
    const rows: (number | undefined)[][] = draws(120, 4);
    rows[30][2] = undefined;
    for (let t = 0; t < 50; t++) rows[t][3] = undefined;
    let state = initialEwmaCovariance(['A', 'B', 'C', 'D'], settings);
    for (const row of rows) {
      const before = Array.from(state.products);
      const next = updateEwmaCovariance(state, row);
      expect(Array.from(state.products)).toEqual(before);
      state = next;
    }
    expect(ewmaCovariance(state)).toEqual(covarianceEwma(['A', 'B', 'C', 'D'], rows, settings));
  });

  it('estimates a late listing from its own history only', () => {
    const rows: (number | undefined)[][] = draws(200, 3);
    const late = rows.map((row, t) => (t < 100 ? [row[0], row[1], undefined] : row));
    const own = covarianceEwma(
      ['C'],
      rows.slice(100).map((row) => [row[2]]),
      settings,
    );
    const all = covarianceEwma(['A', 'B', 'C'], late, settings);
    expect(all.volatilities[2]).toBeCloseTo(own.volatilities[0], 15);
    const pair = covarianceEwma(
      ['B', 'C'],
      rows.slice(100).map((row) => [row[1], row[2]]),
      settings,
    );
    expect(all.correlation[1 * 3 + 2]).toBeCloseTo(pair.correlation[1], 14);
  });

  it('names assets that it does not cover instead of guessing', () => {
    const rows: (number | undefined)[][] = draws(100, 4).map(([a, , c, d], t) => [
      a,
      0,
      t < 90 ? undefined : c,
      t < 30 ? d : undefined,
    ]);
    const estimate = covarianceEwma(['A', 'B', 'C', 'D'], rows, settings);
    expect(estimate.assets).toEqual(['A']);
    expect(estimate.uncovered).toEqual([
      { asset: 'B', reason: 'never-moved' },
      { asset: 'C', reason: 'too-few-returns' },
      { asset: 'D', reason: 'stale' },
    ]);
  });

  it('stays positive semi-definite when gaps make the pairwise correlations contradict each other', () => {
    const rng = createRng(3);
    const rows: (number | undefined)[][] = [];
    for (let t = 0; t < 90; t++) {
      const x = rng.normal();
      const noise = 0.1 * rng.normal();
      // A and B agree, B and C agree, A and C disagree: impossible for any real triple
      rows.push(
        [
          [x, x + noise, undefined],
          [undefined, x, x + noise],
          [x, undefined, -x + noise],
        ][t % 3],
      );
    }
    const estimate = covarianceEwma(['A', 'B', 'C'], rows, settings);
    expect(estimate.repaired).toBe(true);
    expect(symmetricEigen(estimate.correlation, 3).values[2]).toBeGreaterThan(-1e-12);
  });

  it('shrinks correlations to their average and leaves volatilities alone', () => {
    const rows = draws(80, 3);
    const raw = covarianceEwma(['A', 'B', 'C'], rows, settings);
    const full = covarianceEwma(['A', 'B', 'C'], rows, { ...settings, shrinkage: 1 });
    expect(full.volatilities).toEqual(raw.volatilities);
    for (const k of [1, 2, 5]) expect(full.correlation[k]).toBeCloseTo(raw.averageCorrelation as number, 14);
    expect(cholesky(full.covariance.values, 3).status).toBe('factored');
  });

  it('refuses a return that is not a number', () => {
    const state = initialEwmaCovariance(['A'], settings);
    expect(() => updateEwmaCovariance(state, [NaN])).toThrow('return of A is NaN');
  });
});
