/**
 * Cholesky factor in place of the lower triangle of a symmetric n x n matrix.
 * A pivot that rounding has made non-positive is replaced by a huge one: its variable does not move in this step.
 */
export function factorLower(a: Float64Array, n: number): void {
  const floor = new Float64Array(n);
  for (let i = 0; i < n; i++) floor[i] = 1e-30 * Math.abs(a[i * n + i]);
  for (let j = 0; j < n; j++) {
    const rowJ = j * n;
    let diagonal = a[rowJ + j];
    for (let k = 0; k < j; k++) diagonal -= a[rowJ + k] * a[rowJ + k];
    const pivot = diagonal > floor[j] ? Math.sqrt(diagonal) : 1e64;
    a[rowJ + j] = pivot;
    const inverse = 1 / pivot;
    let i = j + 1;
    // four rows at a time keep four sums in registers
    for (; i + 3 < n; i += 4) {
      const r0 = i * n;
      const r1 = r0 + n;
      const r2 = r1 + n;
      const r3 = r2 + n;
      let s0 = a[r0 + j];
      let s1 = a[r1 + j];
      let s2 = a[r2 + j];
      let s3 = a[r3 + j];
      for (let k = 0; k < j; k++) {
        const v = a[rowJ + k];
        s0 -= a[r0 + k] * v;
        s1 -= a[r1 + k] * v;
        s2 -= a[r2 + k] * v;
        s3 -= a[r3 + k] * v;
      }
      a[r0 + j] = s0 * inverse;
      a[r1 + j] = s1 * inverse;
      a[r2 + j] = s2 * inverse;
      a[r3 + j] = s3 * inverse;
    }
    for (; i < n; i++) {
      const row = i * n;
      let sum = a[row + j];
      for (let k = 0; k < j; k++) sum -= a[row + k] * a[rowJ + k];
      a[row + j] = sum * inverse;
    }
  }
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
