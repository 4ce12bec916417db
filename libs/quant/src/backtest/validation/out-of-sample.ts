import { InputError, invariant } from '@allostat/kernel';
import { returnPanel, type ReturnPanel } from '../../linalg/return-panel';
import type { MarketHistory } from '../market-history';
import { sharpeRatio } from '../sharpe-inference';
import { allocatePanel } from './allocate-panel';
import { combinatorialSplits, type CombinatorialSplits, type Split } from './purged-folds';
import { meanOf, quantile } from './quantiles';
import type { RandomisedPolicy } from './randomised-backtest';
import { walkForwardSplits, type WalkForwardOptions } from './walk-forward';

/** How a history is split into what a method is fitted on and what it is tested on. */
export type ValidationScheme =
  | ({ readonly type: 'walk-forward' } & WalkForwardOptions)
  | {
      readonly type: 'combinatorial-purged';
      readonly folds: number;
      readonly testFolds: number;
      readonly labelBars: number;
      readonly embargoBars: number;
    };

export interface OutOfSampleOptions {
  readonly scheme: ValidationScheme;
  readonly policies: Readonly<Record<string, RandomisedPolicy>>;
}

/** One split: the return of each test row in order, by policy, with weights from the training rows held constant and at no cost. */
export interface OutOfSampleSlice {
  readonly slice: number;
  readonly returns: Readonly<Record<string, readonly number[]>>;
}

/** Splits of a history of so many returns. */
function splitsOf(periods: number, scheme: ValidationScheme): readonly Split[] {
  return scheme.type === 'walk-forward'
    ? walkForwardSplits(periods, scheme)
    : combinatorialSplits(periods, scheme).splits;
}

export function outOfSampleSlices({ dates }: Pick<MarketHistory, 'dates'>, scheme: ValidationScheme): number {
  return splitsOf(dates.length - 1, scheme).length;
}

/**
 * Fits every policy on the training rows of split number `slice` and holds its weights over the test rows. Splits do not know of each
 * other: they can be made in any order and anywhere. Throws `InputError` when an asset has no price on some row.
 */
export function outOfSampleSlice(
  market: MarketHistory,
  { scheme, policies }: OutOfSampleOptions,
  slice: number,
): OutOfSampleSlice {
  const panel = panelOf(market);
  const { train, test } = splitsOf(panel.periods, scheme)[slice];
  const n = panel.assets.length;
  const fitted = returnPanel(panel.assets, rowsOf(panel, train));
  const riskFree = train.reduce((sum, row) => sum + cashAt(market, row), 0) / train.length;
  const returns = Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => {
      const weights = allocatePanel(policy, fitted, { riskFree });
      return [
        name,
        Array.from(test, (row) => weights.reduce((sum, weight, i) => sum + weight * panel.values[row * n + i], 0)),
      ];
    }),
  );
  return { slice, returns };
}

/** Distribution over the paths out of sample; a walk forward has one. Ratios are yearly, of 252 days, in excess of cash. */
export interface OutOfSampleSummary {
  readonly paths: number;
  readonly days: number;
  readonly sharpe: { readonly mean: number; readonly low: number; readonly median: number; readonly high: number };
  readonly maxDrawdown: { readonly mean: number; readonly high: number };
}

/** Puts the tests of all splits, in order, together into paths and measures each, by policy. */
export function summariseOutOfSample(
  market: MarketHistory,
  { scheme, policies }: OutOfSampleOptions,
  slices: readonly OutOfSampleSlice[],
): Readonly<Record<string, OutOfSampleSummary>> {
  const splits = splitsOf(market.dates.length - 1, scheme);
  invariant(
    slices.length === splits.length,
    () => `${splits.length} splits need as many results, got ${slices.length}`,
  );
  const paths = pathsOf(market.dates.length - 1, scheme, splits);
  return Object.fromEntries(
    Object.keys(policies).map((name) => {
      const measured = paths.map((steps) => {
        const path = steps.map(({ slice, at, row }) => ({ value: slices[slice].returns[name][at], row }));
        return {
          sharpe: sharpeRatio(path.map(({ value, row }) => value - cashAt(market, row))) * Math.sqrt(252),
          drawdown: deepest(path.map(({ value }) => value)),
        };
      });
      const sharpe = measured.map((path) => path.sharpe);
      const drawdown = measured.map((path) => path.drawdown);
      return [
        name,
        {
          paths: paths.length,
          days: paths[0].length,
          sharpe: {
            ...{ mean: meanOf(sharpe), low: quantile(sharpe, 0.05) },
            ...{ median: quantile(sharpe, 0.5), high: quantile(sharpe, 0.95) },
          },
          maxDrawdown: { mean: meanOf(drawdown), high: quantile(drawdown, 0.95) },
        },
      ];
    }),
  );
}

/** A day of a path: which split's test has it, and where. */
interface PathStep {
  readonly slice: number;
  readonly at: number;
  readonly row: number;
}

function pathsOf(periods: number, scheme: ValidationScheme, splits: readonly Split[]): PathStep[][] {
  const stepsOf = (slice: number): PathStep[] => Array.from(splits[slice].test, (row, at) => ({ slice, at, row }));
  if (scheme.type === 'walk-forward') return [splits.flatMap((_, slice) => stepsOf(slice))];
  const { paths }: CombinatorialSplits = combinatorialSplits(periods, scheme);
  const edge = (fold: number): number => Math.floor((fold * periods) / scheme.folds);
  return paths.map((chosen) =>
    chosen.flatMap((slice, fold) => stepsOf(slice).filter(({ row }) => row >= edge(fold) && row < edge(fold + 1))),
  );
}

function deepest(returns: readonly number[]): number {
  let value = 1;
  let peak = 1;
  let deepestSoFar = 0;
  for (const change of returns) {
    value *= 1 + change;
    peak = Math.max(peak, value);
    deepestSoFar = Math.max(deepestSoFar, 1 - value / peak);
  }
  return deepestSoFar;
}

/** Cash rate of the return that ends at the close after row `row` of the returns; without rates cash earns nothing. */
function cashAt({ cashRates }: MarketHistory, row: number): number {
  return cashRates === undefined ? 0 : cashRates[row + 1];
}

function panelOf({ assets, dates, levels }: MarketHistory): ReturnPanel {
  const n = assets.length;
  const missing = levels.findIndex((level) => !(level > 0));
  if (missing >= 0) {
    const [asset, date] = [assets[missing % n], dates[Math.floor(missing / n)]];
    throw new InputError(
      `${asset} has no price on ${date}`,
      { field: 'assets' },
      'validation needs a history without gaps: leave the asset out or begin later',
    );
  }
  return returnPanel(
    assets,
    Float64Array.from({ length: (dates.length - 1) * n }, (_, k) => levels[k + n] / levels[k] - 1),
  );
}

function rowsOf({ assets, values }: ReturnPanel, rows: Int32Array): Float64Array {
  const n = assets.length;
  const out = new Float64Array(rows.length * n);
  rows.forEach((row, t) => out.set(values.subarray(row * n, (row + 1) * n), t * n));
  return out;
}
