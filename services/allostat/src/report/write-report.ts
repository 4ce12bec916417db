import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BacktestRun } from '../commands/run-backtest';
import { reportPage } from './report-page';

/** Writes the report of a backtest as one HTML file. */
export function writeReport(file: string, run: BacktestRun, configFile: string): void {
  const { result, judged, runs, labels, proposals, dataHash } = run;
  const benchmarks = [...runs]
    .filter(([name]) => name !== result.policy)
    .map(([name, simulation]) => ({ name, values: simulation.values }));
  writeFileSync(
    file,
    reportPage({
      result,
      judged,
      benchmarks,
      labels,
      proposals,
      configuration: readFileSync(configFile, 'utf8'),
      dataHash,
      codeVersion: programVersion(),
    }),
  );
}

/** Writes value by portfolio, weights, trades and ledger of the policy as CSV files. */
export function writeTables(folder: string, { judged, runs }: BacktestRun): void {
  mkdirSync(folder, { recursive: true });
  const names = [...runs.keys()];
  const write = (name: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]): void =>
    writeFileSync(join(folder, `${name}.csv`), [head, ...rows].map((row) => row.map(cell).join(',')).join('\n') + '\n');
  write(
    'values',
    ['date', ...names],
    judged.dates.map((date, t) => [date, ...[...runs.values()].map(({ values }) => values[t])]),
  );
  write(
    'weights',
    ['date', ...judged.assets],
    judged.decisions.map(({ date, weights }) => [date, ...weights]),
  );
  const { firstRow, dates } = judged;
  write(
    'trades',
    ['date', 'decided', 'asset', 'units', 'price', 'value', 'proportionalCost', 'impactCost'],
    judged.trades.map(({ row, decidedRow, asset, units, price, value, proportionalCost, impactCost }) => [
      dates[row - firstRow],
      dates[decidedRow - firstRow],
      asset,
      ...[units, price, value, proportionalCost, impactCost],
    ]),
  );
  write(
    'ledger',
    ['date', 'open', 'gain', 'interest', 'borrow', 'fee', 'tax', 'cost', 'close'],
    judged.ledger.map((day) => [
      day.date,
      day.open,
      day.gain,
      day.interest,
      day.borrow,
      day.fee,
      day.tax,
      day.cost,
      day.close,
    ]),
  );
}

/** A cell with commas or quotes is quoted. */
function cell(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function programVersion(): string {
  const { name, version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  return `${name} ${version}`;
}
