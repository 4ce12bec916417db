import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRng } from '@allostat/kernel';
import {
  addForecast,
  brierScore,
  initialProbabilityScore,
  reliabilityTable,
  scoreMonthForecasts,
  traceMonths,
  type DatedMonth,
} from '@allostat/quant';
import { parse } from 'csv-parse/sync';

const file = join(__dirname, '../../../../shared/data/macro/fred-md/current.csv');
const present = existsSync(file);
if (!present) console.warn(`skipped: ${file} is absent`);

/** Months of FRED-MD whose series are not revised: prices, yields and bill rates. */
function fredMonths() {
  const [header, , ...rows] = parse(readFileSync(file), { relax_column_count: true }) as string[][];
  const at = (name: string) => header.indexOf(name);
  const read = (row: readonly string[], name: string) => {
    const text = row[at(name)];
    return text === undefined || text === '' ? undefined : Number(text);
  };
  const months = rows.flatMap((row) => {
    const [price, aaa, baa, bill] = ['S&P 500', 'AAA', 'BAA', 'TB3MS'].map((name) => read(row, name));
    if (price === undefined || aaa === undefined || baa === undefined || bill === undefined) return [];
    const [month, , year] = row[0].split('/');
    return [{ date: `${year}-${month.padStart(2, '0')}`, price, creditSpread: baa - aaa, billRate: bill }];
  });
  return months.map((month, i) => ({ ...month, return: i === 0 ? 0 : month.price / months[i - 1].price - 1 }));
}

/** Prints the figures that the guide quotes. */
const exhaustive = process.env.ALLOSTAT_EXHAUSTIVE === '1';

const forecasts = (traced: readonly DatedMonth[], method: 'tilted' | 'matrix', ahead: number) =>
  scoreMonthForecasts(traced, { method, ahead, from: '1985-01' }).map(({ said, happened }) => ({
    logScore: Math.log(said[happened]),
    brier: brierScore(said, happened),
    said,
    happened,
  }));

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Interval of the mean of a serially dependent difference: circular blocks of two years, 2,000 draws. */
function interval(differences: readonly number[]): [number, number] {
  const rng = createRng(11, 'month-forecast');
  const n = differences.length;
  const block = 24;
  const means = Array.from({ length: 2000 }, () => {
    let sum = 0;
    for (let k = 0; k < n; k += block) {
      const from = Math.floor(rng.uniform() * n);
      for (let i = 0; i < Math.min(block, n - k); i++) sum += differences[(from + i) % n];
    }
    return sum / n;
  }).sort((a, b) => a - b);
  return [means[50], means[1949]];
}

(present ? describe : describe.skip)('four-regime probabilities on FRED-MD, 1985 to 2024, out of sample', () => {
  const months = present ? fredMonths() : [];
  const named = traceMonths(months);
  const traced = months.flatMap(({ date }, i) => {
    const month = named[i];
    return month === undefined ? [] : [{ date, month }];
  });

  it.each([1, 3])('the tilted forecast beats the transition matrix alone %i months ahead', (ahead) => {
    const tilted = forecasts(traced, 'tilted', ahead);
    const matrix = forecasts(traced, 'matrix', ahead);
    expect(tilted.length).toBeGreaterThan(470);
    const gain = tilted.map((row, i) => row.logScore - matrix[i].logScore);
    const lower = matrix.map((row, i) => row.brier - tilted[i].brier);
    if (exhaustive)
      console.info(ahead, tilted.length, {
        logScore: [mean(tilted.map((r) => r.logScore)), mean(matrix.map((r) => r.logScore)), ...interval(gain)],
        brier: [mean(tilted.map((r) => r.brier)), mean(matrix.map((r) => r.brier)), ...interval(lower)],
      });
    expect(interval(gain)[0]).toBeGreaterThan(0);
    expect(interval(lower)[0]).toBeGreaterThan(0);
  });

  it('is reliable: what is called likely happens about as often', () => {
    const rows = forecasts(traced, 'tilted', 1);
    const score = rows.reduce((sum, { said, happened }) => addForecast(sum, said, happened), initialProbabilityScore());
    const table = reliabilityTable(score);
    if (exhaustive) console.info(table);
    const gap = table.reduce(
      (sum, { forecasts: n, said, happened }) => sum + (n / (4 * rows.length)) * Math.abs(said - happened),
      0,
    );
    expect(gap).toBeLessThan(0.03);
  });
});
