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
  readonly dense = true;
  private readonly u: Float64Array;
  private readonly du: Float64Array;
  private readonly rdu: Float64Array;
  private readonly portfolio: Float64Array;
  /** 1 / (sum of both weights) by scenario. */
  private readonly share: Float64Array;
  private readonly work: Float64Array;
  private readonly bu: Float64Array;
  private readonly first: Float64Array;
  private readonly second: Float64Array;

  constructor(
    private readonly options: TailOptions,
    point: Point,
    { scale, price }: { readonly scale: number; readonly price: number },
  ) {
    const { scenarios, charges, threshold, risk } = options;
    const count = scenarios.periods;
    const make = (): Float64Array => new Float64Array(count);
    [this.u, this.du, this.rdu, this.portfolio] = [make(), make(), make(), make()];
    [this.share, this.work, this.bu, this.first, this.second] = [make(), make(), make(), make(), make()];
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
    const { u, rdu, portfolio } = this;
    scenarios.multiply(w, portfolio);
    const free = 'global' in threshold;
    const alpha = free ? g[threshold.global] : threshold.fixed;
    const zc = coupling.z[0];
    const { s: s1, z: z1, r: r1 } = above;
    const { s: s2, z: z2, r: r2 } = positive;
    let excess = 0;
    let mass = 0;
    for (let t = 0, count = u.length; t < count; t++) {
      r1[t] = u[t] + portfolio[t] + alpha - s1[t];
      r2[t] = u[t] - s2[t];
      rdu[t] = charges[t] * zc - z1[t] - z2[t];
      excess += charges[t] * u[t];
      mass += z1[t];
    }
    coupling.r[0] = g[risk] - (free ? alpha : 0) - excess - coupling.s[0];
    scenarios.addTransposed(z1, dual.w, -1);
    if (free) dual.g[threshold.global] -= mass - zc;
    dual.g[risk] -= zc;
  }

  ownInfeasibility(): { primal: number; dual: number } {
    return { primal: 0, dual: this.rdu.reduce((worst, r) => Math.max(worst, Math.abs(r)), 0) };
  }

  assemble(system: NewtonSystem): void {
    const { scenarios, charges, threshold, risk, border } = this.options;
    const [above, positive, coupling] = this.rows;
    const { ratio: w1 } = above;
    const { ratio: w2 } = positive;
    const { work, share } = this;
    let corner = 1 / coupling.weight(0);
    let mass = 0;
    let tail = 0;
    const column = this.bu;
    for (let t = 0, count = work.length; t < count; t++) {
      const inverse = 1 / (w1[t] + w2[t]);
      share[t] = inverse;
      work[t] = w1[t] * w2[t] * inverse;
      column[t] = w1[t] * charges[t] * inverse;
      corner += charges[t] * charges[t] * inverse;
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
    const { ratio: w1 } = above;
    const { ratio: w2 } = positive;
    const { work, bu, share, first, second, rdu } = this;
    above.loadAll(first);
    positive.loadAll(second);
    let mass = 0;
    let excess = 0;
    for (let t = 0, count = work.length; t < count; t++) {
      const other = second[t] - rdu[t];
      bu[t] = first[t] + other;
      work[t] = (w2[t] * first[t] - w1[t] * other) * share[t];
      mass += work[t];
      excess += charges[t] * bu[t] * share[t];
    }
    scenarios.addTransposed(work, bw);
    if ('global' in threshold) bb[threshold.global] += mass;
    bb[border] += coupling.target[0] / coupling.z[0] - coupling.r[0] + excess;
  }

  expand({ dw, db }: NewtonSystem): void {
    const { scenarios, charges, threshold, risk, border } = this.options;
    const [above, positive, coupling] = this.rows;
    const { ratio: w1 } = above;
    const { work, bu, du, share } = this;
    const alpha = 'global' in threshold ? db[threshold.global] : 0;
    const price = -db[border];
    scenarios.multiply(dw, work);
    let excess = 0;
    for (let t = 0, count = work.length; t < count; t++) {
      const move = work[t] + alpha;
      const step = (bu[t] - w1[t] * move - charges[t] * price) * share[t];
      du[t] = step;
      work[t] = step + move;
      excess += charges[t] * step;
    }
    above.followAll(work);
    positive.followAll(du);
    coupling.ds[0] = db[risk] - alpha - excess + coupling.r[0];
    coupling.dz[0] = price;
  }

  advance(primal: number, dual: number): void {
    for (const rows of this.rows) rows.advance(primal, dual);
    const { u, du } = this;
    for (let t = 0, count = u.length; t < count; t++) u[t] += primal * du[t];
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
