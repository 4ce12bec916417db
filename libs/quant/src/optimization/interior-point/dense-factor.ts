import { choleskyInPlace } from '../../linalg/dense-kernels';

/**
 * Cholesky factor in place of the lower triangle of a symmetric n x n matrix.
 * The right-hand sides become L^-1 times themselves. A pivot that rounding has made non-positive is replaced by a huge one: its variable does not move in this step.
 */
export function factorLower(a: Float64Array, n: number, rightSides: readonly Float64Array[] = []): void {
  const floor = new Float64Array(n);
  for (let i = 0; i < n; i++) floor[i] = 1e-30 * Math.abs(a[i * n + i]);
  choleskyInPlace(a, n, floor, rightSides);
}

/** Replaces b by L^-1 b. */
export function solveLower(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= l[row + k] * b[k];
    b[i] = sum / l[row + i];
  }
}

/** Replaces b by L'^-1 b. */
export function solveUpper(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    const value = b[i] / l[row + i];
    b[i] = value;
    for (let k = 0; k < i; k++) b[k] -= l[row + k] * value;
  }
}
