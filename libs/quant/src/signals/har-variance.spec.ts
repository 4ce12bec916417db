import { createRng } from '@allostat/kernel';
import { symmetricEigen } from '../linalg/symmetric-eigen';
import { absorptionShare } from './absorption-share';
import { harVariance, initialHar } from './har-variance';
import { sp500Missing, sp500Returns } from './sp500-returns.fixture';

if (sp500Missing) console.warn(sp500Missing);

function run(returns: readonly number[]): (number | undefined)[] {
  let state = initialHar();
  return returns.map((change) => {
    const step = harVariance(state, change);
    state = step.state;
    return step.variance;
  });
}

describe('harVariance', () => {
  (sp500Missing ? it.skip : it)('gives the forecast of numpy.linalg.lstsq on the S&P 500, 1999 to 2018', () => {
    const path = run(sp500Returns());
    // numpy 2, 5,008 rows: coefficients 2.3364e-5, -0.12122, 0.38190, 0.58032
    expect(Math.abs((path.at(-1) as number) / 0.00046484877223219786 - 1)).toBeLessThan(1e-8);
  });

  it('says nothing before 250 days of regression, is never below its floor, and needs no future', () => {
    const rng = createRng(5);
    const returns = Array.from({ length: 600 }, (_, t) => 0.01 * (t > 400 ? 3 : 1) * rng.normal());
    const path = run(returns);
    expect(path.findIndex((variance) => variance !== undefined)).toBe(22 + 250 - 1);
    expect(path.every((variance) => variance === undefined || variance > 0)).toBe(true);
    expect(run(returns.slice(0, 450))).toEqual(path.slice(0, 450));
  });
});

describe('absorptionShare', () => {
  it('is the share of the leading eigenvalues, also from the basis of a neighbour', () => {
    const rng = createRng(8);
    const n = 20;
    const moments = new Float64Array(n * n);
    let basis: Float64Array | undefined;
    for (let t = 0; t < 300; t++) {
      const market = rng.normal();
      const row = Array.from({ length: n }, (_, i) => 0.6 * market + (1 + i / n) * rng.normal());
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) moments[i * n + j] += row[i] * row[j];
      if (t < 60 || t % 5 !== 0) continue;
      const assets = Array.from({ length: n }, (_, i) => i);
      const measured = absorptionShare(moments, n, assets, basis);
      basis = measured?.basis;
      const { values } = symmetricEigen(moments.slice(), n);
      const sorted = [...values].sort((a, b) => b - a);
      const exact = sorted.slice(0, 4).reduce((a, b) => a + b, 0) / sorted.reduce((a, b) => a + b, 0);
      expect(Math.abs((measured as { share: number }).share - exact)).toBeLessThan(2e-3);
    }
  });

  it('is not stated for fewer than four assets or without variance', () => {
    expect(absorptionShare(Float64Array.from([1, 0, 0, 1]), 2, [0, 1])).toBeUndefined();
    expect(absorptionShare(new Float64Array(16), 4, [0, 1, 2, 3])).toBeUndefined();
  });
});
