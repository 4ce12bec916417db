import { fromEigen, symmetricEigen } from './symmetric-eigen';

export interface NearestCorrelation {
  readonly values: Float64Array;
  readonly iterations: number;
  readonly status: 'converged' | 'stopped';
}

/**
 * The correlation matrix nearest to a symmetric n x n matrix in the Frobenius norm, unique.
 * Alternating projections with Dykstra's correction, Higham (2002), IMA J. Numer. Anal. 22. `floor` >= 0 is the least
 * eigenvalue asked for; a last blend with the identity makes it hold exactly on the unit diagonal.
 */
export function nearestCorrelation(
  source: Float64Array,
  n: number,
  { tolerance = 1e-12, floor = 0, iterationsMax = 1000 } = {},
): NearestCorrelation {
  let y = source.slice();
  const correction = new Float64Array(n * n);
  let status: NearestCorrelation['status'] = 'stopped';
  let iterations = 0;
  while (iterations < iterationsMax) {
    iterations++;
    const r = y.map((value, k) => value - correction[k]);
    const { values, vectors } = symmetricEigen(r, n);
    const x = fromEigen(
      values.map((value) => Math.max(value, floor)),
      vectors,
      n,
    );
    for (let k = 0; k < r.length; k++) correction[k] = x[k] - r[k];
    const next = x.slice();
    for (let i = 0; i < n; i++) next[i * n + i] = 1;
    let change = 0;
    for (let k = 0; k < next.length; k++) change = Math.max(change, Math.abs(next[k] - y[k]));
    y = next;
    if (change <= tolerance) {
      status = 'converged';
      break;
    }
  }
  return { values: liftEigenvalues(symmetrised(y, n), n, floor), iterations, status };
}

function symmetrised(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] = (a[i * n + j] + a[j * n + i]) / 2;
  return out;
}

function liftEigenvalues(a: Float64Array, n: number, floor: number): Float64Array {
  const least = symmetricEigen(a, n).values[n - 1];
  if (least >= floor) return a;
  const blend = Math.min(1, (floor - least) / (1 - least));
  return a.map((value, k) => (1 - blend) * value + (k % (n + 1) === 0 ? blend : 0));
}
