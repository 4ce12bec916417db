import { invariant } from '@allostat/kernel';
import { transposedProduct } from './dense-kernels';
import { dotRange } from './products';
import { symmetricEigen, type SymmetricEigen } from './symmetric-eigen';

export interface LeadingEigenOptions {
  /** Vectors to start from, as a previous result has them: a neighbour's answer saves most of the work. */
  readonly start?: Float64Array;
  /** Largest change of an eigenvalue, relative to the first one, at which to stop. Default 1e-10. */
  readonly tolerance?: number;
  readonly iterationsMax?: number;
}

/**
 * The k largest eigenvalues of a symmetric positive semi-definite n x n matrix with their vectors, by subspace iteration with
 * Rayleigh-Ritz (Golub and Van Loan, section 8.2), k + 4 vectors wide. Deterministic; each vector's largest component is positive.
 * `vectors` holds all k + 4 rows, so that they can start the next call.
 */
export function leadingEigen(
  a: Float64Array,
  n: number,
  k: number,
  { start, tolerance = 1e-10, iterationsMax = 500 }: LeadingEigenOptions = {},
): SymmetricEigen {
  const width = Math.min(n, k + 4);
  invariant(k >= 1 && k <= n, () => `there are 1..${n} eigenvalues, asked for ${k}`);
  let basis: Float64Array = start?.length === width * n ? start.slice() : firstBasis(a, n, width);
  orthonormalise(basis, n, width);
  let last: Float64Array = new Float64Array(width);
  for (let iteration = 0; ; iteration++) {
    const image = times(a, basis, n, width);
    const small = new Float64Array(width * width);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j <= i; j++) {
        const value = dotRange(image, i * n, basis.subarray(j * n, (j + 1) * n), n);
        small[i * width + j] = small[j * width + i] = value;
      }
    }
    const { values, vectors } = symmetricEigen(small, width);
    const change = values.slice(0, k).reduce((worst, value, i) => Math.max(worst, Math.abs(value - last[i])), 0);
    last = values;
    if (change <= tolerance * values[0] || iteration === iterationsMax) {
      return { values: values.slice(0, k), vectors: signed(rotated(vectors, basis, n, width), n, width) };
    }
    // the image, turned into the Ritz directions, is the next basis
    basis = rotated(vectors, image, n, width);
    orthonormalise(basis, n, width);
  }
}

/** Rows of the matrix with the largest diagonal: fixed, and seldom orthogonal to what is looked for. */
function firstBasis(a: Float64Array, n: number, width: number): Float64Array {
  const order = Array.from({ length: n }, (_, i) => i).sort((x, y) => a[y * n + y] - a[x * n + x] || x - y);
  const basis = new Float64Array(width * n);
  for (let k = 0; k < width; k++) {
    basis.set(a.subarray(order[k] * n, (order[k] + 1) * n), k * n);
    basis[k * n + order[k]] += 1e-3 * a[order[0] * n + order[0]];
  }
  return basis;
}

/** Rows times the symmetric matrix. */
function times(a: Float64Array, rows: Float64Array, n: number, width: number): Float64Array {
  const columns = transposed(rows, width, n);
  return transposed(transposedProduct(a, columns, { rows: n, n, m: width }), n, width);
}

function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j];
  return out;
}

/** Rows sum_j turn[i][j] rows[j]. */
function rotated(turn: Float64Array, rows: Float64Array, n: number, width: number): Float64Array {
  const out = new Float64Array(width * n);
  for (let i = 0; i < width; i++) {
    const own = out.subarray(i * n, (i + 1) * n);
    for (let j = 0; j < width; j++) {
      const factor = turn[i * width + j];
      for (let c = 0, at = j * n; c < n; c++, at++) own[c] += factor * rows[at];
    }
  }
  return out;
}

/** Below this share of its length a vector has lost digits to those before it: they are taken out once more. */
const KEPT = 0.7;

/** Gram-Schmidt, a second time where the first took much away (Daniel et al., 1976), so that rounding leaves nothing. */
function orthonormalise(rows: Float64Array, n: number, width: number): void {
  for (let k = 0; k < width; k++) {
    const own = rows.subarray(k * n, (k + 1) * n);
    let length = Math.sqrt(dotRange(rows, k * n, own, n));
    for (let pass = 0; pass < 2; pass++) {
      const before = length;
      for (let j = 0; j < k; j++) {
        const share = dotRange(rows, j * n, own, n);
        for (let c = 0, at = j * n; c < n; c++, at++) own[c] -= share * rows[at];
      }
      length = Math.sqrt(dotRange(rows, k * n, own, n));
      if (length > KEPT * before) break;
    }
    if (length > 1e-300) for (let c = 0; c < n; c++) own[c] /= length;
    else own[k] = 1;
  }
}

function signed(rows: Float64Array, n: number, width: number): Float64Array {
  for (let k = 0; k < width; k++) {
    const own = rows.subarray(k * n, (k + 1) * n);
    let largest = 0;
    for (const value of own) if (Math.abs(value) > Math.abs(largest)) largest = value;
    if (largest < 0) for (let c = 0; c < n; c++) own[c] = -own[c];
  }
  return rows;
}
