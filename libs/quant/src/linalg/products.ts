/** A v for a row-by-row n x m matrix. */
export function multiply(a: Float64Array, v: ArrayLike<number>, rows: number): Float64Array {
  const columns = v.length;
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0, k = i * columns; j < columns; j++, k++) sum += a[k] * v[j];
    out[i] = sum;
  }
  return out;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export function total(a: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i];
  return sum;
}

/** w' A w for a symmetric matrix. */
export function quadraticForm(a: Float64Array, w: ArrayLike<number>): number {
  return dot(multiply(a, w, w.length), w);
}
