import { invariant } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';
import { fromEigen, symmetricEigen } from '../linalg/symmetric-eigen';
import { correlationOf, covarianceFrom } from './sample-covariance';

export interface DenoisedCovariance {
  readonly covariance: AssetMatrix;
  /** Eigenvalues above the noise edge. */
  readonly factors: number;
  /** Largest eigenvalue that noise explains. */
  readonly edge: number;
  /** Fitted variance of the noise, and whether the fit ran into its bound (then it is a convention, not an estimate). */
  readonly noiseVariance: number;
  readonly atBound: boolean;
}

const bounds = [1e-5, 1 - 1e-5] as const;

/**
 * Replaces eigenvalues that noise explains by their mean and restores the unit diagonal of the correlation matrix.
 * Marchenko-Pastur edge fitted to a kernel density of the eigenvalues (bandwidth .01), Lopez de Prado (2020), Machine
 * Learning for Asset Managers, 2.4-2.5. The density is taken where the theoretical one is (skfolio takes it elsewhere).
 * `periods` is the number of returns behind the covariance.
 */
export function denoisedCovariance(
  covariance: AssetMatrix,
  { periods, bandwidth = 0.01 }: { readonly periods: number; readonly bandwidth?: number },
): DenoisedCovariance {
  const n = covariance.assets.length;
  invariant(periods > 1, () => `periods must be above 1, got ${periods}`);
  const { volatilities, correlation } = correlationOf(covariance);
  const { values, vectors } = symmetricEigen(correlation, n);
  const ratio = periods / n;
  const { variance, atBound } = fitNoise(values, ratio, bandwidth);
  const edge = variance * Math.pow(1 + Math.sqrt(1 / ratio), 2);
  const factors = values.filter((value) => value > edge).length;
  let rest = 0;
  for (let k = factors; k < n; k++) rest += values[k] / (n - factors);
  // rest * identity plus the excess of the signal: only the leading vectors are needed
  const cleaned = fromEigen(
    values.subarray(0, factors).map((value) => value - rest),
    vectors,
    n,
  );
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) scale[i] = Math.sqrt((cleaned[i * n + i] += rest));
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) cleaned[i * n + j] /= scale[i] * scale[j];
  return {
    covariance: covarianceFrom(covariance.assets, volatilities, cleaned),
    factors,
    edge,
    noiseVariance: variance,
    atBound,
  };
}

/**
 * Takes the first `markets` principal components out of the correlations and restores the unit diagonal.
 * The result is singular: good for clustering, never to be inverted. Lopez de Prado (2020), 2.6.
 */
export function detonedCovariance(covariance: AssetMatrix, { markets = 1 } = {}): AssetMatrix {
  const n = covariance.assets.length;
  invariant(markets >= 1 && markets < n, () => `markets must lie in 1..${n - 1}, got ${markets}`);
  const { volatilities, correlation } = correlationOf(covariance);
  const { values, vectors } = symmetricEigen(correlation, n);
  const market = fromEigen(values.subarray(0, markets), vectors, n);
  const out = correlation.map((value, k) => value - market[k]);
  const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(out[i * n + i]));
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] /= scale[i] * scale[j];
  return covarianceFrom(covariance.assets, volatilities, out);
}

/** Least squares between the Marchenko-Pastur density and the kernel density at 1,000 points of its support. */
function fitNoise(eigenvalues: Float64Array, ratio: number, bandwidth: number): { variance: number; atBound: boolean } {
  const error = (variance: number): number => {
    const low = variance * Math.pow(1 - Math.sqrt(1 / ratio), 2);
    const high = variance * Math.pow(1 + Math.sqrt(1 / ratio), 2);
    let sum = 0;
    for (let k = 0; k < 1000; k++) {
      const at = low + ((high - low) * k) / 999;
      const density = (ratio * Math.sqrt(Math.max(0, (high - at) * (at - low)))) / (2 * Math.PI * variance * at);
      let kernel = 0;
      for (const value of eigenvalues) {
        const u = (at - value) / bandwidth;
        if (u > -9 && u < 9) kernel += Math.exp(-0.5 * u * u);
      }
      const gap = kernel / (eigenvalues.length * bandwidth * Math.sqrt(2 * Math.PI)) - density;
      sum += gap * gap;
    }
    return sum;
  };
  // the error has several valleys: a grid finds the deepest, golden section its floor
  const grid = 60;
  const at = (k: number): number => bounds[0] + ((bounds[1] - bounds[0]) * k) / grid;
  let best = 0;
  let least = Infinity;
  for (let k = 0; k <= grid; k++) {
    const value = error(at(k));
    if (value < least) {
      least = value;
      best = k;
    }
  }
  let low = at(Math.max(0, best - 1));
  let high = at(Math.min(grid, best + 1));
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let k = 0; k < 40; k++) {
    const a = high - golden * (high - low);
    const b = low + golden * (high - low);
    if (error(a) <= error(b)) high = b;
    else low = a;
  }
  const inner = (low + high) / 2;
  const candidates = [bounds[0], bounds[1], inner].map((variance) => ({ variance, error: error(variance) }));
  candidates.sort((a, b) => a.error - b.error);
  return { variance: candidates[0].variance, atBound: candidates[0].variance !== inner };
}
