import { createRng } from '@allostat/kernel';
import { adwin, initialAdwin } from './adwin';
import { cusum, initialCusum } from './cusum';
import { kolmogorovSmirnov } from './kolmogorov-smirnov';
import { initialPageHinkley, pageHinkley } from './page-hinkley';
import { populationStabilityIndex } from './population-stability-index';

/** Positions at which a detector raises the alarm. */
function alarms<S extends { readonly alarm: boolean }>(
  values: readonly number[],
  step: (s: S, v: number) => S,
  start: S,
) {
  let state = start;
  return values.flatMap((value, i) => ((state = step(state, value)).alarm ? [i] : []));
}
const rng = createRng(11);
const steps = Array.from({ length: 1200 }, (_, i) => rng.normal() + (i < 600 ? 0 : 3));
const still = Array.from({ length: 1200 }, () => rng.normal());

describe('drift detectors', () => {
  it.each([
    ['ADWIN', (values: readonly number[]) => alarms(values, adwin, initialAdwin()), 40],
    ['Page-Hinkley', (values: readonly number[]) => alarms(values, pageHinkley, initialPageHinkley()), 40],
    ['CUSUM', (values: readonly number[]) => alarms(values, cusum, initialCusum()), 10],
  ])('%s finds a step of three standard deviations soon after it', (_, detect, within) => {
    const found = detect(steps).find((at) => at >= 600);
    expect(found).toBeDefined();
    expect((found ?? 0) - 600).toBeLessThan(within);
  });

  it('ADWIN and Page-Hinkley stay quiet on a stream that does not change', () => {
    expect(alarms(still, adwin, initialAdwin())).toEqual([]);
    expect(alarms(still, pageHinkley, initialPageHinkley())).toEqual([]);
  });

  it('keep their window in few buckets and go on from a state that has been through JSON', () => {
    let state = initialAdwin();
    for (const value of still) state = adwin(state, value);
    expect(state.rows.reduce((sum, row) => sum + row.length, 0)).toBeLessThan(60);
    expect(adwin(JSON.parse(JSON.stringify(state)) as typeof state, 1)).toEqual(adwin(state, 1));
  });
});

describe('populationStabilityIndex', () => {
  it('raises fewer than 7 false alarms in 100 at the sample sizes of a year against a month', () => {
    const draws = createRng(3);
    let wrong = 0;
    for (let i = 0; i < 400; i++) {
      const reference = Array.from({ length: 250 }, () => draws.normal());
      const current = Array.from({ length: 63 }, () => draws.normal());
      if (populationStabilityIndex(reference, current, { bins: 5 }).drifted) wrong++;
    }
    expect(wrong / 400).toBeLessThan(0.07);
  });
});

describe('kolmogorovSmirnov', () => {
  it('is 0 for the same sample and 1 for samples apart', () => {
    expect(kolmogorovSmirnov([1, 2, 3], [1, 2, 3])).toEqual({ statistic: 0, pValue: 1 });
    expect(kolmogorovSmirnov([1, 2, 3], [4, 5, 6]).statistic).toBe(1);
  });
});
