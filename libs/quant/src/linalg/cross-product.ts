import { weightedCross } from './dense-kernels';

/** `scale` times (X - shift)'(X - shift) for a T x n matrix row by row, shift a number a column; the result is symmetric n x n. */
export function crossProduct(x: Float64Array, rows: number, n: number, scale = 1, shift?: Float64Array): Float64Array {
  const out = new Float64Array(n * n);
  weightedCross(x, rows, n, shift ? { shift } : {}, { out, factor: scale });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j];
  return out;
}
