import { denseModuleBase64 } from './dense-module';

/** What the module exports; pointers are byte offsets into its memory. */
export interface DenseExports {
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
  product(a: number, b: number, rows: number, groupsA: number, groupsB: number, out: number): void;
  forward(l: number, n: number, b: number): void;
  backward(l: number, n: number, b: number): void;
  subtractSymmetric(h: number, n: number, x: number, out: number): void;
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

let compiled: object | undefined;
let scratch: DenseExports | undefined;

/** Compiled on first use: a few kilobytes, about a millisecond. */
export function kernelInstance(): DenseExports {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(denseModuleBase64), (c) => c.charCodeAt(0)));
  return new WebAssembly.Instance(compiled).exports as unknown as DenseExports;
}

/** The instance whose memory every call of a kernel lays out anew. */
export function kernels(): DenseExports {
  scratch ??= kernelInstance();
  return scratch;
}

export interface Layout {
  readonly offsets: readonly number[];
  readonly view: Float64Array;
}

/** An instance's memory, grown to hold `lengths` doubles one array after the other, each on a 16-byte boundary. */
export function layout(lengths: readonly number[], { memory }: DenseExports = kernels()): Layout {
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
