/**
 * `scale` times X'X for a T x n matrix row by row; the result is symmetric n x n.
 * Blocks of four by four columns keep sixteen sums in registers; each sum runs over the rows in order.
 */
export function crossProduct(x: Float64Array, rows: number, n: number, scale = 1): Float64Array {
  const out = new Float64Array(n * n);
  const panels = packColumns(x, rows, n);
  const count = Math.ceil(n / 4);
  const block = new Float64Array(16);
  for (let p = 0; p < count; p++) {
    for (let q = 0; q <= p; q++) {
      blockProduct(panels[p], panels[q], rows, block);
      for (let a = 0; a < 4 && p * 4 + a < n; a++) {
        for (let b = 0; b < 4 && q * 4 + b < n; b++) {
          const value = block[a * 4 + b] * scale;
          out[(p * 4 + a) * n + q * 4 + b] = value;
          out[(q * 4 + b) * n + p * 4 + a] = value;
        }
      }
    }
  }
  return out;
}

/** Groups of four columns, each stored row by row, the last padded with zeros. */
export function packColumns(x: Float64Array, rows: number, n: number): Float64Array[] {
  return Array.from({ length: Math.ceil(n / 4) }, (_, p) => {
    const panel = new Float64Array(rows * 4);
    const width = Math.min(4, n - p * 4);
    for (let t = 0; t < rows; t++) for (let a = 0; a < width; a++) panel[t * 4 + a] = x[t * n + p * 4 + a];
    return panel;
  });
}

/** The 4 x 4 block A'B of two column groups. */
export function blockProduct(a: Float64Array, b: Float64Array, rows: number, out: Float64Array): void {
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0,
    s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0,
    s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  for (let k = 0, end = rows * 4; k < end; k += 4) {
    const a0 = a[k],
      a1 = a[k + 1],
      a2 = a[k + 2],
      a3 = a[k + 3];
    const b0 = b[k],
      b1 = b[k + 1],
      b2 = b[k + 2],
      b3 = b[k + 3];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  out[0] = s00;
  out[1] = s01;
  out[2] = s02;
  out[3] = s03;
  out[4] = s10;
  out[5] = s11;
  out[6] = s12;
  out[7] = s13;
  out[8] = s20;
  out[9] = s21;
  out[10] = s22;
  out[11] = s23;
  out[12] = s30;
  out[13] = s31;
  out[14] = s32;
  out[15] = s33;
}
