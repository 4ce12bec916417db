/** Lower triangular factor L with L L' = A, or the first pivot that is not positive. */
export type CholeskyResult =
  | { readonly status: 'factored'; readonly factor: Float64Array; readonly n: number }
  | { readonly status: 'not-positive-definite'; readonly pivot: number; readonly value: number };

export type CholeskyFactor = Extract<CholeskyResult, { status: 'factored' }>;

/**
 * Cholesky factorisation of a symmetric n x n matrix (row by row, only the lower triangle is read).
 * A pivot at or below `relativeTolerance` times its diagonal element is reported, never repaired in silence.
 */
export function cholesky(a: Float64Array, n: number, relativeTolerance = 1e-15): CholeskyResult {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    for (let j = 0; j <= i; j++) {
      const rowJ = j * n;
      let sum = a[rowI + j];
      for (let k = 0; k < j; k++) sum -= factor[rowI + k] * factor[rowJ + k];
      if (i !== j) factor[rowI + j] = sum / factor[rowJ + j];
      else if (!(sum > relativeTolerance * Math.abs(a[rowI + i]))) {
        return { status: 'not-positive-definite', pivot: i, value: sum };
      } else factor[rowI + i] = Math.sqrt(sum);
    }
  }
  return { status: 'factored', factor, n };
}

/** Solves A x = b in place from the factor of A. */
export function choleskySolve({ factor, n }: { factor: Float64Array; n: number }, b: Float64Array): Float64Array {
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0, row = i * n; k < i; k++) sum -= factor[row + k] * b[k];
    b[i] = sum / factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = b[i] / factor[i * n + i];
    b[i] = value;
    for (let k = 0, row = i * n; k < i; k++) b[k] -= factor[row + k] * value;
  }
  return b;
}
