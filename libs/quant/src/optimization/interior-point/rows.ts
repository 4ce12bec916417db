import type { RowFamily } from './row-family';

/** Where rows start: with one multiplier for all, or with one product of slack and multiplier for all, which no row then holds back. */
export type RowStart = { readonly least: number } & ({ readonly multiplier: number } | { readonly product: number });

/** No row starts with a higher multiplier than this: objectives are scaled to slopes of 1. */
const steepest = 1;

/** Inequalities activity(x) - bound = s >= 0 with multipliers z >= 0, and everything a Newton step needs of them. */
export class Rows implements RowFamily {
  /** Slack and multiplier. */
  readonly s: Float64Array;
  readonly z: Float64Array;
  /** Primal residual activity - bound - s. */
  readonly r: Float64Array;
  /** Complementarity target of the step. */
  readonly target: Float64Array;
  readonly ds: Float64Array;
  readonly dz: Float64Array;
  /** 1 / s and z / s at the current point. */
  readonly inverse: Float64Array;
  readonly ratio: Float64Array;

  constructor(readonly count: number) {
    this.s = new Float64Array(count);
    this.z = new Float64Array(count);
    this.r = new Float64Array(count);
    this.target = new Float64Array(count);
    this.ds = new Float64Array(count);
    this.dz = new Float64Array(count);
    this.inverse = new Float64Array(count);
    this.ratio = new Float64Array(count);
  }

  /** Starts a row at the given activity above its bound. */
  begin(k: number, slack: number, least: number, multiplier: number): void {
    this.s[k] = Math.max(slack, least);
    this.z[k] = multiplier;
  }

  /** Starts a row at the given activity above its bound, no nearer to it than `least` (by default the start's). */
  start(k: number, slack: number, begin: RowStart, least = begin.least): void {
    const wide = Math.max(slack, least);
    this.begin(k, wide, least, 'product' in begin ? Math.min(steepest, begin.product / wide) : begin.multiplier);
  }

  prepare(): void {
    const { s, z, inverse, ratio, count } = this;
    for (let k = 0; k < count; k++) {
      const value = 1 / s[k];
      inverse[k] = value;
      ratio[k] = z[k] * value;
    }
  }

  /** Sets the target sigma mu - s z, less the second-order term of the predictor when `corrected`. */
  aim(centre: number, corrected: boolean): void {
    const { s, z, ds, dz, target, count } = this;
    if (corrected) for (let k = 0; k < count; k++) target[k] = centre - s[k] * z[k] - ds[k] * dz[k];
    else for (let k = 0; k < count; k++) target[k] = centre - s[k] * z[k];
  }

  /** target / s - (z / s) r: what a row adds to the right-hand side. */
  load(k: number): number {
    return (this.target[k] - this.z[k] * this.r[k]) * this.inverse[k];
  }

  /** The same for all rows. */
  loadAll(out: Float64Array): void {
    const { target, z, r, inverse, count } = this;
    for (let k = 0; k < count; k++) out[k] = (target[k] - z[k] * r[k]) * inverse[k];
  }

  /** z / s: what a row adds to the curvature. */
  weight(k: number): number {
    return this.ratio[k];
  }

  /** Direction of slack and multiplier when the activity moves by `move`. */
  follow(k: number, move: number): void {
    const ds = move + this.r[k];
    this.ds[k] = ds;
    this.dz[k] = (this.target[k] - this.z[k] * ds) * this.inverse[k];
  }

  /** The same for all rows. */
  followAll(moves: Float64Array): void {
    const { r, ds, dz, target, z, inverse, count } = this;
    for (let k = 0; k < count; k++) {
      const step = moves[k] + r[k];
      ds[k] = step;
      dz[k] = (target[k] - z[k] * step) * inverse[k];
    }
  }

  stepLimits(limits: { primal: number; dual: number }): void {
    const { s, z, ds, dz, count } = this;
    let { primal, dual } = limits;
    for (let k = 0; k < count; k++) {
      // compared by products: a division only where the limit tightens
      if (ds[k] < 0 && -ds[k] * primal > s[k]) primal = -s[k] / ds[k];
      if (dz[k] < 0 && -dz[k] * dual > z[k]) dual = -z[k] / dz[k];
    }
    limits.primal = primal;
    limits.dual = dual;
  }

  advance(primal: number, dual: number): void {
    const { s, z, ds, dz, count } = this;
    for (let k = 0; k < count; k++) {
      s[k] += primal * ds[k];
      z[k] += dual * dz[k];
    }
  }

  /** Sum of s z after a step of the given lengths. */
  complementarity(primal = 0, dual = 0): number {
    const { s, z, ds, dz } = this;
    let sum = 0;
    for (let k = 0, { count } = this; k < count; k++) sum += (s[k] + primal * ds[k]) * (z[k] + dual * dz[k]);
    return sum;
  }

  infeasibility(): number {
    let worst = 0;
    for (let k = 0; k < this.count; k++) worst = Math.max(worst, Math.abs(this.r[k]));
    return worst;
  }
}
