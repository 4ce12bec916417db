/** A diagonal matrix with the interface of `DenseFactor`: a square root a row instead of a factorisation. */
export class DiagonalFactor {
  readonly columns: readonly Float64Array[];
  readonly x: Float64Array;
  readonly residual: Float64Array;
  private readonly diagonal: Float64Array;
  private readonly root: Float64Array;

  constructor(
    readonly n: number,
    readonly m: number,
  ) {
    this.columns = Array.from({ length: m }, () => new Float64Array(n));
    this.x = new Float64Array(n);
    this.residual = new Float64Array(n);
    this.diagonal = new Float64Array(n);
    this.root = new Float64Array(n);
  }

  clear(): void {
    this.diagonal.fill(0);
  }

  addDiagonal(i: number, value: number): void {
    this.diagonal[i] += value;
  }

  factorise(): void {
    const { n, diagonal, root } = this;
    // as in the dense factor: a pivot that rounding has made non-positive keeps its variable where it is
    for (let i = 0; i < n; i++) root[i] = diagonal[i] > 0 ? Math.sqrt(diagonal[i]) : 1e64;
    for (const column of this.columns) for (let i = 0; i < n; i++) column[i] /= root[i];
  }

  forward(): void {
    for (let i = 0; i < this.n; i++) this.x[i] /= this.root[i];
  }

  backward(): void {
    this.forward();
  }

  subtractProduct(): void {
    for (let i = 0; i < this.n; i++) this.residual[i] -= this.diagonal[i] * this.x[i];
  }
}
