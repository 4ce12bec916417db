import type { BacktestStatistics } from '@allostat/quant';
import type { BacktestResult } from './run-backtest';

const COLUMNS: readonly [string, (s: BacktestStatistics) => string][] = [
  ['CAGR', (s) => percent(s.cagr)],
  ['vol', (s) => percent(s.volatility)],
  ['Sharpe', (s) => number(s.sharpe)],
  ['Sortino', (s) => number(s.sortino)],
  ['max DD', (s) => percent(-s.maxDrawdown)],
  ['CDaR95', (s) => percent(s.cdar95)],
  ['CVaR95', (s) => percent(s.cvar95)],
  ['Calmar', (s) => number(s.calmar)],
  ['turn/yr', (s) => number(s.turnoverPerYear)],
  ['cost/yr', (s) => `${(1e4 * s.costPerYear).toFixed(1)} bp`],
];

/** The result of a backtest for people: the policy before and after cost, the others after cost, then the judgement. */
export function backtestLines(result: BacktestResult): string[] {
  const rows: [string, BacktestStatistics][] = [
    [result.policy, result.statistics],
    [`${result.policy}, before cost`, result.gross],
    ...Object.entries(result.benchmarks),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(width)}${cells.map((cell) => cell.padStart(10)).join('')}`;
  const delay = `traded ${result.delayBars} close${result.delayBars === 1 ? '' : 's'} after the decision`;
  return [
    `${result.id}: ${result.from} to ${result.to}, ${result.days} closes, ${delay}; ratios in excess of cash`,
    '',
    line(
      '',
      COLUMNS.map(([name]) => name),
    ),
    ...rows.map(([name, s]) =>
      line(
        name,
        COLUMNS.map(([, cell]) => cell(s)),
      ),
    ),
    '',
    ...crisisLines(result, width),
    ...Object.entries(result.regimes).map(
      ([name, s]) =>
        `${name}: ${s.days} days, ${percent(s.meanReturn)} a year, vol ${percent(s.volatility)}, Sharpe ${number(s.sharpe)}`,
    ),
    ...Object.entries(result.sharpeDifference ?? {}).map(
      ([name, { estimate, low, high }]) =>
        `Sharpe less that of ${name}: ${number(estimate)}, 90 % interval ${number(low)} to ${number(high)}: ${verdict(low, high)}`,
    ),
    ...rollingLines(result),
    ...Object.entries(result.superiorAbility ?? {}).map(
      ([name, probability]) =>
        `over ${name}: probability ${number(probability)} of so large a gain by the best of the others when none is better`,
    ),
    ...(result.sensitivity ?? []).map(
      ({ name, value, statistics: s, unfilled }) =>
        `with ${name} ${value}: CAGR ${percent(s.cagr)}, Sharpe ${number(s.sharpe)}, max DD ${percent(-s.maxDrawdown)}, cost ${(1e4 * s.costPerYear).toFixed(1)} bp, ${unfilled} orders not filled whole`,
    ),
    `probability that the Sharpe ratio is above zero ${number(result.probabilisticSharpe)}, above luck in ${result.trials} trials ${number(result.deflatedSharpe)}`,
    `probability of overfitting when the best of these is picked ${number(result.pbo)}`,
    `result ${result.resultHash}`,
  ];
}

function rollingLines({ rolling, policy }: BacktestResult): string[] {
  const own = rolling[policy];
  if (own === undefined) return [];
  return [
    `${own.windows} windows of ${own.bars} returns: return ${percent(own.return.low)} to ${percent(own.return.high)}, median ${percent(own.return.median)}, a loss in ${percent(own.lossShare)}; Sharpe ${number(own.sharpe.low)} to ${number(own.sharpe.high)}`,
  ];
}

function crisisLines({ crises }: BacktestResult, width: number): string[] {
  const entries = Object.entries(crises);
  const names = entries[0][1].map(({ name }) => name);
  if (names.length === 0) return [];
  const size = Math.max(10, ...names.map((name) => name.length + 2));
  const row = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(width)}${cells.map((cell) => cell.padStart(size)).join('')}`;
  return [
    row('return in', names),
    ...entries.map(([name, found]) =>
      row(
        name,
        found.map((crisis) => percent(crisis.return)),
      ),
    ),
    '',
  ];
}

function verdict(low: number, high: number): string {
  return low > 0 ? 'better' : high < 0 ? 'worse' : 'not shown to be better';
}

function percent(value: number): string {
  return `${(100 * value).toFixed(2)} %`;
}

function number(value: number | null): string {
  return value === null ? '-' : value.toFixed(2);
}
