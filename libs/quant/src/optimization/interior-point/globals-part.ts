import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';
import { Rows, type RowStart } from './rows';

/** Global variables that must not be negative. */
export class GlobalsPart implements Part {
  readonly rows: readonly Rows[];
  readonly curved = false;
  readonly dense = false;

  constructor(
    private readonly indices: readonly number[],
    start: Point,
    begin: RowStart,
  ) {
    const rows = new Rows(indices.length);
    this.rows = [rows];
    indices.forEach((index, k) => rows.start(k, start.g[index], begin));
  }

  residuals({ g }: Point, dual: Point): void {
    const [rows] = this.rows;
    this.indices.forEach((index, k) => {
      rows.r[k] = g[index] - rows.s[k];
      dual.g[index] -= rows.z[k];
    });
  }

  ownInfeasibility(): { primal: number; dual: number } {
    return { primal: 0, dual: 0 };
  }

  assemble(system: NewtonSystem): void {
    this.indices.forEach((index, k) => system.addCorner(index, index, this.rows[0].weight(k)));
  }

  load({ bb }: NewtonSystem): void {
    this.indices.forEach((index, k) => (bb[index] += this.rows[0].load(k)));
  }

  expand({ db }: NewtonSystem): void {
    this.indices.forEach((index, k) => this.rows[0].follow(k, db[index]));
  }

  advance(primal: number, dual: number): void {
    this.rows[0].advance(primal, dual);
  }

  cost(): number {
    return 0;
  }
}
