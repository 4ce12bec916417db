import { kernels, layout } from './kernel-memory';

export interface CrossOptions {
  /** Number taken off each column first, for example its mean. */
  readonly shift?: Float64Array;
  /** Weight of each row, all 1 when left out. */
  readonly weights?: Float64Array;
  /** Replaces every row by row + keep[t] * (replaced row before it). */
  readonly keep?: Float64Array;
}

/**
 * Adds the lower triangle of (X - shift)' diag(weights) (X - shift) times a factor to an n x n matrix; X is rows x n, row by row.
 * Runs in WebAssembly with plain multiply and add: the same bits on every machine and for every number of threads.
 */
export function weightedCross(
  x: Float64Array,
  rows: number,
  n: number,
  { shift, weights, keep }: CrossOptions,
  addTo: { readonly out: Float64Array; readonly factor?: number },
): void {
  const groups = Math.ceil(n / 4);
  const ld = groups * 4;
  const { offsets, view } = layout([rows * n, ld, rows, rows, rows * ld, weights ? rows * ld : 0, ld * ld]);
  const [source, centre, scale, recursion, plain, scaled, out] = offsets;
  view.set(x, source / 8);
  if (shift) view.fill(0, centre / 8, centre / 8 + ld).set(shift, centre / 8);
  if (weights) view.set(weights, scale / 8);
  if (keep) view.set(keep, recursion / 8);
  const { pack, cross } = kernels();
  pack(source, rows, n, shift ? centre : 0, weights ? scale : 0, keep ? recursion : 0, plain, scaled);
  cross(weights ? scaled : plain, plain, rows, groups, out);
  const factor = addTo.factor ?? 1;
  for (let i = 0; i < n; i++) {
    for (let j = 0, k = i * n, from = out / 8 + i * ld; j <= i; j++) addTo.out[k++] += factor * view[from++];
  }
}

/** A'B for A rows x n and B rows x m, all row by row; the result is n x m. The same bits on every machine. */
export function transposedProduct(
  a: Float64Array,
  b: Float64Array,
  { rows, n, m }: { readonly rows: number; readonly n: number; readonly m: number },
): Float64Array {
  const [left, right] = [Math.ceil(n / 4), Math.ceil(m / 4)];
  const ld = 4 * right;
  const { offsets, view } = layout([rows * n, rows * m, rows * left * 4, rows * ld, left * 4 * ld]);
  const [source, other, packed, packedOther, out] = offsets;
  view.set(a, source / 8);
  view.set(b, other / 8);
  const { pack, product } = kernels();
  pack(source, rows, n, 0, 0, 0, packed, 0);
  pack(other, rows, m, 0, 0, 0, packedOther, 0);
  product(packed, packedOther, rows, left, right, out);
  const result = new Float64Array(n * m);
  for (let i = 0; i < n; i++) result.set(view.subarray(out / 8 + i * ld, out / 8 + i * ld + m), i * m);
  return result;
}

/** Two n x n matrices inside the module's memory, for work that reads them many times; valid until the next kernel is called. */
export interface MinPlusTables {
  readonly cost: Float64Array;
  readonly d: Float64Array;
  /**
   * least[k] over m in [m0, m1) of cost(u, m) + d(k, m) for k in [b0, b1), then for w in [w0, w1) the least over k in
   * [k0, k1) of least[k] + cost(w, k); the latter is returned as a view, first w first.
   */
  ends(ranges: {
    readonly u: number;
    readonly m: readonly [number, number];
    readonly b: readonly [number, number];
    readonly parts: readonly { readonly w: readonly [number, number]; readonly k: readonly [number, number] }[];
  }): Float64Array;
}

/** Lays the tables out; both start at zero. */
export function minPlusTables(n: number): MinPlusTables {
  const { offsets, view } = layout([n * n, n * n, n, n]);
  const [costAt, dAt, bridgeAt, outAt] = offsets;
  const table = (at: number, length: number): Float64Array => view.subarray(at / 8, at / 8 + length);
  const cost = table(costAt, n * n).fill(0);
  const d = table(dAt, n * n).fill(0);
  const out = table(outAt, n);
  const { minPlus } = kernels();
  return {
    cost,
    d,
    ends: ({ u, m, b, parts }) => {
      minPlus(costAt + u * n * 8, dAt, n, m[0], m[1], b[0], b[1], bridgeAt);
      for (const { w, k } of parts) {
        minPlus(bridgeAt - b[0] * 8, costAt, n, k[0], k[1], w[0], w[1], outAt + (w[0] - b[0]) * 8);
      }
      return out;
    },
  };
}
