import { invariant } from '@allostat/kernel';

/** One figure over all windows of a path. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Figures of every window of `bars` returns; `low` and `high` are the least and the greatest. */
export interface RollingStatistics {
  readonly bars: number;
  readonly windows: number;
  /** Compounded return of a window, and its yearly volatility and Sharpe ratio (divisor T - 1). */
  readonly return: Spread;
  readonly volatility: Spread;
  readonly sharpe: Spread;
  /** Share of windows with a loss. */
  readonly lossShare: number;
}

export interface RollingOptions {
  readonly bars: number;
  /** Risk-free return of each return, in the same order. */
  readonly riskFree: ArrayLike<number>;
  readonly daysPerYear?: number;
}

/**
 * Statistics of all overlapping windows of `bars` returns: what somebody who came in on any day would have seen. A window that never
 * moved has no Sharpe ratio and is left out of that figure. `undefined` when the path is shorter than one window.
 */
export function rollingStatistics(
  returns: ArrayLike<number>,
  { bars, riskFree, daysPerYear = 252 }: RollingOptions,
): RollingStatistics | undefined {
  invariant(Number.isInteger(bars) && bars >= 2, () => `a window needs 2 returns or more, got ${bars}`);
  invariant(riskFree.length === returns.length, 'there must be one risk-free return a return');
  if (returns.length < bars) return undefined;
  const windowReturns: number[] = [];
  const volatilities: number[] = [];
  const sharpes: number[] = [];
  for (let end = bars; end <= returns.length; end++) {
    let growth = 1;
    let sum = 0;
    for (let t = end - bars; t < end; t++) {
      growth *= 1 + returns[t];
      sum += returns[t] - riskFree[t];
    }
    const mean = sum / bars;
    let squares = 0;
    for (let t = end - bars; t < end; t++) {
      const gap = returns[t] - riskFree[t] - mean;
      squares += gap * gap;
    }
    const deviation = Math.sqrt(squares / (bars - 1));
    windowReturns.push(growth - 1);
    volatilities.push(deviation * Math.sqrt(daysPerYear));
    if (deviation > 0) sharpes.push((mean / deviation) * Math.sqrt(daysPerYear));
  }
  if (sharpes.length === 0) return undefined;
  return {
    bars,
    windows: windowReturns.length,
    return: spreadOf(windowReturns),
    volatility: spreadOf(volatilities),
    sharpe: spreadOf(sharpes),
    lossShare: windowReturns.filter((value) => value < 0).length / windowReturns.length,
  };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    low: sorted[0],
    median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2,
    high: sorted[sorted.length - 1],
  };
}
