import { createRng } from '@allostat/kernel';
import { returnPanel } from '../../linalg/return-panel';
import { combinatorialSplits, purgedFolds } from './purged-folds';
import { superiorPredictiveAbility } from './superior-predictive-ability';
import { walkForward } from './walk-forward';

describe('combinatorial purged splits', () => {
  // number of splits, of paths and first training sizes of skfolio 1.12 (CombinatorialPurgedCV, purged_size 3, embargo_size 2) on 120 rows
  it.each([
    [6, 2, 15, 5, [75, 67, 67, 67, 72, 72]],
    [10, 8, 45, 36, [19, 11, 16, 11, 8, 16]],
    [5, 3, 10, 6, [43, 35, 40, 35, 32, 40]],
  ])('of %d folds, %d tested, are those of another library', (folds, testFolds, count, paths, sizes) => {
    const found = combinatorialSplits(120, { folds, testFolds, labelBars: 3, embargoBars: 2 });
    expect(found.splits).toHaveLength(count);
    expect(found.paths).toHaveLength(paths);
    expect(found.splits.slice(0, 6).map(({ train }) => train.length)).toEqual(sizes);
  });

  it('never train on a row whose label touches a test, nor within the embargo', () => {
    const { splits, tested, paths } = combinatorialSplits(101, {
      folds: 6,
      testFolds: 2,
      labelBars: 4,
      embargoBars: 3,
    });
    for (const { train, test } of splits) {
      const tests = new Set(test);
      for (const row of train) {
        for (let ahead = 0; ahead <= 4; ahead++) expect(tests.has(row + ahead)).toBe(false);
        for (let back = 1; back <= 7; back++) if (row >= back) expect(tests.has(row - back)).toBe(false);
      }
    }
    for (const path of paths) path.forEach((split, fold) => expect(tested[split]).toContain(fold));
    expect(new Set(paths.map((path) => path.join())).size).toBe(paths.length);
  });

  it('test every row once in plain folds', () => {
    const folds = purgedFolds(50, 4, { labelBars: 1, embargoBars: 0 });
    expect(folds.flatMap(({ test }) => [...test])).toEqual(Array.from({ length: 50 }, (_, row) => row));
  });
});

describe('walk forward', () => {
  const rng = createRng(1);
  const values = Float64Array.from({ length: 100 * 2 }, () => 0.01 * rng.normal());
  const panel = returnPanel(['A', 'B'], values);

  it('shows the allocation nothing but its window, and leaves the purged bars to nobody', () => {
    const seen: number[] = [];
    const { windows, returns } = walkForward(panel, { trainBars: 30, testBars: 10, purgeBars: 2 }, (train) => {
      seen.push(train.values[train.values.length - 1]);
      return [0.5, 0.5];
    });
    expect(windows.map(({ trainFrom, trainTo, testFrom, testTo }) => [trainFrom, trainTo, testFrom, testTo])).toEqual(
      [0, 1, 2, 3, 4, 5].map((k) => [10 * k, 30 + 10 * k, 32 + 10 * k, 42 + 10 * k]),
    );
    windows.forEach(({ trainTo }, k) => expect(seen[k]).toBe(values[trainTo * 2 - 1]));
    expect(returns[0]).toBeCloseTo((values[64] + values[65]) / 2, 15);
    expect(returns).toHaveLength(60);
  });
});

describe('superior predictive ability', () => {
  /** Noise by formula, so that another program can make the same. */
  const noise = (k: number, t: number): number => {
    const x = Math.sin(t * 12.9898 + k * 78.233) * 43758.5453;
    return x - Math.floor(x) - 0.5;
  };
  const gains = Array.from({ length: 6 }, (_, k) =>
    Float64Array.from({ length: 600 }, (__, t) => noise(k, t) + 0.012 * (k - 3)),
  );

  it('gives the probabilities of another program within the error of the draws', () => {
    // arch 8.0.0, SPA(studentize, block_size 10, 40,000 draws, three seeds)
    const found = superiorPredictiveAbility(gains, { rng: createRng(5), draws: 4000, meanBlock: 10 });
    expect(found.statistic).toBeCloseTo(ARCH.statistic, 6);
    for (const key of ['probability', 'upper', 'lower'] as const)
      expect(Math.abs(found[key] - ARCH[key])).toBeLessThan(0.025);
    expect(found.best).toBe(5);
  });

  it('is sure of a model that is far better, and says nothing for one that is worse', () => {
    const better = [gains[0], gains[5].map((gain) => gain + 0.1)];
    expect(superiorPredictiveAbility(better, { rng: createRng(1) }).probability).toBe(0);
    const worse = gains.map((series) => series.map((gain) => gain - 0.2));
    expect(superiorPredictiveAbility(worse, { rng: createRng(1) }).probability).toBeGreaterThan(0.5);
  });
});

const ARCH = { statistic: 2.369252579192609, probability: 0.0467, upper: 0.0467, lower: 0.0299 };
