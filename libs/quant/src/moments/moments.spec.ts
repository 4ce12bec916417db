import { createRng } from '@allostat/kernel';
import { symmetricEigen } from '../linalg/symmetric-eigen';
import { nearestCorrelation } from '../linalg/nearest-correlation';
import { returnPanel } from '../linalg/return-panel';
import { blackLitterman } from './black-litterman';
import { denoisedCovariance } from './denoised-covariance';
import { bayesSteinMean } from './expected-returns';
import { mixtureMoments, regimeConditionalMoments } from './regime-mixture';
import { sampleCovariance, sampleMean } from './sample-covariance';
import { ledoitWolfCovariance } from './shrunk-covariance';
import {
  initialShortTermVolatility,
  squaredSurprise,
  updateShortTermVolatility,
  volatilityMultiplier,
} from './short-term-volatility';

const rng = createRng(31);
const assets = ['A', 'B', 'C', 'D', 'E'];
const periods = 200;
const panel = returnPanel(
  assets,
  Array.from({ length: periods }, () => rng.normal()).flatMap((market) =>
    assets.map((_, i) => 0.01 * (0.5 * market + (0.4 + 0.2 * i) * rng.normal())),
  ),
);
const covariance = sampleCovariance(panel);

describe('ledoitWolfCovariance', () => {
  it.each(['identity', 'constant-correlation', 'single-factor'] as const)(
    'keeps the variances sensible and lies between sample and %s',
    (target) => {
      const { shrinkage, covariance: shrunk } = ledoitWolfCovariance(panel, { target });
      expect(shrinkage).toBeGreaterThan(0);
      expect(shrinkage).toBeLessThan(1);
      expect(symmetricEigen(shrunk.values, 5).values[4]).toBeGreaterThan(0);
    },
  );

  it('inverts where the sample covariance cannot: fewer periods than assets', () => {
    const short = returnPanel(assets, panel.values.subarray(0, 20));
    const { covariance: shrunk } = ledoitWolfCovariance(short);
    expect(symmetricEigen(sampleCovariance(short).values, 5).values[4]).toBeLessThan(1e-15);
    expect(symmetricEigen(shrunk.values, 5).values[4]).toBeGreaterThan(1e-7);
  });
});

describe('mixtureMoments', () => {
  it('adds the spread of the means: the moments of the whole sample come back', () => {
    const calm = Float64Array.from({ length: periods }, (_, t) => (t % 3 === 0 ? 0 : 1));
    const rough = calm.map((w) => 1 - w);
    const share = calm.reduce((a, b) => a + b, 0) / periods;
    const mixed = mixtureMoments(
      [regimeConditionalMoments(panel, calm), regimeConditionalMoments(panel, rough)],
      [share, 1 - share],
    );
    const whole = sampleCovariance(panel, { degreesOfFreedom: 0 });
    mixed.mean.forEach((value, i) => expect(value).toBeCloseTo(sampleMean(panel)[i], 15));
    mixed.covariance.values.forEach((value, k) => expect(value).toBeCloseTo(whole.values[k], 15));
  });

  it('refuses probabilities that do not sum to 1', () => {
    const one = regimeConditionalMoments(panel, new Float64Array(periods).fill(1));
    expect(() => mixtureMoments([one, one], [0.5, 0.6])).toThrow('sum to 1');
  });
});

describe('denoisedCovariance', () => {
  it('keeps variances, finds the planted factor and lifts the smallest eigenvalue', () => {
    const clean = denoisedCovariance(covariance, { periods });
    expect(clean.factors).toBe(1);
    for (let i = 0; i < 5; i++) expect(clean.covariance.values[i * 6]).toBeCloseTo(covariance.values[i * 6], 14);
  });
});

describe('bayesSteinMean', () => {
  it('draws towards the grand mean, more with less evidence', () => {
    const mean = sampleMean(panel);
    const grand = mean.reduce((a, b) => a + b, 0) / 5;
    const long = bayesSteinMean(mean, { covariance, periods: 100_000 });
    const short = bayesSteinMean(mean, { covariance, periods: 20 });
    expect(short.shrinkage).toBeGreaterThan(long.shrinkage);
    expect(Math.abs(short.mean[0] - grand)).toBeLessThan(Math.abs(mean[0] - grand));
  });
});

describe('blackLitterman', () => {
  const prior = new Float64Array(5).fill(0.001);

  it('meets a view held with full confidence and nearly ignores one held with little', () => {
    const posterior = (confidence: number): number => {
      const { mean } = blackLitterman(covariance, {
        prior,
        tau: 0.02,
        views: [{ weights: { A: 1, B: -1 }, expected: 0.004, confidence }],
      });
      return mean[0] - mean[1];
    };
    expect(posterior(1)).toBeCloseTo(0.004, 15);
    expect(posterior(0.5)).toBeCloseTo(0.002, 15);
    expect(posterior(0.01)).toBeLessThan(1e-4);
  });

  it('names an unknown asset and refuses views that contradict each other', () => {
    const ask = (weights: Record<string, number>[]): unknown =>
      blackLitterman(covariance, {
        prior,
        tau: 0.02,
        views: weights.map((w) => ({ weights: w, expected: 0.01, confidence: 1 })),
      });
    expect(() => ask([{ Z: 1 }])).toThrow('the asset Z');
    expect(() => ask([{ A: 1 }, { A: 1 }])).toThrow('view 2 contradicts or repeats');
  });
});

describe('short-term volatility update', () => {
  it('rises when returns outgrow the forecast and stays inside its bounds', () => {
    let state = initialShortTermVolatility;
    const run = (scale: number, bars: number): void => {
      for (let t = 0; t < bars; t++) {
        const row = panel.values.subarray(5 * t, 5 * t + 5).map((value) => scale * value);
        state = updateShortTermVolatility(state, squaredSurprise(row, covariance), { halfLifeBars: 20 });
      }
    };
    expect(volatilityMultiplier(state)).toBeUndefined();
    run(1, 200);
    expect(volatilityMultiplier(state)).toBeGreaterThan(0.8);
    expect(volatilityMultiplier(state)).toBeLessThan(1.2);
    run(3, 60);
    expect(volatilityMultiplier(state)).toBe(1.6);
  });
});

describe('nearestCorrelation', () => {
  it('reproduces the example of Higham (2002): 1, 1, 0 on a triangle', () => {
    const { values, status } = nearestCorrelation(Float64Array.of(1, 1, 0, 1, 1, 1, 0, 1, 1), 3);
    expect(status).toBe('converged');
    expect(values[1]).toBeCloseTo(0.7607, 4);
    expect(values[2]).toBeCloseTo(0.1573, 4);
  });
});
