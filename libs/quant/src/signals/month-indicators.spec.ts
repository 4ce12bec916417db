import { growthSurprise, sahmIndicator } from './month-indicators';

/** US unemployment rate, May 2023 to July 2024, as published in August 2024 (Bureau of Labor Statistics). */
const RATES = [3.7, 3.6, 3.5, 3.8, 3.8, 3.8, 3.7, 3.7, 3.7, 3.9, 3.8, 3.9, 4.0, 4.1, 4.3];

describe('Sahm indicator', () => {
  it('was .53 in July 2024, as the Federal Reserve Bank of St. Louis published (SAHMREALTIME)', () => {
    expect(Math.round(100 * (sahmIndicator(RATES) ?? NaN)) / 100).toBe(0.53);
  });
  it('is negative when the newest average is the lowest', () => {
    expect(sahmIndicator(RATES.map((_, i) => 5 - 0.1 * i))).toBeCloseTo(-0.1, 12);
  });
  it('leaves out one missing month, and is absent when the newest is missing or two of an average are', () => {
    const without = (...missing: number[]) => RATES.map((rate, i) => (missing.includes(i) ? undefined : rate));
    expect(sahmIndicator(without(5))).toBeCloseTo(0.5333, 3);
    expect(sahmIndicator(without(14))).toBeUndefined();
    expect(sahmIndicator(without(5, 6))).toBeUndefined();
  });
});

describe('growth surprise', () => {
  it('is the last growth in standard deviations of the twelve before it', () => {
    // growths alternate between 0 and 2 %, then 3.5 %
    const levels = [100];
    for (let i = 0; i < 12; i++) levels.push(levels[i] * (i % 2 === 0 ? 1 : 1.02));
    levels.push(levels[12] * 1.035);
    // mean 1 %, sample standard deviation .01 sqrt(12 / 11)
    expect(growthSurprise(levels)).toBeCloseTo(0.025 / (0.01 * Math.sqrt(12 / 11)), 9);
  });
  it('does not depend on the base of the index, and is absent with a gap or without variation', () => {
    const levels = [100, 101, 103, 102, 104, 105, 107, 106, 108, 109, 111, 110, 112, 109];
    expect(growthSurprise(levels.map((level) => level / 7))).toBeCloseTo(growthSurprise(levels) ?? NaN, 9);
    expect(growthSurprise(levels.map((level, i) => (i === 4 ? undefined : level)))).toBeUndefined();
    expect(growthSurprise(new Array<number>(14).fill(100))).toBeUndefined();
  });
});
