import { weightedCross } from './dense-kernels';

/** `scale` times X'X for a T x n matrix row by row; the result is symmetric n x n. */
export function crossProduct(x: Float64Array, rows: number, n: number, scale = 1): Float64Array {
  const out = new Float64Array(n * n);
  weightedCross(x, rows, n, {}, { out, factor: scale });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j];
  return out;
}
