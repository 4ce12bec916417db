import { weightedCross } from '../../linalg/dense-kernels';
import { DrawdownChain } from './drawdown-chain';
import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';
import { Rows } from './rows';
import type { Scenarios } from './scenarios';

export interface DrawdownOptions {
  readonly scenarios: Scenarios;
  /**
   * `tail`: risk >= threshold + charges.(d - threshold)+, conditional drawdown; `most`: risk >= every d_t;
   * `mean`: risk >= charges.d.
   */
  readonly kind: 'tail' | 'most' | 'mean';
  readonly charges: Float64Array;
  readonly risk: number;
  /** Global variable of the threshold (`tail` only). */
  readonly threshold?: number;
  /** Place of the coupling row's multiplier (`tail` and `mean`). */
  readonly border?: number;
}

/**
 * Drawdowns d_t >= 0, d_t >= d_(t-1) - r_t.w (d before the first return is 0), uncompounded, and a risk made of them.
 * Chekhlov, Uryasev and Zabarankin (2005). The chain of d and the tail excess are eliminated, so that the whole costs one
 * weighted cross product of the scenarios a step.
 */
export class DrawdownPart implements Part {
  readonly rows: readonly Rows[];
  readonly curved = false;
  readonly dense = true;
  private readonly chainRows: Rows;
  private readonly positive: Rows;
  /** threshold (+ excess) - d >= 0, and excess >= 0. */
  private readonly above: Rows | undefined;
  private readonly excess: Rows | undefined;
  private readonly coupling: Rows | undefined;
  private readonly chain: DrawdownChain;
  private readonly a: Record<
    | 'd'
    | 'u'
    | 'dd'
    | 'du'
    | 'rdd'
    | 'rdu'
    | 'portfolio'
    | 'd3'
    | 'h'
    | 'pull'
    | 'm'
    | 'y'
    | 'x'
    | 'q'
    | 'work'
    | 'flow'
    | 'share'
    | 'bu',
    Float64Array
  >;

  constructor(
    private readonly options: DrawdownOptions,
    point: Point,
    { scale, price }: { readonly scale: number; readonly price: number },
  ) {
    const { scenarios, kind, charges, risk, threshold } = options;
    const count = scenarios.periods;
    const names = [
      'd',
      'u',
      'dd',
      'du',
      'rdd',
      'rdu',
      'portfolio',

      'd3',
      'h',
      'pull',
      'm',
      'y',
      'x',
      'q',
      'work',
      'flow',
      'share',
      'bu',
    ];
    this.a = Object.fromEntries(names.map((name) => [name, new Float64Array(count)])) as typeof this.a;
    this.chain = new DrawdownChain(count);
    this.chainRows = new Rows(count);
    this.positive = new Rows(count);
    this.above = kind === 'mean' ? undefined : new Rows(count);
    this.excess = kind === 'tail' ? new Rows(count) : undefined;
    this.coupling = kind === 'most' ? undefined : new Rows(1);
    this.rows = [this.chainRows, this.positive, this.above, this.excess, this.coupling].filter(
      (rows) => rows !== undefined,
    );

    const { d, u, portfolio } = this.a;
    scenarios.multiply(point.w, portfolio);
    let level = 0;
    let most = 0;
    for (let t = 0; t < count; t++) {
      level = Math.max(0, level - portfolio[t]);
      d[t] = level + scale;
      most = Math.max(most, d[t]);
    }
    const alpha = kind === 'most' ? most + scale : 0.6 * most;
    let value = kind === 'mean' ? 0 : alpha;
    for (let t = 0; t < count; t++) {
      const pull = kind === 'tail' ? price * charges[t] : price / count;
      this.chainRows.begin(
        t,
        d[t] - (t > 0 ? d[t - 1] : 0) + portfolio[t],
        scale,
        price / count + (0.05 * price * (count - t)) / count,
      );
      this.positive.begin(t, d[t], scale, (0.95 * price) / count);
      if (this.excess) {
        u[t] = Math.max(0, d[t] - alpha) + scale;
        this.excess.begin(t, u[t], scale, Math.max(pull - price / count, price / (4 * count)));
      }
      this.above?.begin(t, alpha + u[t] - d[t], scale, price / count);
      if (kind !== 'most') value += charges[t] * (kind === 'tail' ? u[t] : d[t]);
    }
    if (threshold !== undefined) point.g[threshold] = alpha;
    point.g[risk] = kind === 'most' ? alpha : value + scale;
    this.coupling?.begin(0, scale, scale, price);
  }

