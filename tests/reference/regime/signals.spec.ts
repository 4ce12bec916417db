import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { absorptionRatio, fitGarch, mahalanobisTurbulence } from '@allostat/quant';

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
  });
});
