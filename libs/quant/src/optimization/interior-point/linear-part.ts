import { dot } from '../../linalg/products';
import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';
import { Rows, type RowStart } from './rows';

/** weights . w + sum of coefficient * g >= bound. */
export interface LinearInequality {
  readonly weights: Float64Array;
  readonly globals: readonly (readonly [index: number, coefficient: number])[];
  readonly bound: number;
}

/** Linear rows over weights and global variables; their multipliers stay in the border. */
export class LinearPart implements Part {
  readonly rows: readonly Rows[];
  readonly curved = false;
  readonly dense = false;

  constructor(
    readonly linear: readonly LinearInequality[],
    /** Place of the first multiplier in the border. */
    private readonly border: number,
    start: Point,
    begin: RowStart,
  ) {
    const rows = new Rows(linear.length);
    this.rows = [rows];
    linear.forEach((row, k) => rows.start(k, activity(row, start), begin));
  }

  residuals(point: Point, dual: Point): void {
    const [rows] = this.rows;
    this.linear.forEach((row, k) => {
      rows.r[k] = activity(row, point) - rows.s[k];
      const z = rows.z[k];
      for (let i = 0; i < row.weights.length; i++) dual.w[i] -= z * row.weights[i];
      for (const [index, coefficient] of row.globals) dual.g[index] -= z * coefficient;
    });
  }

  ownInfeasibility(): { primal: number; dual: number } {
    return { primal: 0, dual: 0 };
  }

  assemble(system: NewtonSystem): void {
    this.linear.forEach((row, k) => {
      const place = this.border + k;
      system.border[place].set(row.weights);
      for (const [index, coefficient] of row.globals) system.addCorner(index, place, coefficient);
      system.addCorner(place, place, -1 / this.rows[0].weight(k));
    });
  }

  load({ bb }: NewtonSystem): void {
    const [rows] = this.rows;
    for (let k = 0; k < rows.count; k++) bb[this.border + k] += rows.target[k] / rows.z[k] - rows.r[k];
  }

  expand({ dw, db }: NewtonSystem): void {
    const [rows] = this.rows;
    this.linear.forEach((row, k) => {
      let move = dot(row.weights, dw);
      for (const [index, coefficient] of row.globals) move += coefficient * db[index];
      rows.ds[k] = move + rows.r[k];
      rows.dz[k] = -db[this.border + k];
    });
  }

  advance(primal: number, dual: number): void {
    this.rows[0].advance(primal, dual);
  }

  cost(): number {
    return 0;
  }
}

function activity({ weights, globals, bound }: LinearInequality, { w, g }: Point): number {
  let sum = dot(weights, w) - bound;
  for (const [index, coefficient] of globals) sum += coefficient * g[index];
  return sum;
}
