import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  adwin,
  cusum,
  initialAdwin,
  initialCusum,
  initialPageHinkley,
  kolmogorovSmirnov,
  pageHinkley,
  populationStabilityIndex,
} from '@allostat/quant';

const folder = join(__dirname, '../../../../shared/reference/statistics');
const present = existsSync(folder);
if (!present) console.warn(`skipped: ${folder} is absent`);
const json = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;

function alarms<S extends { readonly alarm: boolean }>(
  values: readonly number[],
  step: (s: S, v: number) => S,
  start: S,
) {
  let state = start;
  return values.flatMap((value, i) => ((state = step(state, value)).alarm ? [i] : []));
}

(present ? describe : describe.skip)('drift detectors on the streams of river', () => {
  const streams = present ? json<Record<string, number[]>>('drift_streams.json') : {};

  it('ADWIN alarms where river 0.22 does', () => {
    expect(alarms(streams.stream1_np_seed12345, adwin, initialAdwin())).toEqual([1023]);
    expect(alarms(streams.stream2_random12345, adwin, initialAdwin())).toEqual([1023]);
    expect(alarms(streams.stream3_random42, adwin, initialAdwin())).toEqual([1023, 2015, 3007]);
  });
  it('Page-Hinkley alarms where river does', () => {
    expect(alarms(streams.stream1_np_seed12345, pageHinkley, initialPageHinkley())).toEqual([1020, 1991]);
    expect(alarms(streams.stream2_random12345, pageHinkley, initialPageHinkley())).toEqual([1006]);
  });
  it('CUSUM alarms where river does', () => {
    expect(alarms(streams.stream4_gauss_random12345, cusum, initialCusum())).toEqual([201, 251]);
  });
});

(present ? describe : describe.skip)('distribution distances', () => {
  const { reference, current } = present ? json<Record<string, number[]>>('psi_ks.json') : {};

  it('PSI in reference deciles', () => {
    expect(populationStabilityIndex(reference, current).index).toBeCloseTo(0.1918863, 6);
  });
  it('two-sample Kolmogorov-Smirnov', () => {
    const { statistic, pValue } = kolmogorovSmirnov(reference, current);
    expect(statistic).toBeCloseTo(0.168, 12);
    // scipy gives the exact 1.199e-8; the small-sample form of the asymptotic series is within a factor of 1.5
    expect(Math.log(pValue / 1.199e-8)).toBeLessThan(Math.log(1.5));
    expect(Math.log(pValue / 1.199e-8)).toBeGreaterThan(-Math.log(1.5));
  });
});
