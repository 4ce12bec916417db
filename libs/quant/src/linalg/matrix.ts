import { invariant } from '@allostat/kernel';

/** A dense matrix, row by row: element (i, j) stands at `values[i * columns + j]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** Wraps values row by row, or makes a matrix of zeros; throws when the length does not fit. */
export function matrix(rows: number, columns: number, values = new Float64Array(rows * columns)): Matrix {
  invariant(
    values.length === rows * columns,
    () => `a ${rows} x ${columns} matrix needs ${rows * columns} values, got ${values.length}`,
  );
  return { rows, columns, values };
}

/** A matrix from an array of equally long rows. */
export function matrixFromRows(rows: readonly (readonly number[])[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  invariant(
    rows.every((row) => row.length === columns),
    'every row of a matrix must have the same length',
  );
  return matrix(rows.length, columns, Float64Array.from(rows.flat()));
}
