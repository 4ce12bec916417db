import { adjustPrices, factorsFromTotalReturn } from './adjust-prices';
import type { Observation } from './events';
import { readFactors } from './read-factors';

const price = (eventTime: string, value: number, seriesId = 'A'): Observation => ({
  seriesId,
  kind: 'price',
  eventTime,
  knownTime: `${eventTime}T21:00:00.000Z`,
  revision: 0,
  value,
  origin: { file: 'p.csv', row: 2 },
});
const factor = (date: string, value: number, series = 'A') => ({ series, date, factor: value, file: 'f.csv', row: 2 });
const values = (observations: readonly Observation[]) => observations.map(({ value }) => value);

describe('prices carried over corporate actions', () => {
  const prices = [price('2024-01-02', 100), price('2024-01-03', 51), price('2024-01-04', 49.98)];

  it('go on as a holder is paid: a split of two for one, then a dividend of 2 %', () => {
    const { observations, applied, unused } = adjustPrices(prices, [
      factor('2024-01-03', 0.5),
      factor('2024-01-04', 0.98),
    ]);
    expect(values(observations)).toEqual([100, 102, expect.closeTo(102, 10)]);
    expect([applied.length, unused.length]).toEqual([2, 0]);
  });

  it('keep what stood in the file and what it was divided by', () => {
    const { observations } = adjustPrices(prices, [factor('2024-01-03', 0.5)]);
    expect(observations[0]).toBe(prices[0]);
    expect(observations[1]).toMatchObject({ derivation: '51 over 0.5, f.csv', origin: { file: 'p.csv', row: 2 } });
  });

  it('do not change the past when a factor is added, and are the same read in one file or in two', () => {
    const factors = [factor('2024-01-03', 0.5), factor('2024-01-04', 0.98)];
    const whole = adjustPrices(prices, factors).observations;
    expect(adjustPrices(prices.slice(0, 2), factors.slice(0, 1)).observations).toEqual(whole.slice(0, 2));
    const two = [prices.slice(0, 2), prices.slice(2)].flatMap((part) => adjustPrices(part, factors).observations);
    expect(two).toEqual(whole);
  });

  it('leave other series, other kinds and missing values alone, and tell factors that concern nothing', () => {
    const volume: Observation = { ...price('2024-01-03', 7), kind: 'volume' };
    const { value: _value, ...missing } = price('2024-01-05', 1);
    const others = [price('2024-01-03', 5, 'B'), volume, missing];
    const { observations, unused } = adjustPrices(others, [factor('2024-01-03', 0.5), factor('2025-01-01', 0.5, 'B')]);
    expect(observations).toEqual(others);
    expect(unused).toHaveLength(2);
  });

  it('take their factors from total-return levels of the same series, over days without one', () => {
    const levels = [price('2024-01-02', 1000), price('2024-01-04', 1020)];
    const factors = factorsFromTotalReturn(prices, levels);
    expect(factors).toEqual([
      { series: 'A', date: '2024-01-04', factor: expect.closeTo(0.49, 10) as number, file: 'p.csv', row: 2 },
    ]);
    expect(values(adjustPrices([prices[0], prices[2]], factors).observations)).toEqual([100, expect.closeTo(102, 10)]);
  });
});

describe('a file of factors', () => {
  const read = (...lines: string[]) =>
    readFactors(
      ['date,series,factor', ...lines].map((line) => line.split(',')),
      'f.csv',
    );
  it('has a row an action', () => {
    expect(read('2024-01-03,A,0.5', '')).toEqual([factor('2024-01-03', 0.5)]);
  });
  it.each([
    ['2024-13-03,A,0.5', 'f.csv:2: "2024-13-03" is no date'],
    ['2024-01-03,,0.5', 'f.csv:2: the series is empty'],
    ['2024-01-03,A,', 'f.csv:2: the factor of A is "", not a number from 0.001 to 1000'],
    ['2024-01-03,A,0', 'f.csv:2: the factor of A is "0"'],
    ['2024-01-03,A,two', 'f.csv:2: the factor of A is "two"'],
  ])('with %s is refused', (line, message) => {
    expect(() => read(line)).toThrow(message);
  });
  it('says a column that is missing, and two factors of one day', () => {
    expect(() => readFactors([['date', 'ticker', 'factor']], 'f.csv')).toThrow('no column "series"');
    expect(() => read('2024-01-03,A,0.5', '2024-01-03,A,0.9')).toThrow('f.csv:3: A has two factors on 2024-01-03');
  });
});
