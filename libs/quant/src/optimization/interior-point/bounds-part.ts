import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';
import { Rows, type RowStart } from './rows';

/** sign * w[index] (+ g[relaxation]) >= bound. */
export interface Bound {
  readonly index: number;
  readonly sign: 1 | -1;
  readonly bound: number;
  /** Global variable that relaxes the bound. */
  readonly relaxation?: number;
}

/** Bounds on single weights, each perhaps relaxed by a shared global variable. */
export class BoundsPart implements Part {
  readonly rows: readonly Rows[];
  readonly curved = false;
  readonly dense = false;

  constructor(
    readonly bounds: readonly Bound[],
    start: Point,
    begin: RowStart,
  ) {
    const rows = new Rows(bounds.length);
    this.rows = [rows];
    bounds.forEach((_, k) => rows.start(k, this.activity(k, start), begin));
  }

  residuals({ w, g }: Point, dual: Point): void {
    const [rows] = this.rows;
    this.bounds.forEach(({ index, sign, relaxation }, k) => {
      rows.r[k] = this.activity(k, { w, g }) - rows.s[k];
      dual.w[index] -= sign * rows.z[k];
      if (relaxation !== undefined) dual.g[relaxation] -= rows.z[k];
    });
  }

  ownInfeasibility(): { primal: number; dual: number } {
    return { primal: 0, dual: 0 };
  }

  assemble(system: NewtonSystem): void {
    const [rows] = this.rows;
    const { border } = system;
    this.bounds.forEach(({ index, sign, relaxation }, k) => {
      const weight = rows.weight(k);
      system.addDiagonal(index, weight);
      if (relaxation === undefined) return;
      border[relaxation][index] += sign * weight;
      system.addCorner(relaxation, relaxation, weight);
    });
  }

  load({ bw, bb }: NewtonSystem): void {
    const [rows] = this.rows;
    this.bounds.forEach(({ index, sign, relaxation }, k) => {
      const load = rows.load(k);
      bw[index] += sign * load;
      if (relaxation !== undefined) bb[relaxation] += load;
    });
  }

  expand({ dw, db }: NewtonSystem): void {
    const [rows] = this.rows;
    this.bounds.forEach(({ index, sign, relaxation }, k) => {
      rows.follow(k, sign * dw[index] + (relaxation === undefined ? 0 : db[relaxation]));
    });
  }

  advance(primal: number, dual: number): void {
    this.rows[0].advance(primal, dual);
  }

  cost(): number {
    return 0;
  }

  private activity(k: number, { w, g }: Point): number {
    const { index, sign, bound, relaxation } = this.bounds[k];
    return sign * w[index] + (relaxation === undefined ? 0 : g[relaxation]) - bound;
  }
}
