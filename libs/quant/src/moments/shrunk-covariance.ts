import type { AssetMatrix } from '../linalg/asset-matrix';
import { dot, multiply } from '../linalg/products';
import type { ReturnPanel } from '../linalg/return-panel';
import { crossProduct } from '../linalg/cross-product';
import { centredReturns } from './sample-covariance';

/** What the sample covariance is drawn towards. */
export type ShrinkageTarget = 'identity' | 'constant-correlation' | 'single-factor';

export interface ShrunkCovariance {
  readonly covariance: AssetMatrix;
  /** Weight of the target, 0..1. */
  readonly shrinkage: number;
}

/** Centred returns and their covariance with divisor T, which the shrinkage literature uses. */
interface Sample {
  readonly x: Float64Array;
  readonly s: Float64Array;
  readonly periods: number;
  readonly n: number;
}

/**
 * Ledoit-Wolf shrinkage with the asymptotically optimal weight; divisor T. Uses the whole panel.
 * Identity: Ledoit and Wolf (2004), J. Multivariate Analysis 88, equal to scikit-learn. Constant correlation: the same
 * authors (2004), J. Portfolio Management 30. Single factor, the equally weighted market: (2003), J. Empirical Finance 10.
 * All terms beyond the covariance take O(T n) operations.
 */
export function ledoitWolfCovariance(
  panel: ReturnPanel,
  { target = 'identity' as ShrinkageTarget } = {},
): ShrunkCovariance {
  const sample = sampleOf(panel);
  const goal = targets[target](sample);
  const shrinkage = Math.max(0, Math.min(1, goal.shrinkage));
  const values = sample.s;
  for (let k = 0; k < values.length; k++) values[k] += shrinkage * (goal.values[k] - values[k]);
  return { covariance: { assets: panel.assets, values }, shrinkage };
}

/** Oracle approximating shrinkage to a multiple of the identity, Chen, Wiesel, Eldar and Hero (2010), IEEE TSP 58, as scikit-learn has it. */
export function oasCovariance(panel: ReturnPanel): ShrunkCovariance {
  const { s, periods, n } = sampleOf(panel);
  let square = 0;
  let trace = 0;
  for (let k = 0; k < s.length; k++) square += s[k] * s[k];
  for (let i = 0; i < n; i++) trace += s[i * n + i];
  const mu = trace / n;
  const alpha = square / (n * n);
  const denominator = (periods + 1) * (alpha - (mu * mu) / n);
  const shrinkage = denominator > 0 ? Math.min(1, (alpha + mu * mu) / denominator) : 1;
  const values = s.map((value, k) => (1 - shrinkage) * value + (k % (n + 1) === 0 ? shrinkage * mu : 0));
  return { covariance: { assets: panel.assets, values }, shrinkage };
}

function sampleOf(panel: ReturnPanel): Sample {
  const x = centredReturns(panel);
  const n = panel.assets.length;
  return { x, s: crossProduct(x, panel.periods, n, 1 / panel.periods), periods: panel.periods, n };
}

type Target = (sample: Sample) => { readonly values: Float64Array; readonly shrinkage: number };

const identityTarget: Target = ({ x, s, periods, n }) => {
  let fourth = 0;
  for (let t = 0, k = 0; t < periods; t++) {
    let norm = 0;
    for (let j = 0; j < n; j++, k++) norm += x[k] * x[k];
    fourth += norm * norm;
  }
  let square = 0;
  let trace = 0;
  for (let k = 0; k < s.length; k++) square += s[k] * s[k];
  for (let i = 0; i < n; i++) trace += s[i * n + i];
  const mu = trace / n;
  const distance = square - n * mu * mu;
  const error = Math.min((fourth / periods - square) / periods, distance);
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) values[i * n + i] = mu;
  return { values, shrinkage: distance > 0 ? error / distance : 0 };
};

