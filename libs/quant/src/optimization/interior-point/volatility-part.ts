import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';
import { SecondOrderCone } from './second-order-cone';

export interface VolatilityOptions {
  /** n x n, positive semi-definite. */
  readonly covariance: Float64Array;
  /** Weights from which risk is measured: zero, or a benchmark. */
  readonly reference: Float64Array;
  readonly risk: number;
}

/** risk >= standard deviation of w - reference, as a second-order cone over a root of the covariance. */
export class VolatilityPart implements Part {
  readonly rows: readonly SecondOrderCone[];
  readonly curved = false;
  readonly dense = true;
  private readonly cone: SecondOrderCone;
  /** L with L L' = covariance, lower triangular. */
  private readonly root: Float64Array;
  private readonly n: number;

  constructor(
    private readonly options: VolatilityOptions,
    point: Point,
    { scale, price }: { readonly scale: number; readonly price: number },
  ) {
    const n = options.reference.length;
    this.n = n;
    this.root = semidefiniteRoot(options.covariance, n);
    const cone = new SecondOrderCone(n + 1);
    this.cone = cone;
    this.rows = [cone];
    const activity = this.activity(point);
    cone.s.set(activity);
    let length = 0;
    for (let i = 1; i <= n; i++) length += activity[i] * activity[i];
    point.g[options.risk] = cone.s[0] = Math.sqrt(length) + scale;
    cone.z[0] = price;
  }

  private activity({ w, g }: Point): Float64Array {
    const gap = w.map((value, i) => value - this.options.reference[i]);
    return this.lift(gap, g[this.options.risk]);
  }

  /** (first, L'v). */
  private lift(v: Float64Array, first: number): Float64Array {
    const { n, root } = this;
    const out = new Float64Array(n + 1);
    out[0] = first;
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) out[1 + j] += root[i * n + j] * v[i];
    return out;
  }

  /** L times what follows the cone's first entry. */
  private lower(v: Float64Array): Float64Array {
    const { n, root } = this;
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0, k = i * n; j <= i; j++, k++) sum += root[k] * v[1 + j];
      out[i] = sum;
    }
    return out;
  }

  residuals(point: Point, dual: Point): void {
    const { cone, n } = this;
    const activity = this.activity(point);
    for (let i = 0; i <= n; i++) cone.r[i] = activity[i] - cone.s[i];
    const pull = this.lower(cone.z);
    for (let i = 0; i < n; i++) dual.w[i] -= pull[i];
    dual.g[this.options.risk] -= cone.z[0];
  }

  ownInfeasibility(): { primal: number; dual: number } {
    return { primal: 0, dual: 0 };
  }

  assemble(system: NewtonSystem): void {
    const { cone, n } = this;
    const { covariance, risk } = this.options;
    const factor = 1 / (cone.size * cone.size);
    const p = this.lower(cone.w);
    const column = system.border[risk];
    for (let i = 0; i < n; i++) {
      const own = 2 * factor * p[i];
      for (let j = 0, k = i * n; j <= i; j++, k++) system.hessian[k] += factor * covariance[k] + own * p[j];
      column[i] -= own * cone.w[0];
    }
    system.addCorner(risk, risk, factor * (2 * cone.w[0] * cone.w[0] - 1));
  }

  load({ bw, bb }: NewtonSystem): void {
    const { cone, n } = this;
    const q = new Float64Array(n + 1);
    cone.respond(cone.r, q);
    const push = this.lower(q);
    for (let i = 0; i < n; i++) bw[i] += push[i];
    bb[this.options.risk] += q[0];
  }

  expand({ dw, db }: NewtonSystem): void {
    const { cone } = this;
    const move = this.lift(dw, db[this.options.risk]);
    for (let i = 0; i < move.length; i++) cone.ds[i] = move[i] + cone.r[i];
    cone.respond(cone.ds, cone.dz);
  }

  advance(primal: number, dual: number): void {
    this.cone.advance(primal, dual);
  }

  cost(): number {
    return 0;
  }
}

/** Lower triangular root of a positive semi-definite matrix; directions without variance get a zero column. */
function semidefiniteRoot(a: Float64Array, n: number): Float64Array {
  const root = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    let diagonal = a[j * n + j];
    for (let k = 0; k < j; k++) diagonal -= root[j * n + k] * root[j * n + k];
    if (!(diagonal > 1e-13 * a[j * n + j])) continue;
    const pivot = Math.sqrt(diagonal);
    root[j * n + j] = pivot;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= root[i * n + k] * root[j * n + k];
      root[i * n + j] = sum / pivot;
    }
  }
  return root;
}