  residuals({ w, g }: Point, dual: Point): void {
    const { scenarios, kind, charges, risk, threshold } = this.options;
    const { d, u, rdd, rdu, portfolio } = this.a;
    const { chainRows, positive, above, excess, coupling } = this;
    scenarios.multiply(w, portfolio);
    const place = kind === 'most' ? risk : threshold;
    const alpha = place === undefined ? 0 : g[place];
    const zc = coupling ? coupling.z[0] : 0;
    const { s: s1, z: z1, r: r1 } = chainRows;
    const { s: s2, z: z2, r: r2 } = positive;
    const count = d.length;
    let value = 0;
    let mass = 0;
    for (let t = 0; t < count; t++) {
      r1[t] = d[t] - (t > 0 ? d[t - 1] : 0) + portfolio[t] - s1[t];
      r2[t] = d[t] - s2[t];
      rdd[t] = (t + 1 < count ? z1[t + 1] : 0) - z1[t] - z2[t];
    }
    if (kind === 'mean') {
      for (let t = 0; t < count; t++) {
        rdd[t] += charges[t] * zc;
        value += charges[t] * d[t];
      }
    }
    if (above) {
      const { s: s3, z: z3, r: r3 } = above;
      for (let t = 0; t < count; t++) {
        r3[t] = alpha + u[t] - d[t] - s3[t];
        rdd[t] += z3[t];
        mass += z3[t];
      }
      if (excess) {
        const { s: s4, z: z4, r: r4 } = excess;
        for (let t = 0; t < count; t++) {
          r4[t] = u[t] - s4[t];
          rdu[t] = charges[t] * zc - z3[t] - z4[t];
          value += charges[t] * u[t];
        }
      }
    }
    scenarios.addTransposed(chainRows.z, dual.w, -1);
    if (place !== undefined) dual.g[place] -= mass - (kind === 'tail' ? zc : 0);
    if (coupling) {
      coupling.r[0] = g[risk] - (kind === 'tail' ? alpha : 0) - value - coupling.s[0];
      dual.g[risk] -= zc;
    }
  }

  ownInfeasibility(): { primal: number; dual: number } {
    let worst = 0;
    for (let t = 0; t < this.a.d.length; t++) {
      worst = Math.max(worst, Math.abs(this.a.rdd[t]), this.excess ? Math.abs(this.a.rdu[t]) : 0);
    }
    return { primal: 0, dual: worst };
  }

  assemble(system: NewtonSystem): void {
    const { scenarios, kind, charges, risk, threshold, border } = this.options;
    const { d3, h, y, x, flow, share, pull } = this.a;
    const { ratio: w1 } = this.chainRows;
    const { ratio: w2 } = this.positive;
    const { above, excess, coupling, chain } = this;
    let corner = coupling ? 1 / coupling.weight(0) : 0;
    for (let t = 0; t < w1.length; t++) {
      if (above && excess) {
        const w3 = above.ratio[t];
        const w4 = excess.ratio[t];
        const inverse = 1 / (w3 + w4);
        share[t] = inverse;
        d3[t] = w3 * w4 * inverse;
        h[t] = charges[t] * w3 * inverse;
        corner += charges[t] * charges[t] * inverse;
      } else if (above) d3[t] = above.ratio[t];
      else h[t] = charges[t];
      pull[t] = w2[t] + d3[t];
      y[t] = w2[t];
    }
    chain.factorise(w1, pull);
    this.addCurvature(system);
    const place = kind === 'most' ? risk : threshold;
    if (place !== undefined) {
      // y = 1 - response of the drawdowns to the threshold, positive by construction
      y[0] += w1[0];
      chain.solve(y);
      chain.flow(y, flow);
      for (let t = 0; t < w1.length; t++) flow[t] = -flow[t];
      flow[0] += w1[0];
      scenarios.addTransposed(flow, system.border[place]);
      let own = 0;
      let cross = -1;
      for (let t = 0; t < w1.length; t++) {
        own += d3[t] * y[t];
        cross += h[t] * y[t];
      }
      system.addCorner(place, place, own);
      if (border !== undefined) system.addCorner(place, border, cross);
    }
    if (border === undefined) return;
    x.set(h);
    chain.solve(x);
    for (let t = 0; t < w1.length; t++) corner += h[t] * x[t];
    chain.flow(x, flow);
    scenarios.addTransposed(flow, system.border[border]);
    system.addCorner(risk, border, 1);
    system.addCorner(border, border, -corner);
  }

