/**
 * The matrix D'WD + E of a drawdown chain, D the difference of neighbours, W and E positive diagonals.
 * Its pivots are built from sums and products of positive numbers only, so nothing cancels.
 */
export class DrawdownChain {
  readonly pivot: Float64Array;
  /** Part of the pivot that the past contributes, P_t, with P_t + E_t + W_(t+1) the pivot. */
  readonly past: Float64Array;
  private w: Float64Array = new Float64Array(0);
  private readonly inverse: Float64Array;
  /** W_t over the pivot before it. */
  private readonly carry: Float64Array;

  constructor(readonly count: number) {
    this.pivot = new Float64Array(count);
    this.past = new Float64Array(count);
    this.inverse = new Float64Array(count);
    this.carry = new Float64Array(count);
  }

  factorise(w: Float64Array, e: Float64Array): void {
    this.w = w;
    const { past, pivot, inverse, carry, count } = this;
    for (let t = 0; t < count; t++) {
      const before = t === 0 ? 0 : past[t - 1] + e[t - 1];
      past[t] = t === 0 ? w[0] : (w[t] * before) / (before + w[t]);
      pivot[t] = past[t] + e[t] + (t + 1 < count ? w[t + 1] : 0);
      inverse[t] = 1 / pivot[t];
      carry[t] = t === 0 ? 0 : w[t] * inverse[t - 1];
    }
  }

  /** Replaces b by the solution. */
  solve(b: Float64Array): void {
    const { inverse, carry, count } = this;
    for (let t = 1; t < count; t++) b[t] += carry[t] * b[t - 1];
    b[count - 1] *= inverse[count - 1];
    // W_(t+1) / pivot_t is the carry of t + 1
    for (let t = count - 2; t >= 0; t--) b[t] = b[t] * inverse[t] + carry[t + 1] * b[t + 1];
  }

  /** W D x: the flow between neighbours. */
  flow(x: Float64Array, out: Float64Array): void {
    const { w, count } = this;
    out[0] = w[0] * x[0];
    for (let t = 1; t < count; t++) out[t] = w[t] * (x[t] - x[t - 1]);
  }
}
