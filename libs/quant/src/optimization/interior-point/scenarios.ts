/** T x n scenario returns, shared by all parts that look at them. */
export class Scenarios {
  constructor(
    readonly values: Float64Array,
    readonly periods: number,
    readonly n: number,
  ) {}

  /** All of them times a factor. */
  times(factor: number): Scenarios {
    return new Scenarios(
      this.values.map((value) => value * factor),
      this.periods,
      this.n,
    );
  }

  /** Some of the scenarios, in the given order, times a factor. */
  pick(rows: Int32Array, factor: number): Scenarios {
    const { values, n } = this;
    const picked = new Float64Array(rows.length * n);
    for (let k = 0; k < rows.length; k++) {
      for (let i = 0, from = rows[k] * n; i < n; i++) picked[k * n + i] = factor * values[from + i];
    }
    return new Scenarios(picked, rows.length, n);
  }

  /** Returns summed from one of the given periods (ascending, each included) to the next, times a factor; what comes after the last is dropped. */
  between(ends: Int32Array, factor: number): Scenarios {
    const { values, n } = this;
    const summed = new Float64Array(ends.length * n);
    for (let k = 0, t = 0; k < ends.length; k++) {
      for (; t <= ends[k]; t++) for (let i = 0; i < n; i++) summed[k * n + i] += values[t * n + i];
    }
    for (let k = 0; k < summed.length; k++) summed[k] *= factor;
    return new Scenarios(summed, ends.length, n);
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
