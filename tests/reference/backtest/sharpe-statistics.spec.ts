import {
  deflatedSharpe,
  expectedMaximum,
  minimumTrackRecordYears,
  overfittingProbability,
  probabilisticSharpe,
} from '@allostat/quant';
import { describeShared, sharedJson } from './etf37';

interface SharpeFixture {
  readonly expected_max_N100: number;
  readonly psr: { readonly value: number };
  readonly dsr: { readonly value: number; readonly sr0_daily: number };
  readonly min_trl_years: Readonly<Record<string, number>>;
  readonly [key: `dsr_N${number}`]: number;
}

describeShared(
  'Sharpe ratio inference against published values',
  ['reference/statistics/sharpe_statistics.json'],
  () => {
    const expected = sharedJson('reference/statistics/sharpe_statistics.json') as SharpeFixture;
    const sample = { sharpe: 2.5 / Math.sqrt(250), periods: 1250, skewness: -3, kurtosis: 10 };
    const varianceOfSharpes = 0.5 / 250;

    it('equals the expected best of 100 trials', () => {
      // the reference rounds Euler's constant to ten digits
      expect(Math.abs(expectedMaximum(100) - expected.expected_max_N100)).toBeLessThan(1e-10);
    });

    it('equals the probabilistic Sharpe ratio', () => {
      const value = probabilisticSharpe({
        sharpe: 1.585 / Math.sqrt(12),
        periods: 24,
        skewness: -2.448,
        kurtosis: 10.164,
      });
      expect(Math.abs(value - expected.psr.value)).toBeLessThan(1e-12);
    });

    it('equals the deflated Sharpe ratio and its benchmark', () => {
      const { probability, benchmark } = deflatedSharpe(sample, { trials: 100, varianceOfSharpes });
      expect(Math.abs(probability - expected.dsr.value)).toBeLessThan(1e-10);
      expect(Math.abs(benchmark - expected.dsr.sr0_daily)).toBeLessThan(1e-10);
    });

    it('equals the minimum length of a track record', () => {
      const years = minimumTrackRecordYears(
        { sharpe: 2 / Math.sqrt(250), skewness: 0, kurtosis: 3 },
        { benchmark: 1 / Math.sqrt(250), confidence: 0.95, periodsPerYear: 250 },
      );
      expect(Math.abs(years - expected.min_trl_years['daily_SR2_vs1_normal_95'])).toBeLessThan(1e-9);
    });
  },
);

describeShared('overfitting probability against reference values', ['reference/statistics/pbo.json'], () => {
  const { deterministic } = sharedJson('reference/statistics/pbo.json') as {
    deterministic: Record<string, number> & { logit_first5: number[] };
  };
  const trials = Array.from({ length: 10 }, (_, n) =>
    Float64Array.from(
      { length: 240 },
      (_, t) => 0.01 * Math.sin(0.7 * t * (n + 1) + n) + 0.0005 * n * Math.cos(0.05 * t),
    ),
  );

  it('equals every figure on the matrix given by formula', () => {
    const result = overfittingProbability(trials, { blocks: 8 });
    const mean = result.logits.reduce((sum, value) => sum + value, 0) / result.logits.length;
    const pairs: [string, number, number][] = [
      ['pbo', result.pbo, deterministic.pbo],
      ['n_comb', result.combinations, deterministic.n_comb],
      ['logit_mean', mean, deterministic.logit_mean],
      ['slope', result.slope as number, deterministic.slope],
      ['intercept', result.intercept as number, deterministic.intercept],
      ['prob_oos_loss', result.lossProbability, deterministic.prob_oos_loss],
      ...deterministic.logit_first5.map((value, k): [string, number, number] => [
        `logit ${k}`,
        result.logits[k],
        value,
      ]),
    ];
    for (const [name, found, wanted] of pairs) expect([name, Math.abs(found - wanted) < 1e-9]).toEqual([name, true]);
  });
});