const constantCorrelationTarget: Target = ({ x, s, periods, n }) => {
  const sd = Float64Array.from({ length: n }, (_, i) => Math.sqrt(s[i * n + i]));
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += s[i * n + j] / (sd[i] * sd[j]);
  const average = n > 1 ? (2 * sum) / (n * (n - 1)) : 0;
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) values[i * n + j] = i === j ? s[i * n + i] : average * sd[i] * sd[j];
  }
  // pi: variance of the sample entries; rho: their covariance with the target's; gamma: distance to the target
  let pi = 0;
  let diagonal = 0;
  let cross = 0;
  for (let t = 0, k = 0; t < periods; t++) {
    let norm = 0;
    let cubes = 0;
    let scaled = 0;
    for (let j = 0; j < n; j++, k++) {
      const y = x[k] * x[k];
      norm += y;
      cubes += (y * x[k]) / sd[j];
      scaled += x[k] * sd[j];
      diagonal += y * y;
    }
    pi += norm * norm;
    cross += cubes * scaled;
  }
  let square = 0;
  let gamma = 0;
  for (let k = 0; k < s.length; k++) {
    square += s[k] * s[k];
    gamma += (values[k] - s[k]) * (values[k] - s[k]);
  }
  let diagonalSquare = 0;
  for (let i = 0; i < n; i++) diagonalSquare += s[i * n + i] * s[i * n + i];
  const diagonalMoment = diagonal / periods;
  // sum over i != j of sqrt(s_jj / s_ii) (E[x_i^3 x_j] - s_ii s_ij)
  const theta = cross / periods - diagonalMoment - (dot(multiply(s, sd, n), sd) - diagonalSquare);
  const rho = diagonalMoment - diagonalSquare + average * theta;
  return { values, shrinkage: gamma > 0 ? (pi / periods - square - rho) / (gamma * periods) : 0 };
};

const singleFactorTarget: Target = ({ x, s, periods, n }) => {
  const market = new Float64Array(periods);
  for (let t = 0, k = 0; t < periods; t++) for (let j = 0; j < n; j++) market[t] += x[k++] / n;
  const beta = multiply(s, new Float64Array(n).fill(1 / n), n);
  const variance = dot(market, market) / periods;
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) values[i * n + j] = i === j ? s[i * n + i] : (beta[i] * beta[j]) / variance;
  }
  let pi = 0;
  let diagonal = 0;
  let first = 0;
  let third = 0;
  const own1 = new Float64Array(n);
  const own3 = new Float64Array(n);
  for (let t = 0, k = 0; t < periods; t++) {
    let norm = 0;
    let tilted = 0;
    for (let j = 0; j < n; j++, k++) {
      const y = x[k] * x[k];
      norm += y;
      diagonal += y * y;
      tilted += x[k] * market[t] * beta[j];
      own1[j] += (y * x[k] * market[t]) / periods;
      own3[j] += (y * market[t] * market[t]) / periods;
    }
    pi += norm * norm;
    first += norm * tilted;
    third += tilted * tilted;
  }
  let square = 0;
  let gamma = 0;
  for (let k = 0; k < s.length; k++) {
    square += s[k] * s[k];
    gamma += (values[k] - s[k]) * (values[k] - s[k]);
  }
  const form = dot(multiply(s, beta, n), beta);
  let diagonalSquare = 0;
  let roff1 = (first / periods - form) / variance;
  let roff3 = (third / periods - variance * form) / (variance * variance);
  for (let i = 0; i < n; i++) {
    const sii = s[i * n + i];
    diagonalSquare += sii * sii;
    roff1 -= ((own1[i] - beta[i] * sii) * beta[i]) / variance;
    roff3 -= ((own3[i] - variance * sii) * beta[i] * beta[i]) / (variance * variance);
  }
  const rho = diagonal / periods - diagonalSquare + 2 * roff1 - roff3;
  return { values, shrinkage: gamma > 0 ? (pi / periods - square - rho) / (gamma * periods) : 0 };
};

const targets: Record<ShrinkageTarget, Target> = {
  identity: identityTarget,
  'constant-correlation': constantCorrelationTarget,
  'single-factor': singleFactorTarget,
};
