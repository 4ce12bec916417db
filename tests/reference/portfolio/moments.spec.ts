import {
  blackLitterman,
  denoisedCovariance,
  detonedCovariance,
  equilibriumReturns,
  ewmaMean,
  gerberCovariance,
  jamesSteinMean,
  ledoitWolfCovariance,
  oasCovariance,
  sampleCovariance,
  sampleMean,
} from '@allostat/quant';
import { describeShared, fixture, largestGap, sharedText, sp500From } from './shared-data';

describeShared('moments against scikit-learn and skfolio', () => {
  const panel = sp500From('2014-01-01');
  const covariance = sampleCovariance(panel);
  const n = panel.assets.length;
  const statistics = JSON.parse(sharedText('reference', 'statistics', 'covariance_and_signals.json')) as {
    ledoit_wolf_shrinkage: number;
    oas_shrinkage: number;
    lw_cov_row0: number[];
    oas_cov_row0: number[];
    n_above_mp: number;
  };

  it('equals Ledoit-Wolf and OAS of scikit-learn', () => {
    const wolf = ledoitWolfCovariance(panel);
    const oas = oasCovariance(panel);
    expect(wolf.shrinkage).toBeCloseTo(statistics.ledoit_wolf_shrinkage, 12);
    expect(oas.shrinkage).toBeCloseTo(statistics.oas_shrinkage, 12);
    expect(largestGap(wolf.covariance.values.subarray(0, n), statistics.lw_cov_row0)).toBeLessThan(1e-15);
    expect(largestGap(oas.covariance.values.subarray(0, n), statistics.oas_cov_row0)).toBeLessThan(1e-15);
  });

  it('comes near the other two shrinkage targets of PyPortfolioOpt, which mixes divisors T and T - 1', () => {
    expect(ledoitWolfCovariance(panel, { target: 'constant-correlation' }).shrinkage).toBeCloseTo(
      0.0545702666646305,
      3,
    );
    expect(ledoitWolfCovariance(panel, { target: 'single-factor' }).shrinkage).toBeCloseTo(0.025115673881129355, 3);
  });

  it.each([
    ['gerber_psd', () => gerberCovariance(panel), 1e-11],
    ['denoise', () => denoisedCovariance(covariance, { periods: panel.periods }).covariance, 1e-9],
    [
      'detone_of_denoised',
      () => detonedCovariance(denoisedCovariance(covariance, { periods: panel.periods }).covariance),
      1e-9,
    ],
  ])('equals skfolio: %s', (id, estimate, tolerance) => {
    const expected = (fixture(id).expected as number[][]).flat();
    expect(largestGap(estimate().values, expected)).toBeLessThan(tolerance);
  });

  it('says that the noise fit of this window ran into its bound', () => {
    expect(denoisedCovariance(covariance, { periods: panel.periods })).toMatchObject({ factors: 3, atBound: true });
  });

  it('equals the expected returns of skfolio', () => {
    const mean = sampleMean(panel);
    const options = { covariance, periods: panel.periods };
    const equal = new Float64Array(n).fill(1 / n);
    const close = (id: string, values: Float64Array, tolerance: number): void =>
      expect(largestGap(values, fixture(id).expected as number[])).toBeLessThan(tolerance);
    close('shrunk_mu_james_stein', jamesSteinMean(mean, options).mean, 1e-11);
    close(
      'shrunk_mu_james_stein_vol_weighted_target',
      jamesSteinMean(mean, { ...options, target: 'volatility-weighted' }).mean,
      1e-11,
    );
    close('equilibrium_mu', equilibriumReturns(covariance, { weights: equal }), 1e-12);
    close('ew_mu_hl40', ewmaMean(panel, { halfLifePeriods: 40 }), 2e-7);
  });

  it('equals the Black-Litterman posterior of skfolio', () => {
    const posterior = blackLitterman(covariance, {
      prior: equilibriumReturns(covariance, { weights: new Float64Array(n).fill(1 / n) }),
      tau: 1 / panel.periods,
      views: [
        { weights: { AAPL: 1, BBY: -1 }, expected: 0.03 },
        { weights: { CVX: 1, KO: -1 }, expected: 0.04 },
        { weights: { MSFT: 1 }, expected: 0.06 },
      ],
    });
    expect(largestGap(posterior.mean, fixture('bl_mu').expected as number[])).toBeLessThan(1e-8);
  });
});
