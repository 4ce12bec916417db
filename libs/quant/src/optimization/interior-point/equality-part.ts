import { dot } from '../../linalg/products';
import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';

/** weights . w = value. */
export interface Equality {
  readonly weights: Float64Array;
  readonly value: number;
}

/** Linear equations over the weights. */
export class EqualityPart implements Part {
  readonly rows = [];
  readonly curved = false;
  readonly dense = false;
  readonly multipliers: Float64Array;
  private readonly residual: Float64Array;
  private readonly step: Float64Array;

  constructor(
    private readonly equalities: readonly Equality[],
    private readonly border: number,
    /** Weights that an equation of their own holds where they are: any curvature keeps the matrix definite. */
    private readonly held: readonly number[] = [],
  ) {
    this.multipliers = new Float64Array(equalities.length);
    this.residual = new Float64Array(equalities.length);
    this.step = new Float64Array(equalities.length);
  }

  residuals({ w }: Point, dual: Point): void {
    this.equalities.forEach(({ weights, value }, k) => {
      this.residual[k] = dot(weights, w) - value;
      for (let i = 0; i < weights.length; i++) dual.w[i] -= this.multipliers[k] * weights[i];
    });
  }

  ownInfeasibility(): { primal: number; dual: number } {
    return { primal: this.residual.reduce((worst, r) => Math.max(worst, Math.abs(r)), 0), dual: 0 };
  }

  assemble(system: NewtonSystem): void {
    this.equalities.forEach(({ weights }, k) => system.border[this.border + k].set(weights));
    for (const index of this.held) system.addDiagonal(index, 1);
  }

  load({ bb }: NewtonSystem): void {
    this.residual.forEach((r, k) => (bb[this.border + k] -= r));
  }

  expand({ db }: NewtonSystem): void {
    this.step.forEach((_, k) => (this.step[k] = -db[this.border + k]));
  }

  advance(_primal: number, dual: number): void {
    this.step.forEach((step, k) => (this.multipliers[k] += dual * step));
  }

  cost(): number {
    return 0;
  }
}
