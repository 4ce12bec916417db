import { dot, multiply } from '../../linalg/products';
import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';
import { Rows } from './rows';

export interface VolatilityOptions {
  /** n x n, positive semi-definite. */
  readonly covariance: Float64Array;
  /** Weights from which risk is measured: zero, or a benchmark. */
  readonly reference: Float64Array;
  readonly risk: number;
  readonly border: number;
}

/** risk >= standard deviation of w - reference, smoothed by a part in 1e8 of the covariance's own size so that it has a slope at zero. */
export class VolatilityPart implements Part {
  readonly rows: readonly Rows[];
  readonly curved = true;
  private readonly gradient: Float64Array;
  private readonly smoothing: number;
  private value = 0;

  constructor(
    private readonly options: VolatilityOptions,
    point: Point,
    { scale, price }: { readonly scale: number; readonly price: number },
  ) {
    const n = options.reference.length;
    let trace = 0;
    for (let i = 0; i < n; i++) trace += options.covariance[i * n + i];
    this.smoothing = (1e-16 * trace) / n;
    this.gradient = new Float64Array(n);
    this.measure(point.w);
    point.g[options.risk] = this.value + scale;
    const rows = new Rows(1);
    rows.begin(0, scale, scale, price);
    this.rows = [rows];
  }

  private measure(w: Float64Array): void {
    const { covariance, reference } = this.options;
    const gap = w.map((value, i) => value - reference[i]);
    const product = multiply(covariance, gap, w.length);
    this.value = Math.sqrt(Math.max(0, dot(product, gap)) + this.smoothing);
    for (let i = 0; i < w.length; i++) this.gradient[i] = product[i] / this.value;
  }

  residuals({ w, g }: Point, dual: Point): void {
    const [rows] = this.rows;
    this.measure(w);
    rows.r[0] = g[this.options.risk] - this.value - rows.s[0];
    for (let i = 0; i < w.length; i++) dual.w[i] += rows.z[0] * this.gradient[i];
    dual.g[this.options.risk] -= rows.z[0];
  }

  ownInfeasibility(): { primal: number; dual: number } {
    return { primal: 0, dual: 0 };
  }

  assemble(system: NewtonSystem): void {
    const { covariance, risk, border } = this.options;
    const { n, hessian } = system;
    const factor = this.rows[0].z[0] / this.value;
    for (let i = 0; i < n; i++) {
      const row = i * n;
      const own = this.gradient[i];
      for (let j = 0; j <= i; j++) hessian[row + j] += factor * (covariance[row + j] - own * this.gradient[j]);
      system.border[border][i] = -own;
    }
    system.addCorner(risk, border, 1);
    system.addCorner(border, border, -1 / this.rows[0].weight(0));
  }

  load({ bb }: NewtonSystem): void {
    const [rows] = this.rows;
    bb[this.options.border] += rows.target[0] / rows.z[0] - rows.r[0];
  }

  expand({ dw, db }: NewtonSystem): void {
    const [rows] = this.rows;
    rows.ds[0] = db[this.options.risk] - dot(this.gradient, dw) + rows.r[0];
    rows.dz[0] = -db[this.options.border];
  }

  advance(primal: number, dual: number): void {
    this.rows[0].advance(primal, dual);
  }

  cost(): number {
    return 0;
  }
}
