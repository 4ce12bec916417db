import { createRng } from '@allostat/kernel';
import { findLookAhead } from '../find-look-ahead';
import { monthEndRows, type MarketHistory } from '../market-history';
import type { PortfolioPolicy } from '../portfolio-policy';
import { simulatePortfolio } from '../simulate-portfolio';
import { anchorPolicy } from './anchor-policy';
import { equalWeightPolicy } from './equal-weight-policy';
import { hierarchicalPolicy } from './hierarchical-policy';
import { minimumVariancePolicy } from './minimum-variance-policy';
import { volatilityTargetPolicy } from './volatility-target-policy';

const assets = ['EQ', 'BOND', 'GOLD', 'LATE', 'BILL'];
const rows = 900;

/** Five funds, one of them listed later; equities are three times as volatile from row 600 to 700. */
function market(): MarketHistory {
  const rng = createRng(21);
  const levels = new Float64Array(rows * 5);
  for (let t = 0; t < rows; t++) {
    const storm = t >= 600 && t < 700 ? 3 : 1;
    [0.01 * storm, 0.004, 0.008, 0.012, 0.0001].forEach((volatility, i) => {
      const before = t === 0 || (i === 3 && t === 300) ? 100 : levels[(t - 1) * 5 + i];
      levels[t * 5 + i] = i === 3 && t < 300 ? NaN : before * (1 + volatility * rng.normal());
    });
  }
  const dates = Array.from({ length: rows }, (_, t) => new Date(Date.UTC(2010, 0, 1 + t)).toISOString().slice(0, 10));
  return { dates, assets, levels };
}

const anchor = { EQ: 0.5, BOND: 0.3, LATE: 0.2 };
const risky = assets.slice(0, 4);
const makers: [string, () => PortfolioPolicy][] = [
  ['anchor', () => anchorPolicy(anchor)],
  ['equal weight', () => equalWeightPolicy(risky)],
  ['hierarchical risk parity', () => hierarchicalPolicy(risky)],
  ['minimum variance', () => minimumVariancePolicy(risky)],
  ['volatility target', () => volatilityTargetPolicy(anchor, { cashAsset: 'BILL' })],
];

describe('policies', () => {
  const data = market();
  const options = { firstRow: 260, scheduledRows: monthEndRows(data.dates, 260), everyRow: true };

  it.each(makers)('%s asks for weights that are not negative and sum to 1', (_name, make) => {
    const { decisions } = simulatePortfolio(data, make(), options);
    expect(decisions.length).toBeGreaterThan(15);
    for (const { weights } of decisions) {
      expect(weights.every((weight) => weight >= 0)).toBe(true);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    }
  });

  it.each(makers)('%s changes no decision when later data is taken away', (_name, make) => {
    expect(findLookAhead(data, make, { ...options, cutRows: [350, 610, 650, 720, 880] })).toBeUndefined();
  });

  it('shares the weight of a fund that is not listed yet among the others', () => {
    const { decisions } = simulatePortfolio(data, anchorPolicy(anchor), options);
    expect(decisions[0].weights.map((weight) => Number(weight.toFixed(12)))).toEqual([0.625, 0.375, 0, 0, 0]);
    expect(decisions.at(-1)?.weights).toEqual([0.5, 0.3, 0, 0.2, 0]);
  });

  it('does not take the volatility of a part for that of the anchor', () => {
    // BOND only exists from row 200 on: before, the anchor was EQ alone, more than twice as volatile
    const late = { ...data, levels: data.levels.map((level, k) => (k % 5 === 1 && k < 1000 ? NaN : level)) };
    const half = { EQ: 0.3, BOND: 0.7 };
    const from = { ...options, firstRow: 260, scheduledRows: monthEndRows(data.dates, 460) };
    const cash = (market: MarketHistory): number[] =>
      simulatePortfolio(market, volatilityTargetPolicy(half, { cashAsset: 'BILL', observationsMin: 60 }), from)
        .decisions.filter(({ row }) => row < 590)
        .map(({ weights }) => weights[4]);
    // its volatility is what it was in the whole history, so the money in bills is about the same
    const [whole, part] = [cash(data), cash(late)].map((values) => Math.max(...values));
    expect(Math.abs(whole - part)).toBeLessThan(0.08);
    expect(part).toBeGreaterThan(0.1);
  });

  it('lowers the exposure in a storm, between the regular dates, and raises it after', () => {
    const { decisions } = simulatePortfolio(data, volatilityTargetPolicy(anchor, { cashAsset: 'BILL' }), options);
    const bills = (from: number, to: number): number[] =>
      decisions.filter(({ row }) => row >= from && row < to).map(({ weights }) => weights[4]);
    expect(Math.max(...bills(640, 700))).toBeGreaterThan(0.4);
    expect(Math.max(...bills(500, 600))).toBeLessThan(0.35);
    expect(decisions.some(({ row }) => !options.scheduledRows.includes(row))).toBe(true);
  });
});
