import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';

/** Cost - sum of share * ln(w): the barrier whose optimum splits risk in proportion to the shares. Weights must start and stay positive. */
export class LogPart implements Part {
  readonly rows = [];
  readonly curved = true;
  readonly dense = false;
  private w: Float64Array = new Float64Array(0);

  constructor(private readonly shares: Float64Array) {}

  residuals({ w }: Point, dual: Point): void {
    this.w = w;
    for (let i = 0; i < w.length; i++) dual.w[i] -= this.shares[i] / w[i];
  }

  ownInfeasibility(): { primal: number; dual: number } {
    return { primal: 0, dual: 0 };
  }

  assemble(system: NewtonSystem): void {
    for (let i = 0; i < system.n; i++) system.addDiagonal(i, this.shares[i] / (this.w[i] * this.w[i]));
  }

  load(): void {}

  expand(): void {}

  advance(): void {}

  cost({ w }: Point): number {
    let sum = 0;
    for (let i = 0; i < w.length; i++) sum -= this.shares[i] * Math.log(w[i]);
    return sum;
  }
}
