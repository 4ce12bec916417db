import { createRng, InputError, invariant, type Rng } from '@allostat/kernel';
import { backtestStatistics, type BacktestStatistics } from '../backtest-statistics';
import { monthEndRows, type MarketHistory } from '../market-history';
import { equalWeightPolicy } from '../policies/equal-weight-policy';
import { hierarchicalPolicy } from '../policies/hierarchical-policy';
import { meanVariancePolicy } from '../policies/mean-variance-policy';
import { minimumVariancePolicy } from '../policies/minimum-variance-policy';
import type { PortfolioPolicy } from '../portfolio-policy';
import { simulatePortfolio } from '../simulate-portfolio';
import { meanOf, quantile } from './quantiles';

/** A policy that can be made over any assets. */
export const RANDOMISED_KINDS = [
  'equal-weight',
  'hierarchical-risk-parity',
  'mean-variance',
  'minimum-variance',
] as const;
export type RandomisedKind = (typeof RANDOMISED_KINDS)[number];

/** A policy over whatever assets are drawn. */
export interface RandomisedPolicy {
  readonly kind: RandomisedKind;
  /** Largest weight of one asset; not for equal weights. */
  readonly weightMax?: number;
}

export interface RandomisedOptions {
  readonly seed: number;
  readonly assetsPerDraw: number;
  /** Returns that a draw is tested on, and those before it that policies may look back on. */
  readonly barsPerDraw: number;
  readonly historyBars: number;
  readonly policies: Readonly<Record<string, RandomisedPolicy>>;
  /** One-way cost of trading, decimal. */
  readonly cost: number;
  readonly delayBars: number;
}

/** One test: which assets, when, and what each policy made of them after costs. */
export interface RandomisedDraw {
  readonly draw: number;
  readonly assets: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly statistics: Readonly<Record<string, BacktestStatistics>>;
}

/**
 * Multiple randomised backtests: draw number `draw` takes a random stretch of the history and a random choice of the assets that were
 * listed at its beginning, and runs every policy on it. Draws depend on seed and number alone, so they can be made in any order and
 * anywhere. Palomar (2025), Portfolio Optimization, 8.4. Throws `InputError` when no stretch has enough assets.
 */
export function randomisedBacktest(market: MarketHistory, options: RandomisedOptions, draw: number): RandomisedDraw {
  const { seed, assetsPerDraw, barsPerDraw, historyBars, policies, cost, delayBars } = options;
  const rng = createRng(seed).fork(`draw ${draw}`);
  const starts = possibleStarts(market, options);
  const first = starts[rng.integer(starts.length)];
  const from = first - historyBars;
  const assets = chosen(listedAt(market, from), assetsPerDraw, rng).sort();
  const part = partOf(market, assets, { from, to: first + barsPerDraw });
  const riskFree =
    part.cashRates === undefined ? new Float64Array(barsPerDraw + 1) : part.cashRates.subarray(historyBars);
  const statistics = Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => {
      const simulation = simulatePortfolio(part, policyOver(policy, assets), {
        firstRow: historyBars,
        scheduledRows: [historyBars, ...monthEndRows(part.dates, historyBars + 1)],
        delayBars,
        costs: { proportional: cost },
      });
      return [name, backtestStatistics(simulation, { riskFree }).net];
    }),
  );
  return { draw, assets, from: part.dates[historyBars], to: part.dates[part.dates.length - 1], statistics };
}

/** Rows at which a test can begin: enough rows on both sides, and enough assets listed from the start of its history. */
function possibleStarts(
  market: MarketHistory,
  { assetsPerDraw, barsPerDraw, historyBars }: RandomisedOptions,
): number[] {
  const starts: number[] = [];
  for (let row = historyBars; row + barsPerDraw < market.dates.length; row++) {
    if (listedAt(market, row - historyBars).length >= assetsPerDraw) starts.push(row);
  }
  if (starts.length === 0) {
    throw new InputError(
      `no stretch of ${historyBars} + ${barsPerDraw} rows has ${assetsPerDraw} assets listed; the history has ${market.dates.length} rows of ${market.assets.length} assets`,
      { field: 'barsPerDraw' },
      'ask for fewer bars or assets',
    );
  }
  return starts;
}

