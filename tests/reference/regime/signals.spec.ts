import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  absorptionRatio,
  fitGarch,
  garchGridStep,
  initialGarchGrid,
  mahalanobisTurbulence,
  RECESSION_PROBIT,
  recessionProbability,
  turbulence,
  type GarchGridForecast,
} from '@allostat/quant';
import { parse } from 'csv-parse/sync';

const folder = join(__dirname, '../../../../shared/reference');
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is absent`);
const suite = present ? describe : describe.skip;
const lines = (file: string): string[] => {
  const bytes = readFileSync(join(folder, file));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim().split('\n');
};

suite('turbulence and absorption on 20 stocks since 2014 (numpy, scikit-learn)', () => {
  const prices = present
    ? lines('portfolio/sp500_dataset.csv.gz')
        .slice(1)
        .map((line) => line.split(','))
        .filter(([date]) => date >= '2014-01-01')
    : [];
  const returns = prices.slice(1).map((row, t) => row.slice(1).map((p, i) => Number(p) / Number(prices[t][i + 1]) - 1));

  it('has the shape of the reference', () => {
    expect([returns.length, returns[0].length]).toEqual([2263, 20]);
  });
  it('turbulence of the last day against the 500 days before it', () => {
    const found = mahalanobisTurbulence(returns.slice(-501, -1), returns[returns.length - 1]);
    expect(found.turbulence).toBeCloseTo(12.303883, 5);
    expect(found.magnitudeSurprise).toBeCloseTo(0.7710104, 6);
    expect(found.correlationSurprise).toBeCloseTo(0.7979065, 6);
  });
  it('the running form, given the same moments, gives the same turbulence over 20 and the same correlation surprise', () => {
    const history = returns.slice(-501, -1);
    const mean = history[0].map((_, i) => history.reduce((sum, row) => sum + row[i], 0) / history.length);
    const moments = new Float64Array(400);
    for (const row of history)
      for (let i = 0; i < 20; i++)
        for (let j = 0; j < 20; j++) moments[i * 20 + j] += ((row[i] - mean[i]) * (row[j] - mean[j])) / 499;
    const bar = returns[returns.length - 1].map((value, i) => value - mean[i]);
    const all = bar.map((_, i) => i);
    const found = turbulence(moments, bar, all, { shrinkage: 0 });
    expect(20 * (found?.turbulence ?? NaN)).toBeCloseTo(12.303883, 5);
    expect(found?.correlationSurprise).toBeCloseTo(0.7979065, 6);
    // an odd number of assets ends in a row of its own
    const odd = turbulence(moments, bar, all.slice(0, 19), { shrinkage: 0 });
    const part = mahalanobisTurbulence(
      history.map((row) => row.slice(0, 19)),
      returns[returns.length - 1].slice(0, 19),
    );
    expect(19 * (odd?.turbulence ?? NaN)).toBeCloseTo(part.turbulence, 8);
    expect(odd?.correlationSurprise).toBeCloseTo(part.correlationSurprise, 8);
  });
  it('absorption ratio of the 500 days before the last', () => {
    expect(absorptionRatio(returns.slice(-501, -1))).toBeCloseTo(0.704383, 5);
  });
});

suite('GARCH(1,1)', () => {
  it('agrees to six digits with the benchmark on the DM/GBP rate (McCullough and Renfro)', () => {
    const returns = lines('regime/dem2gbp.csv').slice(1).map(Number);
    expect(returns).toHaveLength(1974);
    const model = fitGarch(returns);
    expect(model.converged).toBe(true);
    expect(model.logLikelihood).toBeCloseTo(-1106.60788, 4);
    expect(model.mean).toBeCloseTo(-0.00619041, 6);
    expect(model.omega).toBeCloseTo(0.01076139, 6);
    expect(model.alpha).toBeCloseTo(0.1531339, 5);
    expect(model.beta).toBeCloseTo(0.80597379, 5);
  });

  it('agrees with arch on the S&P 500, 2000-2013', () => {
    const rows = lines('regime/arch_sp500.csv.gz')
      .slice(1)
      .map((line) => line.split(','));
    const inRange = rows.flatMap(([date, , , , , close], i) => {
      const year = Number(date.split('/')[2]);
      return i > 0 && year >= 2000 && year <= 2013 ? [100 * (Number(close) / Number(rows[i - 1][5]) - 1)] : [];
    });
    // the example's first return is of the second day of 2000
    const model = fitGarch(inRange.slice(1), { backcast: 'exponential' });
    expect(model.logLikelihood).toBeCloseTo(-5141.38, 1);
    expect([model.mean, model.omega, model.alpha, model.beta].map((v) => Math.round(v * 1e4) / 1e4)).toEqual([
      0.0531, 0.0156, 0.0879, 0.9014,
    ]);
    // the likeliest of nine recursions, bar by bar, ends at a neighbour of the fit (.0879, .9893) and near its likelihood
    let state = initialGarchGrid();
    let last: GarchGridForecast | undefined;
    for (const change of inRange.slice(1)) ({ state, forecast: last } = garchGridStep(state, change));
    expect(last?.alpha).toBe(0.09);
    expect(last?.persistence).toBeGreaterThanOrEqual(0.985);
    expect(Math.abs(Math.log((last?.nextVariance ?? NaN) / model.nextVariance))).toBeLessThan(0.1);
    const missed = model.logLikelihood + 0.5 * inRange.length * Math.log(2 * Math.PI) - (last?.logLikelihood ?? NaN);
    expect(missed).toBeLessThan(45); // of which the 22 bars of its start, that it does not count, are 30 to 40
  });
});

const macro = join(__dirname, '../../../../shared/data/macro/fred-md');
if (!existsSync(macro)) console.warn(`skipped: ${macro} is absent`);

(existsSync(macro) ? describe : describe.skip)('recession probit on the slope of the yield curve', () => {
  const rowsOf = (file: string) => parse(readFileSync(join(macro, file), 'utf8')) as string[][];
  const monthOf = (year: string, month: string) => 12 * Number(year) + Number(month) - 1;
  const recession = new Map(
    rowsOf('USRECM.csv')
      .slice(1)
      .map(([date, flag]) => [monthOf(date.slice(0, 4), date.slice(5, 7)), Number(flag)]),
  );
  const [header, , ...body] = rowsOf('current.csv');
  const [ten, bill] = ['GS10', 'TB3MS'].map((id) => header.indexOf(id));
  const pairs = body.flatMap((row) => {
    const [month, , year] = row[0].split('/');
    const outcome = recession.get(monthOf(year, month) + 12);
    const known = outcome !== undefined && row[ten] !== '' && row[bill] !== '';
    return known ? [{ at: monthOf(year, month) + 12, slope: Number(row[ten]) - Number(row[bill]), outcome }] : [];
  });
  const end = monthOf('1999', '12');
  const [past, later] = [pairs.filter(({ at }) => at <= end), pairs.filter(({ at }) => at > end + 12)];

  it('its coefficients make the likelihood of the 480 months to December 1999 stationary', () => {
    expect(past).toHaveLength(480);
    const gradient = [0, 0];
    for (const { slope, outcome } of past) {
      const z = RECESSION_PROBIT.intercept + RECESSION_PROBIT.slope * slope;
      const p = recessionProbability(slope);
      const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
      const score = (density * (outcome - p)) / (p * (1 - p));
      gradient[0] += score;
      gradient[1] += score * slope;
    }
    expect(Math.abs(gradient[0])).toBeLessThan(1e-4);
    expect(Math.abs(gradient[1])).toBeLessThan(1e-4);
  });

  it('on the months after, which it had not seen, its Brier score is that of the docs and below the base rate alone', () => {
    const base = past.reduce((sum, { outcome }) => sum + outcome, 0) / past.length;
    const brier = (said: (slope: number) => number) =>
      later.reduce((sum, { slope, outcome }) => sum + (said(slope) - outcome) ** 2, 0) / later.length;
    expect(later).toHaveLength(218);
    expect(brier(recessionProbability)).toBeCloseTo(0.0823, 4);
    expect(brier(() => base)).toBeCloseTo(0.1055, 4);
  });
});
