import { invariant } from '@allostat/kernel';
import { riskMeasureOf } from '../risk/risk-measure';
import { daysBetween } from './days-between';
import type { PortfolioSimulation } from './simulate-portfolio';

/** Figures of a value path; decimals. `null` where a figure does not exist (a ratio over zero). */
export interface BacktestStatistics {
  /** Yearly growth by calendar days (365.25 a year). */
  readonly cagr: number;
  /** Yearly growth by trading days (`daysPerYear` a year). */
  readonly cagrTradingDays: number;
  readonly totalReturn: number;
  readonly volatility: number;
  /** Mean over standard deviation (ddof 1) of returns in excess of the risk-free rate, a year. */
  readonly sharpe: number | null;
  /** The same mean over the root mean square of its losses. */
  readonly sortino: number | null;
  readonly maxDrawdown: number;
  readonly maxDrawdownDate: string;
  /** Mean of the worst 5 % of daily drawdowns (compounded). */
  readonly cdar95: number;
  /** Mean of the worst 5 % of daily losses. */
  readonly cvar95: number;
  readonly calmar: number | null;
  /** Half the money bought and sold over value, a year; the first day left out. */
  readonly turnoverPerYear: number;
  /** Trading cost over value, a year; the first day left out. */
  readonly costPerYear: number;
}

export interface StatisticsOptions {
  /** Risk-free return of each day, one value a date of the simulation (the first is not used). */
  readonly riskFree: ArrayLike<number>;
  readonly daysPerYear?: number;
}

/** Value path with its dates; `startValue` is the value before the first day's trades. */
export interface ValuePath {
  readonly dates: readonly string[];
  readonly values: ArrayLike<number>;
  readonly startValue: number;
}

/** Simple returns between closes (length T - 1). */
export function returnsOfPath({ values }: Pick<ValuePath, 'values'>): Float64Array {
  return Float64Array.from({ length: values.length - 1 }, (_, t) => values[t + 1] / values[t] - 1);
}

/** The path before trading cost: each day's cost is put back into that day. Turnover stays what it was. */
export function grossPath({ ledger, dates, startValue }: PortfolioSimulation): ValuePath {
  let value = startValue;
  const values = ledger.map((day) => (value *= (day.close + day.cost) / day.open));
  return { dates, values, startValue };
}

/** Statistics of a simulation after cost (`net`) and before it (`gross`), both with the risk-free rate subtracted. */
export function backtestStatistics(
  simulation: PortfolioSimulation,
  options: StatisticsOptions,
): { readonly net: BacktestStatistics; readonly gross: BacktestStatistics } {
  const { ledger, dates } = simulation;
  const years = daysBetween(dates[0], dates[dates.length - 1]) / 365.25;
  let turnover = 0;
  let cost = 0;
  for (const day of ledger.slice(1)) {
    turnover += day.traded / 2 / (day.close + day.cost);
    cost += day.cost / (day.close + day.cost);
  }
  const trading = { turnoverPerYear: turnover / years, costPerYear: cost / years };
  return {
    net: { ...pathStatistics(simulation, options), ...trading },
    gross: { ...pathStatistics(grossPath(simulation), options), ...trading, costPerYear: 0 },
  };
}

/** Figures of a value path alone. The peak of drawdowns starts at the start value, so a loss on the first day counts. */
export function pathStatistics(
  path: ValuePath,
  { riskFree, daysPerYear = 252 }: StatisticsOptions,
): Omit<BacktestStatistics, 'turnoverPerYear' | 'costPerYear'> {
  const { dates, values, startValue } = path;
  invariant(values.length >= 3, () => `statistics need at least 3 closes, got ${values.length}`);
  invariant(riskFree.length === values.length, () => `there must be ${values.length} risk-free returns`);
  const returns = returnsOfPath(path);
  const excess = returns.map((value, t) => value - riskFree[t + 1]);
  invariant(excess.every(Number.isFinite), 'every return and risk-free return must be finite');
  const drawdowns = drawdownsOfPath(path);
  const worst = drawdowns.indexOf(Math.max(...drawdowns));
  const growth = values[values.length - 1] / startValue;
  const cagr = growth ** (365.25 / daysBetween(dates[0], dates[dates.length - 1])) - 1;
  const year = Math.sqrt(daysPerYear);
  const losses = Math.sqrt(excess.reduce((sum, value) => sum + Math.min(value, 0) ** 2, 0) / excess.length);
  return {
    cagr,
    cagrTradingDays: growth ** (daysPerYear / returns.length) - 1,
    totalReturn: growth - 1,
    volatility: riskMeasureOf(returns, 'volatility') * year,
    sharpe: ratio(meanOf(excess), riskMeasureOf(excess, 'volatility'), year),
    sortino: ratio(meanOf(excess), losses, year),
    maxDrawdown: drawdowns[worst],
    maxDrawdownDate: dates[worst + 1],
    cdar95: riskMeasureOf(
      drawdowns.map((value) => -value),
      'cvar',
    ),
    cvar95: riskMeasureOf(returns, 'cvar'),
    calmar: ratio(cagr, drawdowns[worst], 1),
  };
}

/** Compounded drawdown at each close but the first, >= 0. */
export function drawdownsOfPath({ values, startValue }: ValuePath): Float64Array {
  let peak = Math.max(startValue, values[0]);
  return Float64Array.from({ length: values.length - 1 }, (_, t) => {
    peak = Math.max(peak, values[t + 1]);
    return 1 - values[t + 1] / peak;
  });
}

function ratio(numerator: number, denominator: number, factor: number): number | null {
  return denominator > 0 ? (numerator / denominator) * factor : null;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
