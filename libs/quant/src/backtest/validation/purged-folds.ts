import { invariant } from '@allostat/kernel';

/** Rows to train on and rows to test on; they never overlap, nor do the spans of their labels. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface PurgeOptions {
  /** Rows that a label looks ahead: training rows whose label reaches into a test are left out. */
  readonly labelBars: number;
  /** Rows after a test that are not trained on either, because they remember it. */
  readonly embargoBars: number;
}

/** K consecutive folds, each the test once, the training set purged and embargoed around it. Lopez de Prado (2018), chapter 7. */
export function purgedFolds(rows: number, folds: number, options: PurgeOptions): Split[] {
  return combinatorialSplits(rows, { folds, testFolds: 1, ...options }).splits;
}

export interface CombinatorialSplits {
  readonly splits: Split[];
  /** Folds that each split tests, ascending. */
  readonly tested: readonly (readonly number[])[];
  /**
   * Whole histories out of sample: `paths[p][fold]` is the split whose test gives that fold to path p. There are
   * `splits x testFolds / folds` of them.
   */
  readonly paths: readonly (readonly number[])[];
}

/**
 * Every choice of `testFolds` out of `folds` consecutive parts as the test, the rest as training set, purged and embargoed:
 * combinatorial purged cross-validation. Lopez de Prado (2018), Advances in Financial Machine Learning, chapter 12.
 */
export function combinatorialSplits(
  rows: number,
  { folds, testFolds, labelBars, embargoBars }: PurgeOptions & { readonly folds: number; readonly testFolds: number },
): CombinatorialSplits {
  invariant(
    folds >= 2 && testFolds >= 1 && testFolds < folds,
    () => `testFolds must lie in 1..${folds - 1}, got ${testFolds}`,
  );
  invariant(rows >= folds, () => `${rows} rows do not fill ${folds} folds`);
  invariant(labelBars >= 0 && embargoBars >= 0, 'labelBars and embargoBars must be 0 or more');
  const edge = (fold: number): number => Math.floor((fold * rows) / folds);
  const tested = choices(folds, testFolds);
  const splits = tested.map((chosen): Split => {
    const test: number[] = [];
    const train: number[] = [];
    for (let row = 0; row < rows; row++) {
      const inside = chosen.some((fold) => row >= edge(fold) && row < edge(fold + 1));
      if (inside) test.push(row);
      else if (
        !chosen.some((fold) => row + labelBars >= edge(fold) && row < edge(fold + 1) + labelBars + embargoBars)
      ) {
        train.push(row);
      }
    }
    return { train: Int32Array.from(train), test: Int32Array.from(test) };
  });
  const count = (tested.length * testFolds) / folds;
  const used = new Array<number>(folds).fill(0);
  const paths = Array.from({ length: count }, () => new Array<number>(folds).fill(-1));
  tested.forEach((chosen, split) => chosen.forEach((fold) => (paths[used[fold]++][fold] = split)));
  return { splits, tested, paths };
}

/** Every choice of `k` of the numbers below `n`, ascending, in lexicographic order. */
function choices(n: number, k: number): number[][] {
  if (k === 0) return [[]];
  const out: number[][] = [];
  const extend = (from: number, chosen: readonly number[]): void => {
    if (chosen.length === k) {
      out.push([...chosen]);
      return;
    }
    for (let next = from; next <= n - (k - chosen.length); next++) extend(next + 1, [...chosen, next]);
  };
  extend(0, []);
  return out;
}
