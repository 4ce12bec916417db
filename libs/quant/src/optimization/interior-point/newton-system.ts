import { invariant } from '@allostat/kernel';
import { DenseFactor } from '../../linalg/dense-factor';
import { DiagonalFactor } from '../../linalg/diagonal-factor';
import { dotRange } from '../../linalg/products';
import { LuFactor } from './lu-factor';

/**
 * The reduced Newton system [H B; B' Q] [dw; db] = [bw; bb]: weights above, border below.
 * The border holds global variables, multipliers (negated) of coupling rows and of equalities; H is positive definite.
 */
export class NewtonSystem {
  /** Column k of B at `border[k]`. */
  readonly border: Float64Array[];
  readonly corner: Float64Array;
  readonly bw: Float64Array;
  readonly bb: Float64Array;
  readonly dw: Float64Array;
  readonly db: Float64Array;
  private readonly factor: DenseFactor | DiagonalFactor;
  private readonly rb: Float64Array;
  private readonly eb: Float64Array;
  private small: LuFactor | undefined;

  constructor(
    readonly n: number,
    readonly m: number,
    { dense }: { readonly dense: boolean },
  ) {
    this.factor = dense ? new DenseFactor(n, m) : new DiagonalFactor(n, m);
    this.border = Array.from({ length: m }, () => new Float64Array(n));
    this.corner = new Float64Array(m * m);
    this.bw = new Float64Array(n);
    this.bb = new Float64Array(m);
    this.dw = new Float64Array(n);
    this.db = new Float64Array(m);
    this.rb = new Float64Array(m);
    this.eb = new Float64Array(m);
  }

  /** Starts anew from a quadratic cost (n x n), or from zero. */
  begin(quadratic?: Float64Array): void {
    if (quadratic) this.hessian.set(quadratic);
    else this.factor.clear();
    this.corner.fill(0);
    for (const column of this.border) column.fill(0);
  }

  /** Lower triangle of H, row by row; only dense systems have one. */
  get hessian(): Float64Array {
    invariant(this.factor instanceof DenseFactor, 'a part that fills the matrix must say that it is dense');
    return this.factor.matrix;
  }

  /** Adds to a place of H's diagonal. */
  addDiagonal(i: number, value: number): void {
    this.factor.addDiagonal(i, value);
  }

  /** Adds to two mirrored places of the corner. */
  addCorner(a: number, b: number, value: number): void {
    this.corner[a * this.m + b] += value;
    if (a !== b) this.corner[b * this.m + a] += value;
  }

  /** Factors H and the border's Schur complement. */
  factorise(): void {
    const { m, factor, border } = this;
    const { columns } = factor;
    for (let a = 0; a < m; a++) columns[a].set(border[a]);
    factor.factorise();
    const schur = this.corner.slice();
    for (let a = 0; a < m; a++) {
      for (let b = 0; b <= a; b++) {
        const value = dotRange(columns[a], 0, columns[b], this.n);
        schur[a * m + b] -= value;
        if (a !== b) schur[b * m + a] -= value;
      }
    }
    this.small = new LuFactor(schur, m);
  }

  /** Solves for dw and db; `refined`, with one step of refinement against the unfactored system. */
  solve({ refined }: { readonly refined: boolean }): void {
    const { factor, dw, db, rb, eb } = this;
    factor.x.set(this.bw);
    this.solveOnce(this.bb, db);
    dw.set(factor.x);
    if (!refined) return;
    factor.residual.set(this.bw);
    rb.set(this.bb);
    this.subtractProduct();
    factor.x.set(factor.residual);
    this.solveOnce(rb, eb);
    for (let i = 0; i < dw.length; i++) dw[i] += factor.x[i];
    for (let k = 0; k < db.length; k++) db[k] += eb[k];
  }

  /** From the right-hand side in the factor's x to the solution there. */
  private solveOnce(bb: Float64Array, db: Float64Array): void {
    const { m, factor } = this;
    const { x, columns } = factor;
    factor.forward();
    for (let k = 0; k < m; k++) db[k] = bb[k] - dotRange(columns[k], 0, x, x.length);
    this.small?.solve(db);
    for (let k = 0; k < m; k++) {
      const value = db[k];
      const column = columns[k];
      if (value !== 0) for (let i = 0; i < x.length; i++) x[i] -= column[i] * value;
    }
    factor.backward();
  }

  /** Takes the product with dw (in the factor's x) and db off both residuals. */
  private subtractProduct(): void {
    const { m, dw, db, rb, factor } = this;
    factor.subtractProduct();
    const { residual } = factor;
    for (let k = 0; k < m; k++) {
      const column = this.border[k];
      let sum = 0;
      for (let i = 0; i < dw.length; i++) {
        sum += column[i] * dw[i];
        residual[i] -= column[i] * db[k];
      }
      for (let j = 0; j < m; j++) sum += this.corner[k * m + j] * db[j];
      rb[k] -= sum;
    }
  }
}