function listedAt({ assets, levels }: MarketHistory, row: number): string[] {
  return assets.filter((_, i) => levels[row * assets.length + i] > 0);
}

/** `count` of `all`, each choice equally likely: the beginning of a shuffle (Fisher and Yates). */
function chosen(all: readonly string[], count: number, rng: Rng): string[] {
  const left = [...all];
  for (let k = 0; k < count; k++) {
    const at = k + rng.integer(left.length - k);
    [left[k], left[at]] = [left[at], left[k]];
  }
  return left.slice(0, count);
}

/** Rows `from`..`to` of some assets. */
function partOf(
  market: MarketHistory,
  assets: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): MarketHistory {
  const width = market.assets.length;
  const at = assets.map((asset) => market.assets.indexOf(asset));
  invariant(!at.includes(-1), 'a draw names only assets of the market');
  const levels = new Float64Array((to - from + 1) * at.length);
  for (let row = from; row <= to; row++) {
    at.forEach((i, column) => (levels[(row - from) * at.length + column] = market.levels[row * width + i]));
  }
  return {
    dates: market.dates.slice(from, to + 1),
    assets,
    levels,
    ...(market.cashRates && { cashRates: market.cashRates.slice(from, to + 1) }),
  };
}

function policyOver({ kind, weightMax }: RandomisedPolicy, assets: readonly string[]): PortfolioPolicy {
  const limit = weightMax === undefined ? {} : { weightMax };
  switch (kind) {
    case 'equal-weight':
      return equalWeightPolicy(assets);
    case 'hierarchical-risk-parity':
      return hierarchicalPolicy(assets, weightMax === undefined ? {} : { limits: { default: { max: weightMax } } });
    case 'mean-variance':
      return meanVariancePolicy(assets, limit);
    case 'minimum-variance':
      return minimumVariancePolicy(assets, limit);
  }
}

/** One policy over all draws: Sharpe ratios and drawdowns, and how often it had the higher Sharpe ratio than each other. */
export interface RandomisedSummary {
  readonly draws: number;
  readonly sharpe: { readonly mean: number; readonly low: number; readonly median: number; readonly high: number };
  readonly maxDrawdown: { readonly mean: number; readonly median: number; readonly high: number };
  readonly winsAgainst: Readonly<Record<string, number>>;
}

/** Means, medians and 5 and 95 percent points over draws; a draw without a Sharpe ratio (no movement) counts as 0. */
export function summariseDraws(draws: readonly RandomisedDraw[]): Readonly<Record<string, RandomisedSummary>> {
  invariant(draws.length > 0, 'there are no draws to summarise');
  const names = Object.keys(draws[0].statistics);
  const sharpes = (name: string): number[] =>
    draws.map(({ statistics }) => (statistics[name].sharpe === null ? 0 : statistics[name].sharpe));
  return Object.fromEntries(
    names.map((name) => {
      const sharpe = sharpes(name);
      const drawdown = draws.map(({ statistics }) => statistics[name].maxDrawdown);
      const others = names.filter((other) => other !== name);
      return [
        name,
        {
          draws: draws.length,
          sharpe: {
            mean: meanOf(sharpe),
            low: quantile(sharpe, 0.05),
            median: quantile(sharpe, 0.5),
            high: quantile(sharpe, 0.95),
          },
          maxDrawdown: { mean: meanOf(drawdown), median: quantile(drawdown, 0.5), high: quantile(drawdown, 0.95) },
          winsAgainst: Object.fromEntries(
            others.map((other) => {
              const theirs = sharpes(other);
              return [other, sharpe.filter((value, k) => value > theirs[k]).length / draws.length];
            }),
          ),
        },
      ];
    }),
  );
}
