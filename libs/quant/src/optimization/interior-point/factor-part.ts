import { factorExposure, type FactorCovariance } from '../../linalg/factor-covariance';
import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';

/**
 * Cost scale / 2 w'(L L' + D) w of a factor covariance. The common part stays in the border, one place a factor, so that the
 * weights' own matrix is diagonal and a step costs n times the squared width of the border instead of the cube of n.
 */
export class FactorPart implements Part {
  readonly rows = [];
  readonly curved = true;
  readonly dense = false;

  constructor(
    private readonly covariance: FactorCovariance,
    private readonly scale: number,
    /** Place of the first factor in the border. */
    private readonly border: number,
  ) {}

  residuals({ w }: Point, dual: Point): void {
    const { factors, loadings, specific } = this.covariance;
    const exposure = factorExposure(this.covariance, w);
    for (let i = 0, at = 0; i < w.length; i++) {
      let sum = specific[i] * w[i];
      for (let k = 0; k < factors; k++, at++) sum += loadings[at] * exposure[k];
      dual.w[i] += this.scale * sum;
    }
  }

  ownInfeasibility(): { primal: number; dual: number } {
    return { primal: 0, dual: 0 };
  }

  assemble(system: NewtonSystem): void {
    const { factors, loadings, specific } = this.covariance;
    const root = Math.sqrt(this.scale);
    for (let i = 0; i < specific.length; i++) system.addDiagonal(i, this.scale * specific[i]);
    for (let k = 0; k < factors; k++) {
      const column = system.border[this.border + k];
      for (let i = 0; i < column.length; i++) column[i] = root * loadings[i * factors + k];
      system.addCorner(this.border + k, this.border + k, -1);
    }
  }

  load(): void {}

  expand(): void {}

  advance(): void {}

  cost({ w }: Point): number {
    const exposure = factorExposure(this.covariance, w);
    let sum = 0;
    for (const value of exposure) sum += value * value;
    for (let i = 0; i < w.length; i++) sum += this.covariance.specific[i] * w[i] * w[i];
    return 0.5 * this.scale * sum;
  }
}
