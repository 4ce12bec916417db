// Dense kernels in AssemblyScript, two doubles a step, plain multiply and add (no fused operations): the same bits on
// every machine. Build with `node libs/quant/kernels/build.mjs`; the module is committed as base64 in
// `src/linalg/dense-module.ts`. Pointers are byte offsets into the exported memory; the caller lays everything out.

const BLOCK: i32 = 256;

// Groups of four columns of a row-major rows x n matrix, each group row by row (padded with zeros), twice: as they are
// and times a weight a row. With shift != 0 a number a column is taken off first. With keep != 0 rows are first replaced by row + keep[t] * previous replaced row.
export function pack(x: usize, rows: i32, n: i32, shift: usize, weights: usize, keep: usize, plain: usize, scaled: usize): void {
  const groups = (n + 3) >> 2;
  const stride = (<usize>n) << 3;
  for (let p = 0; p < groups; p++) {
    const width = min(4, n - (p << 2));
    let source = x + ((<usize>p) << 5);
    let a = plain + (<usize>p) * (<usize>rows) * 32;
    let b = scaled + (<usize>p) * (<usize>rows) * 32;
    let first = f64x2.splat(0);
    let second = f64x2.splat(0);
    let m0 = f64x2.splat(0);
    let m1 = f64x2.splat(0);
    if (shift !== 0) {
      // the caller pads the shifts with zeros to a whole group
      m0 = v128.load(shift + ((<usize>p) << 5));
      m1 = v128.load(shift + ((<usize>p) << 5), 16);
    }
    for (let t = 0; t < rows; t++) {
      let u = f64x2.splat(0);
      let v = f64x2.splat(0);
      if (width === 4) {
        u = v128.load(source);
        v = v128.load(source, 16);
      } else {
        u = f64x2.replace_lane(u, 0, load<f64>(source));
        if (width > 1) u = f64x2.replace_lane(u, 1, load<f64>(source, 8));
        if (width > 2) v = f64x2.replace_lane(v, 0, load<f64>(source, 16));
      }
      u = f64x2.sub(u, m0);
      v = f64x2.sub(v, m1);
      if (keep !== 0) {
        const k = v128.load64_splat(keep + ((<usize>t) << 3));
        u = f64x2.add(u, f64x2.mul(k, first));
        v = f64x2.add(v, f64x2.mul(k, second));
        first = u;
        second = v;
      }
      v128.store(a, u);
      v128.store(a, v, 16);
      if (weights !== 0) {
        const w = v128.load64_splat(weights + ((<usize>t) << 3));
        v128.store(b, f64x2.mul(w, u));
        v128.store(b, f64x2.mul(w, v), 16);
      }
      source += stride;
      a += 32;
      b += 32;
    }
  }
}

// out += A'B for one pair of column groups over `count` rows; out is 4 x 4 with row stride ld (in doubles).
// @ts-ignore: decorator
@inline
function tile(a: usize, b: usize, count: i32, out: usize, ld: usize): void {
  let c00 = f64x2.splat(0), c01 = f64x2.splat(0), c10 = f64x2.splat(0), c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0), c21 = f64x2.splat(0), c30 = f64x2.splat(0), c31 = f64x2.splat(0);
  const end = a + ((<usize>count) << 5);
  while (a < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(s, b0));
    c01 = f64x2.add(c01, f64x2.mul(s, b1));
    s = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(s, b0));
    c11 = f64x2.add(c11, f64x2.mul(s, b1));
    s = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(s, b0));
    c21 = f64x2.add(c21, f64x2.mul(s, b1));
    s = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(s, b0));
    c31 = f64x2.add(c31, f64x2.mul(s, b1));
    a += 32;
    b += 32;
  }
  const step = ld << 3;
  v128.store(out, f64x2.add(v128.load(out), c00));
  v128.store(out, f64x2.add(v128.load(out, 16), c01), 16);
  out += step;
  v128.store(out, f64x2.add(v128.load(out), c10));
  v128.store(out, f64x2.add(v128.load(out, 16), c11), 16);
  out += step;
  v128.store(out, f64x2.add(v128.load(out), c20));
  v128.store(out, f64x2.add(v128.load(out, 16), c21), 16);
  out += step;
  v128.store(out, f64x2.add(v128.load(out), c30));
  v128.store(out, f64x2.add(v128.load(out, 16), c31), 16);
}

