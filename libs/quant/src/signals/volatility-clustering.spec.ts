import { createRng } from '@allostat/kernel';
import { sp500Missing, sp500Returns } from './sp500-returns.fixture';
import { clusteringOf, initialClustering, updateClustering } from './volatility-clustering';

if (sp500Missing) console.warn(sp500Missing);

const after = (returns: readonly number[], decay?: number) =>
  clusteringOf(
    returns.reduce((state, change) => updateClustering(state, change, decay), initialClustering()),
    decay,
  );

describe('volatility clustering', () => {
  (sp500Missing ? it.skip : it)('gives the Engle test of statsmodels with one lag on the S&P 500, 1999 to 2018', () => {
    const found = after(sp500Returns(), 1);
    // numpy.corrcoef of the squares; statsmodels 0.15, het_arch(returns, nlags=1)
    expect(found?.autocorrelation).toBeCloseTo(0.201629565604002, 10);
    expect(found?.lagrangeMultiplier).toBeCloseTo(204.4513885983, 6);
  });

  it('rejects one twentieth of worlds without clusters at the value of chi-squared, 3.84', () => {
    const rng = createRng(5);
    const worlds = Array.from({ length: 400 }, () =>
      after(
        Array.from({ length: 1000 }, () => 0.01 * rng.normal()),
        1,
      ),
    );
    const rejected = worlds.filter((world) => (world?.lagrangeMultiplier as number) > 3.84).length / worlds.length;
    expect(rejected).toBeGreaterThan(0.02);
    expect(rejected).toBeLessThan(0.08);
  });

  it('finds the clusters of GARCH, with the default half-life too', () => {
    const rng = createRng(6);
    let variance = 1e-4;
    const returns = Array.from({ length: 3000 }, () => {
      const change = Math.sqrt(variance) * rng.normal();
      variance = 5e-6 + 0.2 * change * change + 0.75 * variance;
      return change;
    });
    expect(after(returns, 1)?.lagrangeMultiplier).toBeGreaterThan(50);
    expect(after(returns)?.autocorrelation).toBeGreaterThan(0.05);
  });

  it('says nothing before there are 250 pairs, nor of returns of one size', () => {
    expect(after(Array.from({ length: 250 }, (_, i) => (i % 7) / 100))).toBeUndefined();
    expect(after(Array.from({ length: 251 }, (_, i) => (i % 7) / 100))).toBeDefined();
    expect(after(new Array<number>(300).fill(0))).toBeUndefined();
  });
});
