import { solveSmall } from '../../linalg/solve-small';

/** Weighted least squares of `y` on the rows of `x`. */
export function leastSquares(
  x: readonly (readonly number[])[],
  y: readonly number[],
  weights: ArrayLike<number>,
): number[] {
  const m = x[0].length;
  const cross = Array.from({ length: m }, () => new Array<number>(m).fill(0));
  const right = new Array<number>(m).fill(0);
  x.forEach((row, t) => {
    for (let a = 0; a < m; a++) {
      right[a] += weights[t] * row[a] * y[t];
      for (let b = 0; b < m; b++) cross[a][b] += weights[t] * row[a] * row[b];
    }
  });
  return solveSmall(cross, right);
}
