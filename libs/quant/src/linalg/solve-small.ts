/** Solves a square system of few unknowns by elimination with pivots; a direction without data stays at zero. */
export function solveSmall(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const scale = Math.max(...matrix.flat().map(Math.abs), 0);
  for (let pivot = 0; pivot < n; pivot++) {
    let best = pivot;
    for (let i = pivot + 1; i < n; i++) if (Math.abs(rows[i][pivot]) > Math.abs(rows[best][pivot])) best = i;
    [rows[pivot], rows[best]] = [rows[best], rows[pivot]];
    if (Math.abs(rows[pivot][pivot]) <= 1e-14 * scale) continue;
    for (let i = 0; i < n; i++) {
      if (i === pivot) continue;
      const factor = rows[i][pivot] / rows[pivot][pivot];
      for (let j = pivot; j <= n; j++) rows[i][j] -= factor * rows[pivot][j];
    }
  }
  return rows.map((row, i) => (Math.abs(row[i]) <= 1e-14 * scale ? 0 : row[n] / row[i]));
}
