import type { NewtonSystem } from './newton-system';
import type { Part, Point } from './part';
import { Rows, type RowStart } from './rows';

/** An amount 0 <= y <= cap that moves a weight up or down at a price: cost * y + power * y^1.5. */
export interface Piece {
  readonly index: number;
  readonly sign: 1 | -1;
  readonly cap: number;
  readonly cost: number;
  readonly power: number;
}

/** bound + g[relaxation] - sum of share * y >= 0. */
export interface PieceTotal {
  readonly shares: Float64Array;
  readonly bound: number;
  readonly relaxation?: number;
}

export interface PiecesOptions {
  readonly pieces: readonly Piece[];
  /** Weight from which the pieces of an asset depart, by asset index. */
  readonly base: Float64Array;
  readonly totals: readonly PieceTotal[];
  /** Place of the first total's multiplier in the border. */
  readonly border: number;
}

interface Link {
  readonly index: number;
  readonly members: readonly number[];
}

/** w_i = base_i + sum of signed pieces: trades with their costs, tax lots, long and short legs, distance to a reference. */
export class PiecesPart implements Part {
  readonly rows: readonly Rows[];
  readonly curved: boolean;
  readonly dense = false;
  readonly amounts: Float64Array;
  /** Multiplier of each asset's equation, by link. */
  private readonly multipliers: Float64Array;
  private readonly links: readonly Link[];
  private readonly step: Float64Array;
  private readonly multiplierStep: Float64Array;
  private readonly rd: Float64Array;
  private readonly gap: Float64Array;
  private readonly inverse: Float64Array;
  private readonly spread: Float64Array;
  private readonly right: Float64Array;

  constructor(
    private readonly options: PiecesOptions,
    start: Point,
    begin: RowStart,
  ) {
    const { pieces, base, totals } = options;
    const count = pieces.length;
    this.curved = pieces.some((piece) => piece.power > 0);
    const byAsset = new Map<number, number[]>();
    pieces.forEach(({ index }, j) => byAsset.set(index, [...(byAsset.get(index) ?? []), j]));
    this.links = [...byAsset].map(([index, members]) => ({ index, members }));
    const make = (length: number): Float64Array => new Float64Array(length);
    [this.amounts, this.step, this.rd, this.inverse, this.right] = [
      make(count),
      make(count),
      make(count),
      make(count),
      make(count),
    ];
    const m = this.links.length;
    [this.multipliers, this.multiplierStep, this.gap, this.spread] = [make(m), make(m), make(m), make(m)];
    const positive = new Rows(count);
    const capped = new Rows(count);
    const total = new Rows(totals.length);
    this.rows = [positive, capped, total];
    for (const { index, members } of this.links) {
      const move = start.w[index] - base[index];
      const along = members.filter((j) => pieces[j].sign * move > 0);
      for (const j of members) {
        const share = along.includes(j) ? Math.abs(move) / along.length : 0;
        this.amounts[j] = Math.min(
          Math.max(share, begin.least, 0.05 * Math.min(1, pieces[j].cap)),
          0.9 * pieces[j].cap,
        );
      }
    }
    pieces.forEach(({ cap }, j) => {
      positive.start(j, this.amounts[j], begin, 1e-12);
      capped.start(j, cap - this.amounts[j], begin, 1e-12);
    });
    totals.forEach((row, k) => total.start(k, this.totalSlack(row, start), begin));
  }

  residuals(point: Point, dual: Point): void {
    const { pieces, base, totals } = this.options;
    const [positive, capped, total] = this.rows;
    const y = this.amounts;
    for (let j = 0; j < pieces.length; j++) {
      const { cap, cost, power } = pieces[j];
      positive.r[j] = y[j] - positive.s[j];
      capped.r[j] = cap - y[j] - capped.s[j];
      this.rd[j] = cost + 1.5 * power * Math.sqrt(positive.s[j]) - positive.z[j] + capped.z[j];
    }
    for (let k = 0; k < this.links.length; k++) {
      const { index, members } = this.links[k];
      let sum = point.w[index] - base[index];
      for (let at = 0; at < members.length; at++) {
        const j = members[at];
        sum -= pieces[j].sign * y[j];
        this.rd[j] += pieces[j].sign * this.multipliers[k];
      }
      this.gap[k] = sum;
      dual.w[index] -= this.multipliers[k];
    }
    totals.forEach((row, k) => {
      total.r[k] = this.totalSlack(row, point) - total.s[k];
      for (let j = 0; j < y.length; j++) this.rd[j] += row.shares[j] * total.z[k];
      if (row.relaxation !== undefined) dual.g[row.relaxation] -= total.z[k];
    });
  }

