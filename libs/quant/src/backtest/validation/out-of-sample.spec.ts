import { createRng } from '@allostat/kernel';
import type { MarketHistory } from '../market-history';
import { outOfSampleSlice, outOfSampleSlices, summariseOutOfSample, type ValidationScheme } from './out-of-sample';

const rng = createRng(6);
const rows = 241;
const assets = ['A', 'B', 'C'];
const levels = new Float64Array(rows * 3);
for (let t = 0; t < rows; t++)
  for (let i = 0; i < 3; i++)
    levels[t * 3 + i] = t === 0 ? 100 : levels[(t - 1) * 3 + i] * (1 + 0.0004 + 0.004 * (i + 1) * rng.normal());
const market: MarketHistory = {
  dates: Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2015, 0, 1 + t)).toISOString().slice(0, 10)),
  assets,
  levels,
  cashRates: new Float64Array(rows).fill(0.0001),
};
const policies = {
  equal: { kind: 'equal-weight' },
  tree: { kind: 'hierarchical-risk-parity' },
  ratio: { kind: 'mean-variance', weightMax: 0.6 },
  least: { kind: 'minimum-variance' },
} as const;
const forward: ValidationScheme = { type: 'walk-forward', trainBars: 60, testBars: 20, purgeBars: 1 };
const folds: ValidationScheme = { type: 'combinatorial-purged', folds: 6, testFolds: 2, labelBars: 3, embargoBars: 2 };

describe('out of sample, split by split', () => {
  it.each<[string, ValidationScheme, number, number, number]>([
    ['a walk forward has one path of all its tests', forward, 8, 1, 160],
    ['combinatorial splits make whole histories, as many as another library says', folds, 15, 5, 240],
  ])('%s', (_name, scheme, count, paths, days) => {
    const options = { scheme, policies };
    expect(outOfSampleSlices(market, scheme)).toBe(count);
    // in any order: splits do not know of each other
    const slices = Array.from({ length: count }, (_, k) => outOfSampleSlice(market, options, count - 1 - k)).reverse();
    const summary = summariseOutOfSample(market, options, slices);
    expect(Object.keys(summary)).toEqual(Object.keys(policies));
    for (const policy of Object.values(summary)) {
      expect(policy).toMatchObject({ paths, days });
      expect(policy.sharpe.low).toBeLessThanOrEqual(policy.sharpe.median);
    }
    // equal weights depend on no training: every path is the whole history, the first tests of the walk the same rows
    const { low, high } = summary.equal.sharpe;
    expect(high - low).toBeLessThan(1e-12);
  });

  it('measures equal weights by hand', () => {
    const options = { scheme: folds, policies };
    const slices = Array.from({ length: 15 }, (_, k) => outOfSampleSlice(market, options, k));
    const excess = Array.from({ length: rows - 1 }, (_, t) => {
      const change = assets.map((__, i) => levels[(t + 1) * 3 + i] / levels[t * 3 + i] - 1);
      return (change[0] + change[1] + change[2]) / 3 - 0.0001;
    });
    const mean = excess.reduce((sum, x) => sum + x, 0) / excess.length;
    const variance = excess.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (excess.length - 1);
    const summary = summariseOutOfSample(market, options, slices);
    expect(summary.equal.sharpe.mean).toBeCloseTo((mean / Math.sqrt(variance)) * Math.sqrt(252), 10);
  });

  it('never lets a test row touch the weights that are tested on it', () => {
    const options = { scheme: folds, policies };
    const before = outOfSampleSlice(market, options, 0);
    const changed = { ...market, levels: levels.slice() };
    // the first split tests the first two of six folds: returns 0..79
    for (let t = 41; t < 60; t++) changed.levels[t * 3] *= 1.5;
    const after = outOfSampleSlice(changed, options, 0);
    for (const name of Object.keys(policies)) {
      // rows that did not change earn the same, so the weights are the same
      expect(after.returns[name].slice(0, 40)).toEqual(before.returns[name].slice(0, 40));
      expect(after.returns[name][40]).not.toBe(before.returns[name][40]);
    }
  });

  it('refuses a history with a gap, and says which asset and day', () => {
    const holes = { ...market, levels: levels.slice() };
    holes.levels[7 * 3 + 1] = NaN;
    expect(() => outOfSampleSlice(holes, { scheme: forward, policies }, 0)).toThrow('B has no price on 2015-01-08');
  });
});
