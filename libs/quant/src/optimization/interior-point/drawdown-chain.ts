/**
 * The matrix D'WD + E of a drawdown chain, D the difference of neighbours, W and E positive diagonals.
 * Its pivots are built from sums and products of positive numbers only, so nothing cancels.
 */
export class DrawdownChain {
  readonly pivot: Float64Array;
  /** Part of the pivot that the past contributes, P_t, with P_t + E_t + W_(t+1) the pivot. */
  readonly past: Float64Array;
  private w: Float64Array = new Float64Array(0);

  constructor(readonly count: number) {
    this.pivot = new Float64Array(count);
    this.past = new Float64Array(count);
  }

  factorise(w: Float64Array, e: Float64Array): void {
    this.w = w;
    for (let t = 0; t < this.count; t++) {
      const before = t === 0 ? Infinity : this.past[t - 1] + e[t - 1];
      this.past[t] = t === 0 ? w[0] : (w[t] * before) / (before + w[t]);
      this.pivot[t] = this.past[t] + e[t] + (t + 1 < this.count ? w[t + 1] : 0);
    }
  }

  /** Replaces b by the solution. */
  solve(b: Float64Array): void {
    const { w, pivot, count } = this;
    for (let t = 1; t < count; t++) b[t] += (w[t] / pivot[t - 1]) * b[t - 1];
    b[count - 1] /= pivot[count - 1];
    for (let t = count - 2; t >= 0; t--) b[t] = (b[t] + w[t + 1] * b[t + 1]) / pivot[t];
  }

  /** W D x: the flow between neighbours. */
  flow(x: Float64Array, out: Float64Array): void {
    out[0] = this.w[0] * x[0];
    for (let t = 1; t < this.count; t++) out[t] = this.w[t] * (x[t] - x[t - 1]);
  }
}