  ownInfeasibility(): { primal: number; dual: number } {
    const worst = (values: Float64Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    return { primal: worst(this.gap), dual: worst(this.rd) };
  }

  assemble(system: NewtonSystem): void {
    const { pieces, totals, border } = this.options;
    const [positive, capped, total] = this.rows;
    pieces.forEach(({ power }, j) => {
      // by the slack, which stays positive where rounding takes the amount itself below zero
      const bend = power > 0 ? (0.75 * power) / Math.sqrt(positive.s[j]) : 0;
      this.inverse[j] = 1 / (bend + positive.weight(j) + capped.weight(j));
    });
    totals.forEach((row, k) => {
      system.addCorner(border + k, border + k, -1 / total.weight(k));
      if (row.relaxation !== undefined) system.addCorner(row.relaxation, border + k, 1);
    });
    this.links.forEach(({ index, members }, link) => {
      let sum = 0;
      for (const j of members) sum += this.inverse[j];
      this.spread[link] = sum;
      system.addDiagonal(index, 1 / sum);
      totals.forEach((row, k) => {
        let pull = 0;
        for (const j of members) pull += pieces[j].sign * row.shares[j] * this.inverse[j];
        system.border[border + k][index] -= pull / sum;
        for (let other = 0; other <= k; other++) {
          system.addCorner(border + k, border + other, -this.rest(members, row.shares, totals[other].shares) / sum);
        }
      });
    });
  }

  /** (sum x)(sum q q' x) - (sum a q x)(sum a q' x) by Lagrange's identity, x the inverse curvatures: a sum without cancellation. */
  private rest(members: readonly number[], q: Float64Array, other: Float64Array): number {
    const { pieces } = this.options;
    let sum = 0;
    for (let a = 0; a < members.length; a++) {
      for (let b = 0; b < a; b++) {
        const [j, k] = [members[a], members[b]];
        const first = pieces[j].sign * q[k] - pieces[k].sign * q[j];
        const second = pieces[j].sign * other[k] - pieces[k].sign * other[j];
        sum += this.inverse[j] * this.inverse[k] * first * second;
      }
    }
    return sum;
  }

  load({ bw, bb }: NewtonSystem): void {
    const { pieces, totals, border } = this.options;
    const [positive, capped, total] = this.rows;
    for (let j = 0; j < pieces.length; j++) this.right[j] = positive.load(j) - capped.load(j) - this.rd[j];
    totals.forEach((row, k) => {
      let sum = total.target[k] / total.z[k] - total.r[k];
      for (let j = 0; j < pieces.length; j++) sum += row.shares[j] * this.right[j] * this.inverse[j];
      bb[border + k] += sum;
    });
    for (let link = 0; link < this.links.length; link++) {
      const { index, members } = this.links[link];
      let push = -this.gap[link];
      for (let at = 0; at < members.length; at++) {
        const j = members[at];
        push += pieces[j].sign * this.right[j] * this.inverse[j];
      }
      bw[index] += push / this.spread[link];
      for (let k = 0; k < totals.length; k++) {
        let pull = 0;
        for (const j of members) pull += pieces[j].sign * totals[k].shares[j] * this.inverse[j];
        bb[border + k] -= (pull * push) / this.spread[link];
      }
    }
  }

  expand({ dw, db }: NewtonSystem): void {
    const { pieces, totals, border } = this.options;
    const [positive, capped, total] = this.rows;
    const prices = totals.map((_, k) => -db[border + k]);
    const { step, right, inverse } = this;
    // what each piece would do by itself
    for (let j = 0; j < step.length; j++) {
      let value = right[j];
      for (let k = 0; k < totals.length; k++) value -= totals[k].shares[j] * prices[k];
      step[j] = value * inverse[j];
    }
    for (let link = 0; link < this.links.length; link++) {
      const { index, members } = this.links[link];
      let sum = -this.gap[link] - dw[index];
      for (let at = 0; at < members.length; at++) sum += pieces[members[at]].sign * step[members[at]];
      const nu = sum / this.spread[link];
      this.multiplierStep[link] = nu;
      for (let at = 0; at < members.length; at++) {
        const j = members[at];
        step[j] -= pieces[j].sign * nu * inverse[j];
      }
    }
    for (let j = 0; j < step.length; j++) {
      positive.follow(j, step[j]);
      capped.follow(j, -step[j]);
    }
    totals.forEach((row, k) => {
      let move = row.relaxation === undefined ? 0 : db[row.relaxation];
      for (let j = 0; j < pieces.length; j++) move -= row.shares[j] * this.step[j];
      total.ds[k] = move + total.r[k];
      total.dz[k] = prices[k];
    });
  }

  advance(primal: number, dual: number): void {
    for (const rows of this.rows) rows.advance(primal, dual);
    for (let j = 0; j < this.amounts.length; j++) this.amounts[j] += primal * this.step[j];
    for (let k = 0; k < this.multipliers.length; k++) this.multipliers[k] += dual * this.multiplierStep[k];
    if (this.curved) this.settleMultipliers();
  }

  /**
   * A step sees the slope of y^1.5 as a straight line, which it is not near zero. What is left over goes into the multiplier of
   * y >= 0 where that hardly moves it, so that the optimality conditions hold there exactly.
   */
  private settleMultipliers(): void {
    const { pieces, totals } = this.options;
    const [positive, capped, total] = this.rows;
    for (let k = 0; k < this.links.length; k++) {
      for (const j of this.links[k].members) {
        const { cost, power, sign } = pieces[j];
        if (power === 0) continue;
        let exact = cost + 1.5 * power * Math.sqrt(positive.s[j]) + capped.z[j] + sign * this.multipliers[k];
        for (let i = 0; i < totals.length; i++) exact += totals[i].shares[j] * total.z[i];
        if (exact > 0.5 * positive.z[j] && exact < 2 * positive.z[j]) positive.z[j] = exact;
      }
    }
  }

  cost(): number {
    let sum = 0;
    this.options.pieces.forEach(({ cost, power }, j) => {
      const y = Math.max(0, this.amounts[j]);
      sum += cost * y + power * y * Math.sqrt(y);
    });
    return sum;
  }

  /**
   * Force on each of `n` weights, and the share of it that the price of the pieces has, then each total: in proportion to what either asks of
   * the next unit in the direction in which the asset moves or is held back.
   */
  forces(n: number): { readonly forces: Float64Array; readonly shares: readonly Float64Array[] } {
    const { pieces, totals } = this.options;
    const [positive, , total] = this.rows;
    const forces = new Float64Array(n);
    const shares = [undefined, ...totals].map(() => new Float64Array(n));
    for (let k = 0; k < this.links.length; k++) {
      const { index, members } = this.links[k];
      const force = this.multipliers[k];
      forces[index] = force;
      // a force up holds back what moves the weight down
      const against = members.filter((j) => pieces[j].sign * force < 0);
      const last = against.reduce((best, j) => (positive.z[j] < positive.z[best] ? j : best), against[0]);
      const asked =
        last === undefined
          ? shares.map(() => 0)
          : [
              pieces[last].cost + 1.5 * pieces[last].power * Math.sqrt(Math.max(0, this.amounts[last])),
              ...totals.map((row, t) => row.shares[last] * total.z[t]),
            ];
      const sum = asked.reduce((whole, value) => whole + value, 0);
      shares.forEach((share, s) => (share[index] = sum > 0 ? asked[s] / sum : s === 0 ? 1 : 0));
    }
    return { forces, shares };
  }

  private totalSlack({ shares, bound, relaxation }: PieceTotal, { g }: Point): number {
    let sum = bound + (relaxation === undefined ? 0 : g[relaxation]);
    for (let j = 0; j < shares.length; j++) sum -= shares[j] * this.amounts[j];
    return sum;
  }
}
