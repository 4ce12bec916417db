/** T x n scenario returns, shared by all parts that look at them. */
export class Scenarios {
  constructor(
    readonly values: Float64Array,
    readonly periods: number,
    readonly n: number,
  ) {}

  /** Some of the scenarios, in the given order. */
  pick(rows: Int32Array): Scenarios {
    const { values, n } = this;
    const picked = new Float64Array(rows.length * n);
    rows.forEach((t, k) => picked.set(values.subarray(t * n, t * n + n), k * n));
    return new Scenarios(picked, rows.length, n);
  }

  /** R w into `out`. */
  multiply(w: Float64Array, out: Float64Array): void {
    const { values, n } = this;
    const whole = n - (n % 4);
    for (let t = 0, k = 0; t < this.periods; t++) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let i = 0;
      for (; i < whole; i += 4, k += 4) {
        a += values[k] * w[i];
        b += values[k + 1] * w[i + 1];
        c += values[k + 2] * w[i + 2];
        d += values[k + 3] * w[i + 3];
      }
      for (; i < n; i++) a += values[k++] * w[i];
      out[t] = a + b + (c + d);
    }
  }

  /** Adds factor * R'q to `out`. */
  addTransposed(q: Float64Array, out: Float64Array, factor = 1): void {
    const { values, n, periods } = this;
    let t = 0;
    for (; t + 3 < periods; t += 4) {
      const q0 = factor * q[t];
      const q1 = factor * q[t + 1];
      const q2 = factor * q[t + 2];
      const q3 = factor * q[t + 3];
      for (let i = 0, k = t * n; i < n; i++, k++) {
        out[i] += q0 * values[k] + q1 * values[k + n] + (q2 * values[k + 2 * n] + q3 * values[k + 3 * n]);
      }
    }
    for (; t < periods; t++) for (let i = 0, k = t * n; i < n; i++) out[i] += factor * q[t] * values[k++];
  }
}
