/** A mixed-integer linear or convex quadratic program in compressed rows: least cost.x + x'Hx / 2. */
export interface LinearModel {
  readonly columns: number;
  readonly rows: number;
  readonly cost: Float64Array;
  readonly columnLower: Float64Array;
  readonly columnUpper: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
  /** Columns that must be integers. */
  readonly integers: readonly number[];
  /** Hessian over the first columns, dense and symmetric. */
  readonly hessian?: { readonly size: number; readonly values: Float64Array };
}

export type LinearModelOutcome =
  | { readonly status: 'optimal'; readonly x: Float64Array; readonly objective: number }
  | { readonly status: 'infeasible' }
  | { readonly status: 'failed'; readonly detail: string };

/** Whoever solves such a program. */
export type LinearModelSolver = (model: LinearModel) => LinearModelOutcome;

/** Collects columns and rows one by one. */
export class LinearModelBuilder {
  private readonly cost: number[] = [];
  private readonly lower: number[] = [];
  private readonly upper: number[] = [];
  private readonly rowLower: number[] = [];
  private readonly rowUpper: number[] = [];
  private readonly starts: number[] = [0];
  private readonly indices: number[] = [];
  private readonly values: number[] = [];
  private readonly integers: number[] = [];

  column(cost: number, lower: number, upper: number, integer = false): number {
    if (integer) this.integers.push(this.cost.length);
    this.cost.push(cost);
    this.lower.push(lower);
    this.upper.push(upper);
    return this.cost.length - 1;
  }

  addCost(column: number, cost: number): void {
    this.cost[column] += cost;
  }

  tighten(column: number, lower: number, upper: number): void {
    this.lower[column] = Math.max(this.lower[column], lower);
    this.upper[column] = Math.min(this.upper[column], upper);
  }

  row(entries: readonly (readonly [column: number, value: number])[], lower: number, upper: number): void {
    for (const [column, value] of entries) {
      if (value === 0) continue;
      this.indices.push(column);
      this.values.push(value);
    }
    this.starts.push(this.indices.length);
    this.rowLower.push(lower);
    this.rowUpper.push(upper);
  }

  build(hessian?: LinearModel['hessian']): LinearModel {
    return {
      columns: this.cost.length,
      rows: this.rowLower.length,
      cost: Float64Array.from(this.cost),
      columnLower: Float64Array.from(this.lower),
      columnUpper: Float64Array.from(this.upper),
      rowLower: Float64Array.from(this.rowLower),
      rowUpper: Float64Array.from(this.rowUpper),
      starts: Int32Array.from(this.starts),
      indices: Int32Array.from(this.indices),
      values: Float64Array.from(this.values),
      integers: this.integers,
      ...(hessian === undefined ? {} : { hessian }),
    };
  }
}
