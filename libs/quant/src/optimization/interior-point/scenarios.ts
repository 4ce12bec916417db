import { packColumns, blockProduct } from '../../linalg/cross-product';

/** T x n scenario returns in the layouts that the solver needs; shared by all parts that look at them. */
export class Scenarios {
  readonly panels: readonly Float64Array[];

  constructor(
    readonly values: Float64Array,
    readonly periods: number,
    readonly n: number,
  ) {
    this.panels = packColumns(values, periods, n);
  }

  /** R w into `out`. */
  multiply(w: Float64Array, out: Float64Array): void {
    const { values, n } = this;
    for (let t = 0, k = 0; t < this.periods; t++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += values[k++] * w[i];
      out[t] = sum;
    }
  }

  /** Adds factor * R'q to `out`. */
  addTransposed(q: Float64Array, out: Float64Array, factor = 1): void {
    const { values, n } = this;
    for (let t = 0; t < this.periods; t++) {
      const value = factor * q[t];
      if (value === 0) continue;
      for (let i = 0, k = t * n; i < n; i++, k++) out[i] += value * values[k];
    }
  }
}

/** Adds X' diag(weights) X to the lower triangle of an n x n matrix; X in column groups of four. Rows of negligible weight are left out. */
export function addWeightedCross(
  panels: readonly Float64Array[],
  weights: Float64Array,
  n: number,
  out: Float64Array,
): void {
  let most = 0;
  for (const weight of weights) most = Math.max(most, weight);
  const cut = most * 1e-15;
  let kept = 0;
  for (const weight of weights) if (weight > cut) kept++;
  const dense = kept === weights.length;
  const compact = dense ? panels : panels.map(() => new Float64Array(kept * 4));
  const scaled = panels.map(() => new Float64Array(kept * 4));
  for (let p = 0; p < panels.length; p++) {
    const source = panels[p];
    const plain = compact[p];
    const weighted = scaled[p];
    for (let t = 0, k = 0; t < weights.length; t++) {
      const weight = weights[t];
      if (!(weight > cut)) continue;
      for (let a = 0; a < 4; a++) {
        const value = source[t * 4 + a];
        if (!dense) plain[k + a] = value;
        weighted[k + a] = weight * value;
      }
      k += 4;
    }
  }
  const block = new Float64Array(16);
  for (let p = 0; p < panels.length; p++) {
    for (let q = 0; q <= p; q++) {
      blockProduct(scaled[p], compact[q], kept, block);
      for (let a = 0; a < 4 && p * 4 + a < n; a++) {
        const row = (p * 4 + a) * n + q * 4;
        for (let b = 0; b < 4 && q * 4 + b < n; b++) out[row + b] += block[a * 4 + b];
      }
    }
  }
}
