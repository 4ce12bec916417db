import { InputError, invariant } from '@allostat/kernel';
import { riskMeasureOf } from '../risk/risk-measure';
import { drawdownsOfPath, returnsOfPath, type StatisticsOptions, type ValuePath } from './backtest-statistics';

/** A path on the days of one regime. The days need not follow each other, so drawdown is that of their returns joined. */
export interface RegimeStatistics {
  readonly days: number;
  readonly share: number;
  /** Mean daily return times `daysPerYear`. */
  readonly meanReturn: number;
  readonly volatility: number;
  readonly sharpe: number | null;
  readonly maxDrawdown: number;
  readonly worstDay: number;
}

/**
 * Statistics by label. `labels[t]` is the label known at close t and is taken for the return from t to t + 1, so that no day is
 * judged by a label that its own return helped to set; `undefined` leaves the day out. A label with fewer than 2
 * days is left out.
 */
export function statisticsByRegime(
  path: ValuePath,
  labels: readonly (string | undefined)[],
  { riskFree, daysPerYear = 252 }: StatisticsOptions,
): Readonly<Record<string, RegimeStatistics>> {
  invariant(labels.length === path.values.length, () => `there must be ${path.values.length} labels`);
  const returns = returnsOfPath(path);
  const days = new Map<string, number[]>();
  returns.forEach((_, t) => {
    const label = labels[t];
    if (label !== undefined) days.set(label, [...(days.get(label) ?? []), t]);
  });
  const out: Record<string, RegimeStatistics> = {};
  for (const [label, rows] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (rows.length < 2) continue;
    const own = Float64Array.from(rows, (t) => returns[t]);
    const excess = Float64Array.from(rows, (t) => returns[t] - riskFree[t + 1]);
    const spread = riskMeasureOf(excess, 'volatility');
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    out[label] = {
      days: rows.length,
      share: rows.length / returns.length,
      meanReturn: mean(own) * daysPerYear,
      volatility: riskMeasureOf(own, 'volatility') * Math.sqrt(daysPerYear),
      sharpe: spread > 0 ? (mean(excess) / spread) * Math.sqrt(daysPerYear) : null,
      maxDrawdown: riskMeasureOf(own, 'maximum-drawdown', { compounded: true }),
      worstDay: Math.min(...own),
    };
  }
  return out;
}

export interface Crisis {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export interface CrisisStatistics extends Crisis {
  readonly return: number;
  readonly maxDrawdown: number;
}

/** Return and drawdown in each crisis that the path covers whole, from the last close before `from` to the last one up to `to`. */
export function statisticsInCrises(path: ValuePath, crises: readonly Crisis[]): readonly CrisisStatistics[] {
  const { dates, values } = path;
  return crises.flatMap((crisis) => {
    if (!(crisis.from < crisis.to)) {
      throw new InputError(`crisis ${crisis.name} runs from ${crisis.from} to ${crisis.to}`, { field: crisis.name });
    }
    const first = dates.findLastIndex((date) => date < crisis.from);
    const last = dates.findLastIndex((date) => date <= crisis.to);
    if (first < 0 || last <= first || crisis.to > dates[dates.length - 1]) return [];
    const part = Array.from({ length: last - first + 1 }, (_, t) => values[first + t]);
    const drawdowns = drawdownsOfPath({ dates: dates.slice(first, last + 1), values: part, startValue: part[0] });
    return [{ ...crisis, return: values[last] / values[first] - 1, maxDrawdown: Math.max(...drawdowns) }];
  });
}
