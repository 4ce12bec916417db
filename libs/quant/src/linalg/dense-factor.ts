import { invariant } from '@allostat/kernel';
import { kernelInstance, layout, type DenseExports } from './kernel-memory';

let workspace: DenseExports | undefined;
/** Which factor the memory belongs to. */
let owner: symbol | undefined;

/**
 * A symmetric n x n matrix (lower triangle, row by row), its Cholesky factor L, and m columns L^-1 b, all in the kernels' memory, so
 * that a solve copies nothing. One at a time: making the next one takes the memory away from the last.
 */
export class DenseFactor {
  readonly matrix: Float64Array;
  /** Right-hand sides before `factorise`, L^-1 times themselves after it. */
  readonly columns: readonly Float64Array[];
  /** The vector that `forward` and `backward` work on, and that `subtractProduct` multiplies. */
  readonly x: Float64Array;
  /** What `subtractProduct` takes the product from. */
  readonly residual: Float64Array;
  private readonly factor: Float64Array;
  private readonly floor: Float64Array;
  private readonly exports: DenseExports;
  private readonly at: readonly number[];
  private readonly key = Symbol('factor');

  constructor(
    readonly n: number,
    readonly m: number,
  ) {
    workspace ??= kernelInstance();
    this.exports = workspace;
    const lengths = [n * n, (n + m) * n, n, n, n];
    const { offsets, view } = layout(lengths, workspace);
    const [matrix, factor, floor, x, residual] = offsets.map((offset, k) =>
      view.subarray(offset / 8, offset / 8 + lengths[k]).fill(0),
    );
    [this.matrix, this.factor, this.floor, this.x, this.residual] = [matrix, factor, floor, x, residual];
    this.columns = Array.from({ length: m }, (_, k) => factor.subarray((n + k) * n, (n + k + 1) * n));
    this.at = offsets;
    owner = this.key;
  }

  clear(): void {
    this.matrix.fill(0);
  }

  addDiagonal(i: number, value: number): void {
    this.matrix[i * this.n + i] += value;
  }

  /** Factors the matrix; a pivot that rounding has made non-positive becomes huge: its variable does not move. */
  factorise(): void {
    invariant(owner === this.key, 'the memory of this factor belongs to a newer one');
    const { n, m, matrix, factor, floor, at } = this;
    factor.set(matrix);
    for (let i = 0; i < n; i++) floor[i] = 1e-30 * Math.abs(matrix[i * n + i]);
    this.exports.cholesky(at[1], n, n + m, at[2]);
  }

  /** x becomes L^-1 x. */
  forward(): void {
    this.exports.forward(this.at[1], this.n, this.at[3]);
  }

  /** x becomes L'^-1 x. */
  backward(): void {
    this.exports.backward(this.at[1], this.n, this.at[3]);
  }

  /** residual -= matrix times x. */
  subtractProduct(): void {
    this.exports.subtractSymmetric(this.at[0], this.n, this.at[3], this.at[4]);
  }
}
