import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRng } from '@allostat/kernel';
import { fitMonthForecast, forecastMonth, traceMonths, type TracedMonth } from '@allostat/quant';
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

interface Scored {
  readonly logScore: number;
  readonly brier: number;
  readonly probability: readonly number[];
  readonly happened: number;
}
/** Prints the figures that the guide quotes. */
const exhaustive = process.env.ALLOSTAT_EXHAUSTIVE === '1';
const NAMES = ['expansion', 'tightening', 'crisis', 'recovery'] as const;

/** Forecasts of every month from 1985 on, each from a fit on the months before January of its year. */
function forecasts(
  traced: readonly { readonly date: string; readonly month: TracedMonth }[],
  method: 'tilted' | 'matrix',
  ahead: number,
): Scored[] {
  let model = fitMonthForecast(
    traced.slice(0, 60).map(({ month }) => month),
    { method },
  );
  return traced.flatMap(({ date, month }, t) => {
    if (date.endsWith('-01') && t >= 60)
      model = fitMonthForecast(
        traced.slice(0, t).map((row) => row.month),
        { method },
      );
    if (t + ahead >= traced.length || traced[t + ahead].date < '1985-01') return [];
    const p = forecastMonth(model, month, ahead);
    const probability = NAMES.map((name) => p[name]);
    const happened = NAMES.indexOf(traced[t + ahead].month.name);
    const brier = probability.reduce((sum, q, j) => sum + (q - (j === happened ? 1 : 0)) ** 2, 0);
    return [{ logScore: Math.log(probability[happened]), brier, probability, happened }];
  });
}

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
    const rows = forecasts(traced, 'tilted', 1).flatMap(({ probability, happened }) =>
      probability.map((p, j) => ({ p, hit: j === happened ? 1 : 0 })),
    );
    const edges = [0, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 1.0001];
    const table = edges.slice(1).map((to, i) => {
      const own = rows.filter(({ p }) => p >= edges[i] && p < to);
      return { from: edges[i], n: own.length, said: mean(own.map(({ p }) => p)), was: mean(own.map(({ hit }) => hit)) };
    });
    if (exhaustive) console.info(table);
    const gap = table.reduce((sum, { n, said, was }) => sum + (n / rows.length) * Math.abs(said - was), 0);
    expect(gap).toBeLessThan(0.03);
  });
});
