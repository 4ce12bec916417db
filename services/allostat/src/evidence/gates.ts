import type { BacktestStatistics } from '@allostat/quant';
import type { AnchorRow, NamedStatistics } from './run-evidence';

/** A bar that was set before the runs, and what was measured. */
export interface Gate {
  readonly name: string;
  readonly limit: string;
  readonly measured: number;
  readonly met: boolean;
}

/** The bars of the default policy and of the second mode. */
export function gatesOf({
  rows,
  byAnchor,
  scratch,
  references,
}: {
  /** The anchors first, then the settings in the order of `overlayVariants`. */
  readonly rows: readonly AnchorRow[];
  /** The first anchor, without and with the default policy. */
  readonly byAnchor: { readonly base: BacktestStatistics; readonly overlay: BacktestStatistics };
  readonly scratch: BacktestStatistics;
  readonly references: readonly NamedStatistics[];
}): Gate[] {
  const [, full, volatility, cut] = rows;
  const atMost = (name: string, measured: number, limit: number): Gate => ({
    name,
    limit: `at most ${limit}`,
    measured,
    met: measured <= limit,
  });
  const atLeast = (name: string, measured: number, limit: number): Gate => ({
    name,
    limit: `at least ${limit}`,
    measured,
    met: measured >= limit,
  });
  const main = [volatility, full, cut];
  const points = (name: string): number => 100 * (drawdownOf(references, name) - scratch.maxDrawdown);
  return [
    atMost('mean maximum drawdown over that of the anchors, tilt + volatility', volatility.drawdownRatio, 0.7),
    atMost('the same with the drawdown budget', full.drawdownRatio, 0.5),
    atMost('the same with the regime cut', cut.drawdownRatio, 0.5),
    atLeast('mean gain in Sharpe ratio, tilt + volatility', volatility.sharpeGain, 0.05),
    atLeast('mean gain in Sharpe ratio, default', full.sharpeGain, 0.05),
    atLeast(
      'least gain in Sharpe ratio of any anchor and main setting',
      Math.min(...main.map((row) => row.sharpeGainMin)),
      -0.03,
    ),
    atMost(
      'one-way turnover a year, highest of the main settings',
      Math.max(...main.map((row) => row.turnoverMax)),
      1.25,
    ),
    atMost('cost a year, highest of the main settings', Math.max(...main.map((row) => row.costMax)), 0.003),
    atLeast(
      'gain in Sharpe ratio on the first anchor, default',
      (byAnchor.overlay.sharpe as number) - (byAnchor.base.sharpe as number),
      0,
    ),
    atMost(
      'maximum drawdown on the first anchor over its own, default',
      byAnchor.overlay.maxDrawdown / byAnchor.base.maxDrawdown,
      0.6,
    ),
    atLeast(
      'points of drawdown better than mean-variance with a 35 % cap, second mode',
      points('mean-variance, 35 % cap'),
      8,
    ),
    atLeast('points of drawdown better than mean-variance, second mode', points('mean-variance'), 12),
  ];
}

function drawdownOf(references: readonly NamedStatistics[], name: string): number {
  const found = references.find((reference) => reference.name === name);
  return found === undefined ? NaN : found.statistics.maxDrawdown;
}
