import { createRng } from '@allostat/kernel';
import {
  backtestStatistics,
  returnsOfPath,
  sharpeRatio,
  stationaryBootstrap,
  type BacktestStatistics,
  type BootstrapInterval,
  type PortfolioSimulation,
} from '@allostat/quant';
import type { EvidenceConfig } from './evidence-config';

/** A run with what the judgement needs of it. */
export interface JudgedRun {
  readonly name: string;
  readonly statistics: BacktestStatistics;
  /** Daily returns in excess of cash. */
  readonly excess: Float64Array;
  readonly returns: Float64Array;
  readonly dates: readonly string[];
}

export function judgeRun(name: string, simulation: PortfolioSimulation, riskFree: Float64Array): JudgedRun {
  const returns = returnsOfPath(simulation);
  return {
    name,
    statistics: backtestStatistics(simulation, { riskFree }).net,
    returns,
    excess: returns.map((value, t) => value - riskFree[t + 1]),
    dates: simulation.dates,
  };
}

/** Yearly Sharpe ratio of the returns after `from` and up to `to`. */
export function periodSharpe({ excess, dates }: JudgedRun, { from, to }: { from: string; to: string }): number {
  return yearly(excess.filter((_, t) => dates[t + 1] > from && dates[t + 1] <= to));
}

function yearly(series: ArrayLike<number>): number {
  return sharpeRatio(Float64Array.from(series)) * Math.sqrt(252);
}

function deepest(returns: ArrayLike<number>): number {
  let value = 1;
  let peak = 1;
  let worst = 0;
  for (let t = 0; t < returns.length; t++) {
    value *= 1 + returns[t];
    if (value > peak) peak = value;
    worst = Math.max(worst, 1 - value / peak);
  }
  return worst;
}

export interface Comparison {
  readonly name: string;
  /** Mean Sharpe ratio of the first runs less that of the second. */
  readonly sharpe: BootstrapInterval;
  /** Mean maximum drawdown of the second less that of the first: above 0 is better. */
  readonly drawdown: BootstrapInterval;
  readonly verdict: 'better' | 'not shown to be better' | 'worse';
}

/** Difference of the means of two equal lists of runs, with intervals by the stationary bootstrap over common days. */
export function compareRuns(
  name: string,
  { ours, others }: { ours: readonly JudgedRun[]; others: readonly JudgedRun[] },
  { seed, draws, meanBlock }: EvidenceConfig['bootstrap'],
): Comparison {
  const half = ours.length;
  const difference =
    (measure: (series: ArrayLike<number>) => number) =>
    (series: readonly Float64Array[]): number =>
      series.reduce((sum, values, k) => sum + (k < half ? 1 : -1) * measure(values), 0) / half;
  const rng = createRng(seed).fork(name);
  const options = { draws, meanBlock };
  const sharpe = stationaryBootstrap(
    [...ours, ...others].map(({ excess }) => excess),
    difference(yearly),
    { rng: rng.fork('sharpe'), ...options },
  );
  const drawdown = stationaryBootstrap(
    [...ours, ...others].map(({ returns }) => returns),
    (series) => -difference(deepest)(series),
    { rng: rng.fork('drawdown'), ...options },
  );
  const verdict = sharpe.low > 0 ? 'better' : sharpe.high < 0 ? 'worse' : 'not shown to be better';
  return { name, sharpe, drawdown, verdict };
}
