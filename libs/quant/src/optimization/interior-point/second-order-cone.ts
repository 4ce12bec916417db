import { dot } from '../../linalg/products';
import type { RowFamily } from './row-family';

/**
 * s and z in the cone first >= length of the rest, with Nesterov-Todd scaling.
 * Formulas as in Vandenberghe (2010), The CVXOPT linear and quadratic cone program solvers.
 */
export class SecondOrderCone implements RowFamily {
  readonly count = 1;
  readonly s: Float64Array;
  readonly z: Float64Array;
  readonly r: Float64Array;
  readonly ds: Float64Array;
  readonly dz: Float64Array;
  /** Scaling point (unit determinant) and its size: W^2 = size^2 (2 ww' - J). */
  readonly w: Float64Array;
  size = 1;
  /** Right-hand side kappa of W dz + W^-1 ds = kappa. */
  private readonly kappa: Float64Array;
  private readonly lambda: Float64Array;

  constructor(readonly length: number) {
    const make = (): Float64Array => new Float64Array(length);
    [this.s, this.z, this.r, this.ds, this.dz] = [make(), make(), make(), make(), make()];
    [this.w, this.kappa, this.lambda] = [make(), make(), make()];
  }

  /** Finds the scaling for the current s and z. */
  prepare(): void {
    const { s, z, w, lambda, length } = this;
    const detS = Math.sqrt(determinant(s));
    const detZ = Math.sqrt(determinant(z));
    const gamma = Math.sqrt((1 + dot(s, z) / (detS * detZ)) / 2);
    for (let i = 0; i < length; i++) w[i] = (s[i] / detS + ((i === 0 ? 1 : -1) * z[i]) / detZ) / (2 * gamma);
    // the first component follows from the others: rounding must not leave the hyperboloid
    w[0] = Math.sqrt(1 + tailSquare(w));
    this.size = Math.sqrt(detS / detZ);
    this.applyScaling(z, lambda);
  }

  aim(centre: number, corrected: boolean): void {
    const { lambda, kappa, length } = this;
    const d = product(lambda, lambda).map((value) => -value);
    d[0] += centre;
    if (corrected) {
      const a = new Float64Array(length);
      const b = new Float64Array(length);
      this.applyInverse(this.ds, a);
      this.applyScaling(this.dz, b);
      product(a, b).forEach((value, i) => (d[i] -= value));
    }
    let cross = 0;
    for (let i = 1; i < length; i++) cross += lambda[i] * d[i];
    kappa[0] = (lambda[0] * d[0] - cross) / determinant(lambda);
    for (let i = 1; i < length; i++) kappa[i] = (d[i] - kappa[0] * lambda[i]) / lambda[0];
  }

  /** W^-1 kappa - W^-2 v. */
  respond(v: Float64Array, out: Float64Array): void {
    const { w, size, length } = this;
    this.applyInverse(this.kappa, out);
    let sum = w[0] * v[0];
    for (let i = 1; i < length; i++) sum -= w[i] * v[i];
    const factor = 1 / (size * size);
    out[0] -= factor * (2 * sum * w[0] - v[0]);
    for (let i = 1; i < length; i++) out[i] -= factor * (v[i] - 2 * sum * w[i]);
  }

  private applyScaling(v: Float64Array, out: Float64Array): void {
    const { w, size, length } = this;
    let sum = 0;
    for (let i = 1; i < length; i++) sum += w[i] * v[i];
    const along = v[0] + sum / (1 + w[0]);
    out[0] = size * (w[0] * v[0] + sum);
    for (let i = 1; i < length; i++) out[i] = size * (v[i] + along * w[i]);
  }

  private applyInverse(v: Float64Array, out: Float64Array): void {
    const { w, size, length } = this;
    let sum = 0;
    for (let i = 1; i < length; i++) sum += w[i] * v[i];
    const along = -v[0] + sum / (1 + w[0]);
    out[0] = (w[0] * v[0] - sum) / size;
    for (let i = 1; i < length; i++) out[i] = (v[i] + along * w[i]) / size;
  }

  stepLimits(limits: { primal: number; dual: number }): void {
    limits.primal = Math.min(limits.primal, stepToBoundary(this.s, this.ds));
    limits.dual = Math.min(limits.dual, stepToBoundary(this.z, this.dz));
  }

  advance(primal: number, dual: number): void {
    for (let i = 0; i < this.length; i++) {
      this.s[i] += primal * this.ds[i];
      this.z[i] += dual * this.dz[i];
    }
  }

  complementarity(primal = 0, dual = 0): number {
    let sum = 0;
    for (let i = 0; i < this.length; i++) {
      sum += (this.s[i] + primal * this.ds[i]) * (this.z[i] + dual * this.dz[i]);
    }
    return sum;
  }

  infeasibility(): number {
    return this.r.reduce((worst, value) => Math.max(worst, Math.abs(value)), 0);
  }
}

function tailSquare(v: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < v.length; i++) sum += v[i] * v[i];
  return sum;
}

function determinant(v: Float64Array): number {
  const rest = Math.sqrt(tailSquare(v));
  return Math.max((v[0] - rest) * (v[0] + rest), 1e-300);
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  out[0] = dot(a, b);
  for (let i = 1; i < a.length; i++) out[i] = a[0] * b[i] + b[0] * a[i];
  return out;
}

/** Largest step along d that stays in the cone: the first positive root of the determinant. */
function stepToBoundary(v: Float64Array, d: Float64Array): number {
  let a = d[0] * d[0];
  let b = v[0] * d[0];
  for (let i = 1; i < v.length; i++) {
    a -= d[i] * d[i];
    b -= v[i] * d[i];
  }
  const c = determinant(v);
  const discriminant = b * b - a * c;
  if (discriminant < 0) return Infinity;
  const q = -(b + (b >= 0 ? 1 : -1) * Math.sqrt(discriminant));
  let least = Infinity;
  for (const root of [q / a, c / q]) if (root > 0) least = Math.min(least, root);
  return least;
}
