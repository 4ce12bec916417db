import { denseModuleBase64 } from './dense-module';

/** What the module exports; pointers are byte offsets into its memory. */
interface DenseExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  pack(
    x: number,
    rows: number,
    n: number,
    shift: number,
    weights: number,
    keep: number,
    plain: number,
    scaled: number,
  ): void;
  cross(a: number, b: number, rows: number, groups: number, out: number): void;
  cholesky(a: number, n: number, rows: number, floor: number): void;
  minPlus(
    x: number,
    matrix: number,
    n: number,
    from: number,
    to: number,
    rowFrom: number,
    rowTo: number,
    out: number,
  ): void;
}

/** The part of the JavaScript interface that is used; the ES library types leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

let loaded: DenseExports | undefined;

/** Compiled on first use: a few kilobytes, about a millisecond. */
function kernels(): DenseExports {
  if (loaded === undefined) {
    const bytes = Uint8Array.from(atob(denseModuleBase64), (character) => character.charCodeAt(0));
    const module = new WebAssembly.Module(bytes);
    loaded = new WebAssembly.Instance(module).exports as unknown as DenseExports;
  }
  return loaded;
}

/** The module's memory, grown to hold `lengths` doubles one array after the other, each on a 16-byte boundary. */
function layout(lengths: readonly number[]): { readonly offsets: readonly number[]; readonly view: Float64Array } {
  const { memory } = kernels();
  let end = 1024;
  const offsets = lengths.map((length) => {
    const offset = end;
    end += Math.ceil(length / 2) * 16;
    return offset;
  });
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return { offsets, view: new Float64Array(memory.buffer) };
}

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

/**
 * Cholesky factor in place of the lower triangle (row by row); a pivot at or below `floor` becomes 1e64.
 * The right-hand sides (length n each) become their solutions with the factor.
 */
export function choleskyInPlace(
  a: Float64Array,
  n: number,
  floor: Float64Array,
  rightSides: readonly Float64Array[] = [],
): void {
  const rows = n + rightSides.length;
  const { offsets, view } = layout([rows * n, n]);
  const at = offsets[0] / 8;
  view.set(a, at);
  rightSides.forEach((b, k) => view.set(b, at + (n + k) * n));
  view.set(floor, offsets[1] / 8);
  kernels().cholesky(offsets[0], n, rows, offsets[1]);
  a.set(view.subarray(at, at + n * n));
  rightSides.forEach((b, k) => b.set(view.subarray(at + (n + k) * n, at + (n + k + 1) * n)));
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
