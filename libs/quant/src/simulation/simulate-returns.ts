import type { Rng } from '@allostat/kernel';
import { ASSET_MOMENTS, type SimulatedRegime } from './regime-table';

const BARS_PER_YEAR = 252;
const DEGREES_OF_FREEDOM = 6;
/** Unit-mean GARCH(1,1) on the common shock: volatility clusters inside a regime too. */
const ARCH = 0.05;
const GARCH = 0.85;

/**
 * Daily simple returns, one row a bar and one column an instrument, of a three-factor model with multivariate Student-t
 * shocks (6 degrees of freedom, unit variance) and GARCH(1,1) scaling.
 */
export function simulateReturns(
  path: readonly SimulatedRegime[],
  policyRates: readonly number[],
  rng: Rng,
): number[][] {
  const unitVariance = Math.sqrt((DEGREES_OF_FREEDOM - 2) / DEGREES_OF_FREEDOM);
  let variance = 1;
  return path.map((regime, bar) => {
    const mixing = unitVariance / Math.sqrt((2 * rng.gamma(DEGREES_OF_FREEDOM / 2)) / DEGREES_OF_FREEDOM);
    const scale = mixing * Math.sqrt(variance);
    const factors = [rng.normal() * scale, rng.normal() * scale, rng.normal() * scale];
    const row = ASSET_MOMENTS.map(({ instrument, moments }) => {
      const [mean, volatility, growth, duration, real] = moments[regime];
      const own = Math.sqrt(1 - growth * growth - duration * duration - real * real) * rng.normal() * scale;
      const shock = growth * factors[0] + duration * factors[1] + real * factors[2] + own;
      const drift = instrument.assetClass === 'cash' ? policyRates[bar] / 100 : mean;
      return Math.expm1(
        (drift - (volatility * volatility) / 2) / BARS_PER_YEAR + (volatility * shock) / Math.sqrt(BARS_PER_YEAR),
      );
    });
    variance = 1 - ARCH - GARCH + (ARCH * (factors[0] ** 2 + factors[1] ** 2)) / 2 + GARCH * variance;
    return row;
  });
}
