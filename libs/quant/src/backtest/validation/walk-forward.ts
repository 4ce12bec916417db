import { invariant } from '@allostat/kernel';
import { returnPanel, type ReturnPanel } from '../../linalg/return-panel';
import type { Split } from './purged-folds';

export interface WalkForwardOptions {
  readonly trainBars: number;
  readonly testBars: number;
  /** Bars between training and test that neither sees; default 1: what is decided at a close is traded at the next. */
  readonly purgeBars?: number;
  /** Train on everything before the test instead of the last `trainBars`. Default false. */
  readonly expanding?: boolean;
}

/** Weights of one window, in the order of the panel's assets, and the bars that they were held. */
export interface WalkForwardWindow {
  readonly trainFrom: number;
  readonly trainTo: number;
  readonly testFrom: number;
  readonly testTo: number;
  readonly weights: Float64Array;
}

export interface WalkForward {
  readonly windows: readonly WalkForwardWindow[];
  /** Return of each bar of every test, out of sample; weights are held constant inside a test and cost nothing. */
  readonly returns: Float64Array;
}

/** Windows of a history of `periods` bars, in order; bars at the end that do not fill a test are left out. */
export function walkForwardSplits(
  periods: number,
  { trainBars, testBars, purgeBars = 1, expanding = false }: WalkForwardOptions,
): Split[] {
  invariant(trainBars >= 2 && testBars >= 1 && purgeBars >= 0, 'trainBars must be 2 or more, testBars 1, purgeBars 0');
  invariant(
    periods >= trainBars + purgeBars + testBars,
    () => `${periods} bars do not fill a window of ${trainBars} + ${purgeBars} + ${testBars}`,
  );
  const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, k) => from + k);
  const splits: Split[] = [];
  for (let end = trainBars; end + purgeBars + testBars <= periods; end += testBars) {
    const testFrom = end + purgeBars;
    splits.push({ train: range(expanding ? 0 : end - trainBars, end), test: range(testFrom, testFrom + testBars) });
  }
  return splits;
}

/**
 * Allocates on a window of the past and holds the weights over the bars that follow, again and again. Bars at the end that do
 * not fill a test are left out. `allocate` sees the training rows only.
 */
export function walkForward(
  panel: ReturnPanel,
  options: WalkForwardOptions,
  allocate: (train: ReturnPanel) => ArrayLike<number>,
): WalkForward {
  const n = panel.assets.length;
  const windows: WalkForwardWindow[] = [];
  const returns: number[] = [];
  for (const { train: rows, test } of walkForwardSplits(panel.periods, options)) {
    const [trainFrom, trainTo] = [rows[0], rows[rows.length - 1] + 1];
    const [testFrom, testTo] = [test[0], test[test.length - 1] + 1];
    const train = returnPanel(panel.assets, panel.values.slice(trainFrom * n, trainTo * n));
    const weights = Float64Array.from(allocate(train));
    invariant(weights.length === n, () => `${n} assets need ${n} weights, got ${weights.length}`);
    windows.push({ trainFrom, trainTo, testFrom, testTo, weights });
    for (let t = testFrom; t < testTo; t++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += weights[i] * panel.values[t * n + i];
      returns.push(sum);
    }
  }
  return { windows, returns: Float64Array.from(returns) };
}
