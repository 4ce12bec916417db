import { createRng } from '@allostat/kernel';
import type { MarketHistory } from '../market-history';
import { monthEndRows } from '../market-history';
import { backtestStatistics } from '../backtest-statistics';
import { equalWeightPolicy } from '../policies';
import { simulatePortfolio } from '../simulate-portfolio';
import { randomisedBacktest, summariseDraws, type RandomisedOptions } from './randomised-backtest';

const assets = ['A', 'B', 'C', 'D', 'LATE'];
const rows = 900;

/** Five assets; the last is listed in the second half. */
function market(): MarketHistory {
  const rng = createRng(2);
  const levels = new Float64Array(rows * 5).fill(NaN);
  for (let t = 0; t < rows; t++) {
    for (let i = 0; i < 5; i++) {
      if (i === 4 && t < 500) continue;
      const before = t === 0 || Number.isNaN(levels[(t - 1) * 5 + i]) ? 100 : levels[(t - 1) * 5 + i];
      levels[t * 5 + i] = before * (1 + 0.0003 + 0.01 * rng.normal());
    }
  }
  const dates = Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2010, 0, 1 + t)).toISOString().slice(0, 10));
  return { dates, assets, levels, cashRates: new Float64Array(rows).fill(0.0001) };
}

const data = market();
const options: RandomisedOptions = {
  seed: 5,
  assetsPerDraw: 3,
  barsPerDraw: 200,
  historyBars: 260,
  policies: { equal: { kind: 'equal-weight' }, hrp: { kind: 'hierarchical-risk-parity', weightMax: 0.6 } },
  cost: 0.001,
  delayBars: 1,
};

describe('multiple randomised backtests', () => {
  const draws = Array.from({ length: 30 }, (_, k) => randomisedBacktest(data, options, k));

  it('are each the plain backtest of their assets and stretch', () => {
    const [{ assets: drawn, from, to, statistics }] = draws;
    const first = data.dates.indexOf(from);
    const at = drawn.map((asset) => assets.indexOf(asset));
    const start = first - options.historyBars;
    const end = data.dates.indexOf(to);
    const part: MarketHistory = {
      dates: data.dates.slice(start, end + 1),
      assets: drawn,
      levels: Float64Array.from(
        Array.from({ length: end - start + 1 }, (_, t) => at.map((i) => data.levels[(start + t) * 5 + i])).flat(),
      ),
      cashRates: (data.cashRates as Float64Array).slice(start, end + 1),
    };
    const simulation = simulatePortfolio(part, equalWeightPolicy(drawn), {
      firstRow: 260,
      scheduledRows: [260, ...monthEndRows(part.dates, 261)],
      delayBars: 1,
      costs: { proportional: 0.001 },
    });
    const riskFree = (part.cashRates as Float64Array).subarray(260);
    expect(statistics.equal).toEqual(backtestStatistics(simulation, { riskFree }).net);
    expect(end - first).toBe(200);
  });

  it('depend on seed and number alone, and differ from each other', () => {
    expect(randomisedBacktest(data, options, 7)).toEqual(draws[7]);
    expect(new Set(draws.map(({ from, assets: drawn }) => `${from} ${drawn.join()}`)).size).toBeGreaterThan(20);
    expect(randomisedBacktest(data, { ...options, seed: 6 }, 7)).not.toEqual(draws[7]);
  });

  it('take assets that were listed at the beginning only', () => {
    const many = Array.from({ length: 60 }, (_, k) => randomisedBacktest(data, options, k));
    for (const { assets: drawn, from } of many) {
      const begun = data.dates.indexOf(from) - options.historyBars >= 500;
      if (!begun) expect(drawn).not.toContain('LATE');
    }
  });

  it('say so when no stretch is long enough', () => {
    expect(() => randomisedBacktest(data, { ...options, assetsPerDraw: 5, barsPerDraw: 300 }, 0)).toThrow(
      /no stretch of 260 \+ 300 rows has 5 assets listed/,
    );
  });

  it('are summarised by means, quantiles of type 7 and wins', () => {
    const summary = summariseDraws(draws);
    const sharpes = draws.map(({ statistics }) => statistics.equal.sharpe as number).sort((a, b) => a - b);
    expect(summary.equal.sharpe.mean).toBeCloseTo(sharpes.reduce((a, b) => a + b, 0) / 30, 12);
    // 30 values: the 5 percent point lies at 1.45 of 0..29
    expect(summary.equal.sharpe.low).toBeCloseTo(sharpes[1] + 0.45 * (sharpes[2] - sharpes[1]), 12);
    expect(summary.equal.sharpe.median).toBeCloseTo((sharpes[14] + sharpes[15]) / 2, 12);
    expect(summary.equal.winsAgainst.hrp + summary.hrp.winsAgainst.equal).toBeCloseTo(1, 12);
  });
});
