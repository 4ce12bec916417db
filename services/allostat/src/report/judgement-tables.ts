import type { BacktestResult } from '../commands/run-backtest';
import { basisPoints, htmlTable, number, percent } from './report-tables';

/** Worst, middle and best of all windows, by portfolio. */
export function rollingTable({ rolling, policy }: BacktestResult): string {
  const entries = Object.entries(rolling);
  if (entries.length === 0) return '';
  const [[, { bars, windows }]] = entries;
  return htmlTable(
    [
      `${windows} windows of ${bars} returns`,
      'worst return',
      'median',
      'best',
      'windows with a loss',
      'worst Sharpe',
      'median Sharpe',
      'best Sharpe',
      'highest volatility',
    ],
    entries.map(([name, s]) => ({
      judged: name === policy,
      cells: [
        name,
        percent(s.return.low),
        percent(s.return.median),
        percent(s.return.high),
        percent(s.lossShare),
        number(s.sharpe.low),
        number(s.sharpe.median),
        number(s.sharpe.high),
        percent(s.volatility.high),
      ],
    })),
  );
}

/** The policy with one number changed, below the policy as it is. */
export function sensitivityTable({ sensitivity, statistics, unfilled }: BacktestResult): string {
  if (sensitivity === undefined) return '';
  const rows = [
    { name: 'as it is', value: '', statistics, unfilled, judged: true },
    ...sensitivity.map((row) => ({ ...row, value: String(row.value), judged: false })),
  ];
  return htmlTable(
    ['one number changed', 'to', 'CAGR', 'volatility', 'Sharpe', 'max drawdown', 'cost bp a year', 'not filled whole'],
    rows.map(({ name, value, statistics: s, unfilled: missed, judged }) => ({
      judged,
      cells: [
        name,
        value,
        percent(s.cagr, 2),
        percent(s.volatility, 2),
        number(s.sharpe),
        percent(-s.maxDrawdown),
        basisPoints(s.costPerYear),
        String(missed),
      ],
    })),
  );
}
