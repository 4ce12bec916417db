import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';

/** Eigenvalues, largest first, and eigenvectors as rows (`vectors[k * n + i]` belongs to `values[k]`). */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** All eigenvalues and eigenvectors of a symmetric n x n matrix; each vector's largest component is positive, so that signs do not vary. */
export function symmetricEigen(a: Float64Array, n: number): SymmetricEigen {
  const rows = Array.from({ length: n }, (_, i) => a.subarray(i * n, (i + 1) * n));
  const decomposition = new EigenvalueDecomposition(new MlMatrix(rows as unknown as number[][]), {
    assumeSymmetric: true,
  });
  const found = decomposition.realEigenvalues;
  const basis = decomposition.eigenvectorMatrix;
  const order = Array.from({ length: n }, (_, i) => i).sort((x, y) => found[y] - found[x] || x - y);
  const values = Float64Array.from(order, (k) => found[k]);
  const vectors = new Float64Array(n * n);
  order.forEach((k, row) => {
    let largest = 0;
    for (let i = 0; i < n; i++) if (Math.abs(basis.get(i, k)) > Math.abs(largest)) largest = basis.get(i, k);
    const sign = largest < 0 ? -1 : 1;
    for (let i = 0; i < n; i++) vectors[row * n + i] = sign * basis.get(i, k);
  });
  return { values, vectors };
}

/** Sum over k of `weights[k]` v_k v_k' for the given eigenvectors. */
export function fromEigen(weights: ArrayLike<number>, vectors: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let k = 0; k < weights.length; k++) {
    if (weights[k] === 0) continue;
    const v = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      const f = weights[k] * v[i];
      for (let j = 0; j < n; j++) out[i * n + j] += f * v[j];
    }
  }
  return out;
}
