import { createRng } from '@allostat/kernel';
import { normalCdf, normalQuantile } from './normal-distribution';
import { overfittingProbability } from './overfitting-probability';
import { deflatedSharpe, probabilisticSharpe, sharpeRatio, sharpeSample } from './sharpe-inference';
import { stationaryBootstrap } from './stationary-bootstrap';

describe('the normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [-3, 0.0013498980316300933],
    [-5, 2.866515718791939e-7],
    [-8, 6.220960574271786e-16],
  ])('has the tabled value at %d', (x, p) => {
    expect(Math.abs(normalCdf(x) / p - 1)).toBeLessThan(1e-12);
  });

  it.each([1e-9, 0.01, 0.3, 0.5, 0.8, 0.999])('inverts at %d', (p) => {
    expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-12);
  });

  it('refuses what is no probability', () => {
    expect(() => normalQuantile(1)).toThrow(/between 0 and 1/);
  });
});

describe('judgement of a Sharpe ratio', () => {
  const rng = createRng(5);
  const returns = Float64Array.from({ length: 1000 }, () => 0.0008 + 0.01 * rng.normal());

  it('is deflated more by more trials and not at all by one', () => {
    const sample = sharpeSample(returns);
    const by = (trials: number) => deflatedSharpe(sample, { trials, varianceOfSharpes: 0.0005 }).probability;
    expect(by(1)).toBe(probabilisticSharpe(sample));
    expect(by(10)).toBeLessThan(by(1));
    expect(by(100)).toBeLessThan(by(10));
  });

  it('is the same with and without the shape of the returns', () => {
    expect(sharpeRatio(returns)).toBeCloseTo(sharpeSample(returns).sharpe, 14);
    expect(() => sharpeRatio([0, 0, 0, 0])).toThrow(/never change/);
  });

  it('finds no overfitting where one trial is truly better, and a coin toss in noise', () => {
    const noise = Array.from({ length: 12 }, () => Float64Array.from({ length: 800 }, () => 0.01 * rng.normal()));
    const skilled = noise.map((series, k) => (k === 3 ? series.map((value) => value + 0.004) : series));
    expect(overfittingProbability(skilled, { blocks: 8 }).pbo).toBeLessThan(0.05);
    expect(overfittingProbability(noise, { blocks: 8 }).pbo).toBeGreaterThan(0.2);
  });
});

describe('the stationary bootstrap', () => {
  const rng = createRng(6);
  const series = Float64Array.from({ length: 400 }, () => 0.5 + rng.normal());
  const mean = ([values]: readonly Float64Array[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

  it('gives the interval of the mean that theory gives for independent draws', () => {
    const found = stationaryBootstrap([series], mean, { rng: createRng(1), meanBlock: 1, draws: 4000 });
    const error = Math.sqrt(series.reduce((sum, x) => sum + (x - mean([series])) ** 2, 0)) / 400;
    expect(Math.abs((found.high - found.low) / (2 * 1.6449 * error) - 1)).toBeLessThan(0.06);
    expect(found.estimate).toBe(mean([series]));
    expect(found.notPositive).toBe(0);
  });

  it('widens with the block where returns persist, and repeats with its seed', () => {
    let level = 0;
    const persistent = series.map((x) => (level = 0.9 * level + x - 0.5));
    const width = (meanBlock: number): number => {
      const { low, high } = stationaryBootstrap([persistent], mean, { rng: createRng(2), meanBlock, draws: 500 });
      return high - low;
    };
    expect(width(40)).toBeGreaterThan(1.8 * width(1));
    expect(width(40)).toBe(width(40));
  });

  it('draws the same rows for every series', () => {
    const gap = ([a, b]: readonly Float64Array[]): number => Math.max(...a.map((x, t) => Math.abs(x - b[t])));
    const found = stationaryBootstrap([series, series], gap, { rng: createRng(3), draws: 100 });
    expect(found.high).toBe(0);
  });
});
