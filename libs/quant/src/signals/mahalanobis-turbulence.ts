import { invariant } from '@allostat/kernel';
import { EigenvalueDecomposition, Matrix, solve } from 'ml-matrix';

/** How unusual one bar was, against the bars before it. */
export interface Turbulence {
  /** Squared Mahalanobis distance of the bar; N on an ordinary day. */
  readonly turbulence: number;
  /** The same with correlations left out, over N: how large the moves were. */
  readonly magnitudeSurprise: number;
  /** Turbulence over N, over the magnitude surprise: how unusual their combination was; 1 is ordinary. */
  readonly correlationSurprise: number;
}

/**
 * Turbulence, magnitude surprise and correlation surprise of `bar` (N returns) against `history` (rows of N returns,
 * more rows than N), with the sample mean and covariance of the history (Kritzman and Li, 2010; Kinlaw and Turkington, 2014).
 */
export function mahalanobisTurbulence(history: readonly (readonly number[])[], bar: readonly number[]): Turbulence {
  const n = bar.length;
  invariant(history.length > n, () => `history needs more than ${n} rows, got ${history.length}`);
  const { mean, covariance } = sampleMoments(history, n);
  const distance = bar.map((value, i) => value - mean[i]);
  const weighted = solve(covariance, Matrix.columnVector(distance));
  const turbulence = distance.reduce((sum, value, i) => sum + value * weighted.get(i, 0), 0);
  const magnitude = distance.reduce((sum, value, i) => sum + (value * value) / covariance.get(i, i), 0) / n;
  return { turbulence, magnitudeSurprise: magnitude, correlationSurprise: turbulence / n / magnitude };
}

/**
 * Absorption ratio: the share of total variance that the strongest fifth of the principal components absorbs (Kritzman,
 * Li, Page and Rigobon, 2011). `history` has rows of N returns; `components` is N/5, rounded, when absent.
 */
export function absorptionRatio(history: readonly (readonly number[])[], components?: number): number {
  invariant(history.length > 1, () => `history needs at least 2 rows, got ${history.length}`);
  const n = history[0].length;
  const count = components ?? Math.max(1, Math.round(n / 5));
  const { covariance } = sampleMoments(history, n);
  const values = [...new EigenvalueDecomposition(covariance, { assumeSymmetric: true }).realEigenvalues].sort(
    (a, b) => b - a,
  );
  const sum = (part: readonly number[]) => part.reduce((a, b) => a + b, 0);
  return sum(values.slice(0, count)) / sum(values);
}

function sampleMoments(history: readonly (readonly number[])[], n: number): { mean: number[]; covariance: Matrix } {
  const t = history.length;
  const mean = Array.from({ length: n }, (_, i) => history.reduce((sum, row) => sum + row[i], 0) / t);
  const covariance = Matrix.zeros(n, n);
  for (const row of history)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        covariance.set(i, j, covariance.get(i, j) + ((row[i] - mean[i]) * (row[j] - mean[j])) / (t - 1));
  return { mean, covariance };
}
