/** LU factors of a small dense matrix with row scaling and partial pivoting; a vanishing pivot leaves its variable at zero. */
export class LuFactor {
  private readonly lu: Float64Array;
  private readonly order: Int32Array;
  private readonly scale: Float64Array;

  constructor(
    source: Float64Array,
    private readonly n: number,
  ) {
    const lu = source.slice();
    this.lu = lu;
    this.order = Int32Array.from({ length: n }, (_, i) => i);
    // symmetric equilibration: rows and columns by the root of their largest entry
    this.scale = Float64Array.from({ length: n }, (_, i) => {
      let most = 0;
      for (let j = 0; j < n; j++) most = Math.max(most, Math.abs(lu[i * n + j]));
      return most > 0 ? 1 / Math.sqrt(most) : 1;
    });
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) lu[i * n + j] *= this.scale[i] * this.scale[j];
    for (let k = 0; k < n; k++) {
      let pivot = k;
      for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]) > Math.abs(lu[pivot * n + k])) pivot = i;
      if (pivot !== k) {
        for (let j = 0; j < n; j++) [lu[k * n + j], lu[pivot * n + j]] = [lu[pivot * n + j], lu[k * n + j]];
        [this.order[k], this.order[pivot]] = [this.order[pivot], this.order[k]];
      }
      const value = lu[k * n + k];
      if (value === 0) continue;
      for (let i = k + 1; i < n; i++) {
        const factor = (lu[i * n + k] /= value);
        if (factor !== 0) for (let j = k + 1; j < n; j++) lu[i * n + j] -= factor * lu[k * n + j];
      }
    }
  }

  /** Replaces b by the solution. */
  solve(b: Float64Array): void {
    const { n, lu, scale } = this;
    const x = Float64Array.from(this.order, (row) => b[row] * scale[row]);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) x[i] -= lu[i * n + j] * x[j];
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) x[i] -= lu[i * n + j] * x[j];
      const pivot = lu[i * n + i];
      x[i] = Math.abs(pivot) > 1e-300 ? x[i] / pivot : 0;
    }
    for (let i = 0; i < n; i++) b[i] = x[i] * scale[i];
  }
}
