import { dot } from '../../linalg/products';
import { factorLower, solveLower, solveUpper } from './dense-factor';
import { LuFactor } from './lu-factor';

/**
 * The reduced Newton system [H B; B' Q] [dw; db] = [bw; bb]: weights above, border below.
 * The border holds global variables, multipliers (negated) of coupling rows and of equalities; H is positive definite.
 */
export class NewtonSystem {
  readonly hessian: Float64Array;
  /** Column k of B at `border[k]`. */
  readonly border: Float64Array[];
  readonly corner: Float64Array;
  readonly bw: Float64Array;
  readonly bb: Float64Array;
  readonly dw: Float64Array;
  readonly db: Float64Array;
  private readonly factor: Float64Array;
  private readonly reduced: Float64Array[];
  private small: LuFactor | undefined;

  constructor(
    readonly n: number,
    readonly m: number,
  ) {
    this.hessian = new Float64Array(n * n);
    this.factor = new Float64Array(n * n);
    this.border = Array.from({ length: m }, () => new Float64Array(n));
    this.reduced = Array.from({ length: m }, () => new Float64Array(n));
    this.corner = new Float64Array(m * m);
    this.bw = new Float64Array(n);
    this.bb = new Float64Array(m);
    this.dw = new Float64Array(n);
    this.db = new Float64Array(m);
  }

  clear(): void {
    this.hessian.fill(0);
    this.corner.fill(0);
    for (const column of this.border) column.fill(0);
  }

  /** Adds to two mirrored places of the corner. */
  addCorner(a: number, b: number, value: number): void {
    this.corner[a * this.m + b] += value;
    if (a !== b) this.corner[b * this.m + a] += value;
  }

  /** Factors H (lower triangle) and the border's Schur complement. */
  factorise(): void {
    const { n, m } = this;
    this.factor.set(this.hessian);
    for (let a = 0; a < m; a++) this.reduced[a].set(this.border[a]);
    factorLower(this.factor, n, this.reduced);
    const schur = this.corner.slice();
    for (let a = 0; a < m; a++) {
      for (let b = 0; b <= a; b++) {
        const value = dot(this.reduced[a], this.reduced[b]);
        schur[a * m + b] -= value;
        if (a !== b) schur[b * m + a] -= value;
      }
    }
    this.small = new LuFactor(schur, m);
  }

  /** Solves for dw and db; one step of refinement against the unfactored system. */
  solve(): void {
    this.solveOnce(this.bw, this.bb, this.dw, this.db);
    const rw = this.bw.slice();
    const rb = this.bb.slice();
    this.subtractProduct(rw, rb);
    const ew = new Float64Array(this.n);
    const eb = new Float64Array(this.m);
    this.solveOnce(rw, rb, ew, eb);
    for (let i = 0; i < this.n; i++) this.dw[i] += ew[i];
    for (let k = 0; k < this.m; k++) this.db[k] += eb[k];
  }

  private solveOnce(bw: Float64Array, bb: Float64Array, dw: Float64Array, db: Float64Array): void {
    const { n, m } = this;
    dw.set(bw);
    solveLower(this.factor, n, dw);
    for (let k = 0; k < m; k++) db[k] = bb[k] - dot(this.reduced[k], dw);
    this.small?.solve(db);
    for (let k = 0; k < m; k++) {
      const value = db[k];
      if (value !== 0) for (let i = 0; i < n; i++) dw[i] -= this.reduced[k][i] * value;
    }
    solveUpper(this.factor, n, dw);
  }

  private subtractProduct(rw: Float64Array, rb: Float64Array): void {
    const { n, m, dw, db } = this;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0, k = i * n; j < i; j++, k++) {
        sum += this.hessian[k] * dw[j];
        rw[j] -= this.hessian[k] * dw[i];
      }
      rw[i] -= sum + this.hessian[i * n + i] * dw[i];
    }
    for (let k = 0; k < m; k++) {
      const column = this.border[k];
      let sum = 0;
      for (let i = 0; i < n; i++) {
        sum += column[i] * dw[i];
        rw[i] -= column[i] * db[k];
      }
      for (let j = 0; j < m; j++) sum += this.corner[k * m + j] * db[j];
      rb[k] -= sum;
    }
  }
}
