import { weightedCross } from '../../linalg/dense-kernels';
import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';
import { Rows } from './rows';
import type { Scenarios } from './scenarios';

export interface TailOptions {
  readonly scenarios: Scenarios;
  /** Cost of one unit of excess in each scenario: probability over tail mass. */
  readonly charges: Float64Array;
  /** Loss above which excess counts: a global variable (CVaR), or a fixed number (shortfall below a floor). */
  readonly threshold: { readonly global: number } | { readonly fixed: number };
  /** Global variable that bounds the risk from above, and place of the coupling row's multiplier. */
  readonly risk: number;
  readonly border: number;
}

/**
 * Excess losses u_t >= 0, u_t + r_t.w + threshold >= 0, and risk >= threshold + charges.u (Rockafellar and Uryasev, 2000).
 * A fixed threshold is left out of the last row: then risk bounds the expected shortfall alone. u is eliminated.
 */
export class TailPart implements Part {
  readonly rows: readonly Rows[];
  readonly curved = false;
  private readonly u: Float64Array;
  private readonly du: Float64Array;
  private readonly rdu: Float64Array;
  private readonly portfolio: Float64Array;
  private readonly w1: Float64Array;
  private readonly w2: Float64Array;
  private readonly work: Float64Array;
  private readonly bu: Float64Array;

  constructor(
    private readonly options: TailOptions,
    point: Point,
    { scale, price }: { readonly scale: number; readonly price: number },
  ) {
    const { scenarios, charges, threshold, risk } = options;
    const count = scenarios.periods;
    const make = (): Float64Array => new Float64Array(count);
    [this.u, this.du, this.rdu, this.portfolio] = [make(), make(), make(), make()];
    [this.w1, this.w2, this.work, this.bu] = [make(), make(), make(), make()];
    const above = new Rows(count);
    const positive = new Rows(count);
    const coupling = new Rows(1);
    this.rows = [above, positive, coupling];
    scenarios.multiply(point.w, this.portfolio);
    const alpha = 'global' in threshold ? tailStart(this.portfolio, charges) : threshold.fixed;
    if ('global' in threshold) point.g[threshold.global] = alpha;
    let value = 'global' in threshold ? alpha : 0;
    for (let t = 0; t < count; t++) {
      const excess = -this.portfolio[t] - alpha;
      this.u[t] = Math.max(0, excess) + scale;
      value += charges[t] * this.u[t];
      above.begin(t, this.u[t] - excess, scale, price / count);
      positive.begin(t, this.u[t], scale, Math.max(price * charges[t] - price / count, price / (4 * count)));
    }
    point.g[risk] = value + scale;
    coupling.begin(0, scale, scale, price);
  }

  residuals({ w, g }: Point, dual: Point): void {
    const { scenarios, charges, threshold, risk } = this.options;
    const [above, positive, coupling] = this.rows;
    scenarios.multiply(w, this.portfolio);
    const free = 'global' in threshold;
    const alpha = free ? g[threshold.global] : threshold.fixed;
    const zc = coupling.z[0];
    let excess = 0;
    let mass = 0;
    for (let t = 0; t < scenarios.periods; t++) {
      above.r[t] = this.u[t] + this.portfolio[t] + alpha - above.s[t];
      positive.r[t] = this.u[t] - positive.s[t];
      this.rdu[t] = charges[t] * zc - above.z[t] - positive.z[t];
      excess += charges[t] * this.u[t];
      mass += above.z[t];
    }
    coupling.r[0] = g[risk] - (free ? alpha : 0) - excess - coupling.s[0];
    scenarios.addTransposed(above.z, dual.w, -1);
    if (free) dual.g[threshold.global] -= mass - zc;
    dual.g[risk] -= zc;
  }

  ownInfeasibility(): { primal: number; dual: number } {
    return { primal: 0, dual: this.rdu.reduce((worst, r) => Math.max(worst, Math.abs(r)), 0) };
  }

  assemble(system: NewtonSystem): void {
    const { scenarios, charges, threshold, risk, border } = this.options;
    const [above, positive, coupling] = this.rows;
    const { w1, w2, work } = this;
    let corner = 1 / coupling.weight(0);
    let mass = 0;
    let tail = 0;
    const column = this.bu;
    for (let t = 0; t < w1.length; t++) {
      w1[t] = above.weight(t);
      w2[t] = positive.weight(t);
      const sum = w1[t] + w2[t];
      work[t] = (w1[t] * w2[t]) / sum;
      column[t] = (w1[t] * charges[t]) / sum;
      corner += (charges[t] * charges[t]) / sum;
      mass += work[t];
      tail += column[t];
    }
    weightedCross(scenarios.values, scenarios.periods, system.n, { weights: work }, { out: system.hessian });
    scenarios.addTransposed(column, system.border[border]);
    system.addCorner(risk, border, 1);
    system.addCorner(border, border, -corner);
    if (!('global' in threshold)) return;
    scenarios.addTransposed(work, system.border[threshold.global]);
    system.addCorner(threshold.global, threshold.global, mass);
    system.addCorner(threshold.global, border, tail - 1);
  }

  load({ bw, bb }: NewtonSystem): void {
    const { scenarios, charges, threshold, border } = this.options;
    const [above, positive, coupling] = this.rows;
    const { w1, w2, work, bu } = this;
    let mass = 0;
    let excess = 0;
    for (let t = 0; t < w1.length; t++) {
      const sum = w1[t] + w2[t];
      const first = above.load(t);
      const second = positive.load(t) - this.rdu[t];
      bu[t] = first + second;
      work[t] = (w2[t] * first - w1[t] * second) / sum;
      mass += work[t];
      excess += (charges[t] * bu[t]) / sum;
    }
    scenarios.addTransposed(work, bw);
    if ('global' in threshold) bb[threshold.global] += mass;
    bb[border] += coupling.target[0] / coupling.z[0] - coupling.r[0] + excess;
  }

  expand({ dw, db }: NewtonSystem): void {
    const { scenarios, charges, threshold, risk, border } = this.options;
    const [above, positive, coupling] = this.rows;
    const { w1, w2, work, bu, du } = this;
    const alpha = 'global' in threshold ? db[threshold.global] : 0;
    const price = -db[border];
    scenarios.multiply(dw, work);
    let excess = 0;
    for (let t = 0; t < w1.length; t++) {
      const move = work[t] + alpha;
      du[t] = (bu[t] - w1[t] * move - charges[t] * price) / (w1[t] + w2[t]);
      above.follow(t, du[t] + move);
      positive.follow(t, du[t]);
      excess += charges[t] * du[t];
    }
    coupling.ds[0] = db[risk] - alpha - excess + coupling.r[0];
    coupling.dz[0] = price;
  }

  advance(primal: number, dual: number): void {
    for (const rows of this.rows) rows.advance(primal, dual);
    for (let t = 0; t < this.u.length; t++) this.u[t] += primal * this.du[t];
  }

  cost(): number {
    return 0;
  }
}

/** The loss at which the tail mass of the charges begins. */
function tailStart(portfolio: Float64Array, charges: Float64Array): number {
  const order = Array.from(portfolio, (_, t) => t).sort((a, b) => portfolio[a] - portfolio[b] || a - b);
  let mass = 0;
  for (const t of order) {
    mass += charges[t];
    if (mass >= 1) return -portfolio[t];
  }
  return -portfolio[order[order.length - 1]];
}