  /** R'KR with K the inverse of a tridiagonal matrix: a recursion over the scenario rows, then one weighted cross product. */
  private addCurvature(system: NewtonSystem): void {
    const { work, pull, flow } = this.a;
    const { past } = this.chain;
    const { scenarios } = this.options;
    for (let t = 0; t < work.length; t++) {
      work[t] = (past[t] * pull[t]) / (past[t] + pull[t]);
      flow[t] = t === 0 ? 0 : past[t - 1] / (past[t - 1] + pull[t - 1]);
    }
    const rows = { weights: work, keep: flow };
    weightedCross(scenarios.values, scenarios.periods, system.n, rows, { out: system.hessian });
  }

  load({ bw, bb }: NewtonSystem): void {
    const { scenarios, kind, charges, risk, threshold, border } = this.options;
    const { m, q, y, x, work, flow, share, rdd, rdu, bu, dd } = this.a;
    const { chainRows, positive, above, excess, coupling, chain } = this;
    const count = m.length;
    let mass = 0;
    let value = 0;
    if (above && excess) {
      const { ratio: w3 } = above;
      const { ratio: w4 } = excess;
      above.loadAll(q);
      excess.loadAll(bu);
      for (let t = 0; t < count; t++) {
        const third = q[t];
        const fourth = bu[t] - rdu[t];
        bu[t] = third + fourth;
        q[t] = (w4[t] * third - w3[t] * fourth) * share[t];
        value += charges[t] * bu[t] * share[t];
        mass += q[t];
      }
    } else if (above) {
      above.loadAll(q);
      for (let t = 0; t < count; t++) mass += q[t];
    }
    chainRows.loadAll(work);
    positive.loadAll(dd);
    let byThreshold = 0;
    let byCoupling = 0;
    for (let t = 0; t < count; t++) {
      const push = work[t] - (t + 1 < count ? work[t + 1] : 0) + dd[t] - rdd[t] - q[t];
      m[t] = push;
      byThreshold += (1 - y[t]) * push;
      byCoupling += x[t] * push;
    }
    chain.solve(m);
    chain.flow(m, flow);
    for (let t = 0; t < count; t++) work[t] -= flow[t];
    scenarios.addTransposed(work, bw);
    const place = kind === 'most' ? risk : threshold;
    if (place !== undefined) bb[place] += mass + byThreshold;
    if (border !== undefined && coupling) {
      bb[border] += coupling.target[0] / coupling.z[0] - coupling.r[0] + value + byCoupling;
    }
  }

  expand({ dw, db }: NewtonSystem): void {
    const { scenarios, kind, charges, risk, threshold, border } = this.options;
    const { dd, du, m, h, y, x, work, flow, share, bu } = this.a;
    const { chainRows, positive, above, excess, coupling, chain } = this;
    const { ratio: w1 } = chainRows;
    const count = m.length;
    const place = kind === 'most' ? risk : threshold;
    const alpha = place === undefined ? 0 : db[place];
    const price = border === undefined ? 0 : -db[border];
    scenarios.multiply(dw, work);
    for (let t = 0; t < count; t++) flow[t] = w1[t] * work[t];
    for (let t = 0; t + 1 < count; t++) dd[t] = flow[t + 1] - flow[t];
    dd[count - 1] = -flow[count - 1];
    chain.solve(dd);
    let value = 0;
    if (place === undefined) for (let t = 0; t < count; t++) dd[t] += m[t] - x[t] * price;
    else for (let t = 0; t < count; t++) dd[t] += m[t] - x[t] * price + (1 - y[t]) * alpha;
    work[0] += dd[0];
    for (let t = 1; t < count; t++) work[t] += dd[t] - dd[t - 1];
    chainRows.followAll(work);
    positive.followAll(dd);
    if (above && excess) {
      const { ratio: w3 } = above;
      for (let t = 0; t < count; t++) {
        const step = (bu[t] - w3[t] * (alpha - dd[t]) - charges[t] * price) * share[t];
        du[t] = step;
        value += charges[t] * step;
      }
      excess.followAll(du);
    }
    if (above) {
      for (let t = 0; t < count; t++) work[t] = alpha + du[t] - dd[t];
      above.followAll(work);
    }
    if (kind === 'mean') for (let t = 0; t < count; t++) value += h[t] * dd[t];
    if (coupling) {
      coupling.ds[0] = db[risk] - (kind === 'tail' ? alpha : 0) - value + coupling.r[0];
      coupling.dz[0] = price;
    }
  }

  advance(primal: number, dual: number): void {
    for (const rows of this.rows) rows.advance(primal, dual);
    const { d, u, dd, du } = this.a;
    for (let t = 0; t < d.length; t++) {
      d[t] += primal * dd[t];
      u[t] += primal * du[t];
    }
  }

  cost(): number {
    return 0;
  }
}