// Lower triangle (by tiles) of A'B into out, which has row stride 4 * groups and is cleared first.
export function cross(a: usize, b: usize, rows: i32, groups: i32, out: usize): void {
  const ld = (<usize>groups) << 2;
  memory.fill(out, 0, ld * ld * 8);
  const panel = (<usize>rows) * 32;
  for (let from = 0; from < rows; from += BLOCK) {
    const count = min(BLOCK, rows - from);
    const offset = (<usize>from) << 5;
    for (let p = 0; p < groups; p++) {
      for (let q = 0; q <= p; q++) {
        tile(a + (<usize>p) * panel + offset, b + (<usize>q) * panel + offset, count, out + ((((<usize>p) << 2) * ld + ((<usize>q) << 2)) << 3), ld);
      }
    }
  }
}

// A'B into out, which has row stride 4 * groupsB and is cleared first; both are packed by `pack`.
export function product(a: usize, b: usize, rows: i32, groupsA: i32, groupsB: i32, out: usize): void {
  const ld = (<usize>groupsB) << 2;
  memory.fill(out, 0, ((<usize>groupsA) << 2) * ld * 8);
  const panel = (<usize>rows) * 32;
  for (let from = 0; from < rows; from += BLOCK) {
    const count = min(BLOCK, rows - from);
    const offset = (<usize>from) << 5;
    for (let p = 0; p < groupsA; p++) {
      for (let q = 0; q < groupsB; q++) {
        tile(a + (<usize>p) * panel + offset, b + (<usize>q) * panel + offset, count, out + ((((<usize>p) << 2) * ld + ((<usize>q) << 2)) << 3), ld);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function pair(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// Sum over k < count of r[k] * s[k].
// @ts-ignore: decorator
@inline
function inner(r: usize, s: usize, count: i32): f64 {
  let u = f64x2.splat(0);
  let v = f64x2.splat(0);
  let k = 0;
  for (; k + 3 < count; k += 4) {
    u = f64x2.add(u, f64x2.mul(v128.load(r), v128.load(s)));
    v = f64x2.add(v, f64x2.mul(v128.load(r, 16), v128.load(s, 16)));
    r += 32;
    s += 32;
  }
  let sum = pair(f64x2.add(u, v));
  for (; k < count; k++) {
    sum += load<f64>(r) * load<f64>(s);
    r += 8;
    s += 8;
  }
  return sum;
}

// Cholesky factor in place of the lower triangle, row-major n x n; `floor` holds the least pivot of each row, a smaller
// one becomes 1e64 so that its variable does not move. Columns go in pairs, rows in fours: eight sums in registers.
// Rows below n (right-hand sides, row-major) become their solutions with the factor.
export function cholesky(a: usize, n: i32, rows: i32, floor: usize): void {
  const stride = (<usize>n) << 3;
  for (let j = 0; j < n; j += 2) {
    const rowJ = a + (<usize>j) * stride;
    const rowK = rowJ + stride;
    const at = (<usize>j) << 3;
    const two = j + 1 < n;
    let pivot = load<f64>(rowJ + at) - inner(rowJ, rowJ, j);
    pivot = pivot > load<f64>(floor + at) ? Math.sqrt(pivot) : 1e64;
    store<f64>(rowJ + at, pivot);
    const scale = 1 / pivot;
    let low = 0.0;
    let scaleK = 0.0;
    if (two) {
      low = (load<f64>(rowK + at) - inner(rowK, rowJ, j)) * scale;
      store<f64>(rowK + at, low);
      let next = load<f64>(rowK + at, 8) - inner(rowK, rowK, j) - low * low;
      next = next > load<f64>(floor + at, 8) ? Math.sqrt(next) : 1e64;
      store<f64>(rowK + at, next, 8);
      scaleK = 1 / next;
    }
    // with an odd n the last column stands alone and the first row below it is j + 1
    let i = two ? j + 2 : j + 1;
    for (; i + 3 < rows && two; i += 4) {
      const r0 = a + (<usize>i) * stride;
      const r1 = r0 + stride;
      const r2 = r1 + stride;
      const r3 = r2 + stride;
      let s00 = f64x2.splat(0), s01 = f64x2.splat(0), s10 = f64x2.splat(0), s11 = f64x2.splat(0);
      let s20 = f64x2.splat(0), s21 = f64x2.splat(0), s30 = f64x2.splat(0), s31 = f64x2.splat(0);
      // j is even, so the part before column j is whole pairs
      for (let k: usize = 0; k < at; k += 16) {
        const u = v128.load(rowJ + k), v = v128.load(rowK + k);
        let x = v128.load(r0 + k);
        s00 = f64x2.add(s00, f64x2.mul(x, u));
        s01 = f64x2.add(s01, f64x2.mul(x, v));
        x = v128.load(r1 + k);
        s10 = f64x2.add(s10, f64x2.mul(x, u));
        s11 = f64x2.add(s11, f64x2.mul(x, v));
        x = v128.load(r2 + k);
        s20 = f64x2.add(s20, f64x2.mul(x, u));
        s21 = f64x2.add(s21, f64x2.mul(x, v));
        x = v128.load(r3 + k);
        s30 = f64x2.add(s30, f64x2.mul(x, u));
        s31 = f64x2.add(s31, f64x2.mul(x, v));
      }
      finish(r0 + at, pair(s00), pair(s01), scale, low, scaleK);
      finish(r1 + at, pair(s10), pair(s11), scale, low, scaleK);
      finish(r2 + at, pair(s20), pair(s21), scale, low, scaleK);
      finish(r3 + at, pair(s30), pair(s31), scale, low, scaleK);
    }
    for (; i < rows; i++) {
      const r = a + (<usize>i) * stride;
      if (two) finish(r + at, inner(r, rowJ, j), inner(r, rowK, j), scale, low, scaleK);
      else store<f64>(r + at, (load<f64>(r + at) - inner(r, rowJ, j)) * scale);
    }
  }
}

// @ts-ignore: decorator
@inline
function finish(at: usize, first: f64, second: f64, scale: f64, low: f64, scaleK: f64): void {
  const x = (load<f64>(at) - first) * scale;
  store<f64>(at, x);
  store<f64>(at, (load<f64>(at, 8) - second - x * low) * scaleK, 8);
}

// b[k] -= value * row[k] for k < count.
// @ts-ignore: decorator
@inline
function takeOff(row: usize, value: f64, b: usize, count: i32): void {
  const v = f64x2.splat(value);
  let k = 0;
  for (; k + 3 < count; k += 4) {
    v128.store(b, f64x2.sub(v128.load(b), f64x2.mul(v, v128.load(row))));
    v128.store(b, f64x2.sub(v128.load(b, 16), f64x2.mul(v, v128.load(row, 16))), 16);
    row += 32;
    b += 32;
  }
  for (; k < count; k++) {
    store<f64>(b, load<f64>(b) - value * load<f64>(row));
    row += 8;
    b += 8;
  }
}

// b becomes L^-1 b, L the lower triangle row-major n x n.
export function forward(l: usize, n: i32, b: usize): void {
  for (let i = 0; i < n; i++) {
    const row = l + (<usize>(i * n) << 3);
    const at = b + (<usize>i << 3);
    store<f64>(at, (load<f64>(at) - inner(row, b, i)) / load<f64>(row + (<usize>i << 3)));
  }
}

// b becomes L'^-1 b.
export function backward(l: usize, n: i32, b: usize): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = l + (<usize>(i * n) << 3);
    const at = b + (<usize>i << 3);
    const value = load<f64>(at) / load<f64>(row + (<usize>i << 3));
    store<f64>(at, value);
    takeOff(row, value, b, i);
  }
}

// out -= H x, H symmetric of which the lower triangle counts, row-major n x n.
export function subtractSymmetric(h: usize, n: i32, x: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    const row = h + (<usize>(i * n) << 3);
    const at = out + (<usize>i << 3);
    store<f64>(at, load<f64>(at) - inner(row, x, i + 1));
    takeOff(row, load<f64>(x + (<usize>i << 3)), out, i);
  }
}

// out[r - rowFrom] = least over c in [from, to) of x[c] + matrix[r * n + c], for the rows [rowFrom, rowTo).
export function minPlus(x: usize, matrix: usize, n: i32, from: i32, to: i32, rowFrom: i32, rowTo: i32, out: usize): void {
  const left = x + ((<usize>from) << 3);
  for (let r = rowFrom; r < rowTo; r++) {
    let a = left;
    let b = matrix + ((<usize>(r * n + from)) << 3);
    let least = f64x2.splat(Infinity);
    let other = f64x2.splat(Infinity);
    let k = to - from;
    for (; k >= 4; k -= 4) {
      least = f64x2.pmin(least, f64x2.add(v128.load(a), v128.load(b)));
      other = f64x2.pmin(other, f64x2.add(v128.load(a, 16), v128.load(b, 16)));
      a += 32;
      b += 32;
    }
    least = f64x2.pmin(least, other);
    let value = min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1));
    for (; k > 0; k--) {
      value = min(value, load<f64>(a) + load<f64>(b));
      a += 8;
      b += 8;
    }
    store<f64>(out, value);
    out += 8;
  }
}
