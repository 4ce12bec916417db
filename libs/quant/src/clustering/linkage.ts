import { invariant } from '@allostat/kernel';

export const linkageMethods = ['single', 'complete', 'average', 'ward'] as const;
export type LinkageMethod = (typeof linkageMethods)[number];

/** A merge tree of n leaves: merge k joins nodes `left[k]` < `right[k]` (leaf i is node i, merge k is node n + k) at `height[k]`, ascending. */
export interface Linkage {
  readonly n: number;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly height: Float64Array;
  readonly size: Int32Array;
}

/**
 * Agglomerative clustering of a symmetric n x n distance matrix.
 * Nearest-neighbour chain with the Lance-Williams update, Muellner (2011), arXiv:1109.2378; single linkage by Prim's tree.
 * Heights and merges equal scipy's; of equal distances the lower index wins, so sort assets canonically first.
 */
export function hierarchicalLinkage(distances: Float64Array, n: number, method: LinkageMethod): Linkage {
  invariant(
    n >= 1 && distances.length === n * n,
    () => `distances must be ${n} x ${n}, got ${distances.length} values`,
  );
  const merges = method === 'single' ? spanningTree(distances, n) : neighbourChain(distances.slice(), n, method);
  return labelled(merges, n);
}

interface Merges {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly height: Float64Array;
}

function spanningTree(d: Float64Array, n: number): Merges {
  const merges = { a: new Int32Array(n - 1), b: new Int32Array(n - 1), height: new Float64Array(n - 1) };
  const best = new Float64Array(n).fill(Infinity);
  const from = new Int32Array(n);
  const open = Int32Array.from({ length: n - 1 }, (_, i) => i + 1);
  let current = 0;
  for (let k = 0, m = n - 1; m > 0; k++) {
    let chosen = 0;
    let least = Infinity;
    for (let q = 0; q < m; q++) {
      const j = open[q];
      const value = d[current * n + j];
      if (value < best[j]) {
        best[j] = value;
        from[j] = current;
      }
      if (best[j] < least || (best[j] === least && j < open[chosen])) {
        least = best[j];
        chosen = q;
      }
    }
    const j = open[chosen];
    merges.a[k] = from[j];
    merges.b[k] = j;
    merges.height[k] = least;
    open[chosen] = open[--m];
    current = j;
  }
  return merges;
}

function neighbourChain(d: Float64Array, n: number, method: Exclude<LinkageMethod, 'single'>): Merges {
  const merges = { a: new Int32Array(n - 1), b: new Int32Array(n - 1), height: new Float64Array(n - 1) };
  const size = new Float64Array(n).fill(1);
  const alive = Int32Array.from({ length: n }, (_, i) => i);
  let m = n;
  const chain = new Int32Array(n + 1);
  let length = 0;
  for (let k = 0; k < n - 1; k++) {
    if (length === 0) chain[length++] = alive[0];
    let x: number;
    let y: number;
    let least: number;
    for (;;) {
      x = chain[length - 1];
      y = length > 1 ? chain[length - 2] : -1;
      least = length > 1 ? d[x * n + y] : Infinity;
      for (let q = 0, row = x * n; q < m; q++) {
        const i = alive[q];
        if (d[row + i] < least && i !== x) {
          least = d[row + i];
          y = i;
        }
      }
      if (length > 1 && y === chain[length - 2]) break;
      chain[length++] = y;
    }
    length -= 2;
    if (x > y) [x, y] = [y, x];
    merges.a[k] = x;
    merges.b[k] = y;
    merges.height[k] = least;
    let kept = 0;
    for (let q = 0; q < m; q++) if (alive[q] !== x) alive[kept++] = alive[q];
    m = kept;
    updateDistances(d, n, { x, y, least, alive, m, size, method });
    size[y] += size[x];
  }
  return merges;
}

interface Update {
  readonly x: number;
  readonly y: number;
  readonly least: number;
  readonly alive: Int32Array;
  readonly m: number;
  readonly size: Float64Array;
  readonly method: Exclude<LinkageMethod, 'single'>;
}

function updateDistances(d: Float64Array, n: number, { x, y, least, alive, m, size, method }: Update): void {
  const nx = size[x];
  const ny = size[y];
  for (let q = 0; q < m; q++) {
    const i = alive[q];
    if (i === y) continue;
    const dx = d[x * n + i];
    const dy = d[y * n + i];
    let value: number;
    if (method === 'average') value = (nx * dx + ny * dy) / (nx + ny);
    else if (method === 'complete') value = Math.max(dx, dy);
    else {
      const ni = size[i];
      value = Math.sqrt(((ni + nx) * dx * dx + (ni + ny) * dy * dy - ni * least * least) / (nx + ny + ni));
    }
    d[y * n + i] = value;
    d[i * n + y] = value;
  }
}

/** Sorts merges by height and names nodes as scipy does. */
function labelled({ a, b, height }: Merges, n: number): Linkage {
  const order = Array.from({ length: n - 1 }, (_, k) => k).sort((p, q) => height[p] - height[q] || p - q);
  const parent = Int32Array.from({ length: 2 * n - 1 }, (_, i) => i);
  const count = new Int32Array(2 * n - 1).fill(1);
  const root = (node: number): number => {
    while (parent[node] !== node) node = parent[node] = parent[parent[node]];
    return node;
  };
  const left = new Int32Array(n - 1);
  const right = new Int32Array(n - 1);
  const size = new Int32Array(n - 1);
  order.forEach((merge, k) => {
    const p = root(a[merge]);
    const q = root(b[merge]);
    left[k] = Math.min(p, q);
    right[k] = Math.max(p, q);
    size[k] = count[n + k] = count[p] + count[q];
    parent[p] = parent[q] = n + k;
  });
  return { n, left, right, height: Float64Array.from(order, (merge) => height[merge]), size };
}
