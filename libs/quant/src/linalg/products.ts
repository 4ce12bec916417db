/**
 * Sum of a[from + k] * v[k] over k < count. Four sums side by side: they do not wait for each other, which makes long
 * products several times faster; the order of the sums is fixed.
 */
export function dotRange(a: Float64Array, from: number, v: Float64Array, count: number): number {
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  let k = 0;
  for (let at = from; k + 3 < count; k += 4, at += 4) {
    p += a[at] * v[k];
    q += a[at + 1] * v[k + 1];
    r += a[at + 2] * v[k + 2];
    s += a[at + 3] * v[k + 3];
  }
  for (; k < count; k++) p += a[from + k] * v[k];
  return p + q + (r + s);
}

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
