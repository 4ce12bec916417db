import { invariant } from '@allostat/kernel';
import { minPlusTables, type MinPlusTables } from '../linalg/dense-kernels';
import type { Linkage } from './linkage';

/** Leaves from left to right as the tree stands, without reordering. */
export function plainLeafOrder({ n, left, right }: Linkage): Int32Array {
  const out = new Int32Array(n);
  const stack = [2 * n - 2];
  for (let k = 0; stack.length > 0;) {
    const node = stack.pop() as number;
    if (node < n) out[k++] = node;
    else stack.push(right[node - n], left[node - n]);
  }
  return out;
}

/** How the leaves of a tree are put in a row. */
export type LeafOrder = 'scipy' | 'optimal' | 'plain';

/** Leaves from left to right by the chosen procedure. */
export function orderLeaves(linkage: Linkage, distances: Float64Array, how: LeafOrder): Int32Array {
  if (how === 'plain') return plainLeafOrder(linkage);
  return how === 'scipy' ? scipyLeafOrder(linkage, distances) : optimalLeafOrder(linkage, distances);
}

/**
 * The order of leaves, among those that the tree allows, with the least sum of distances between neighbours.
 * Dynamic programme of Bar-Joseph, Gifford and Jaakkola (2001), Bioinformatics 17: O(n^3) time, n^2 memory. The left
 * branch of the root stays left; of equal sums the first in canonical order wins, so the answer is unique.
 */
export function optimalLeafOrder(linkage: Linkage, distances: Float64Array): Int32Array {
  const { n } = linkage;
  if (n === 1) return new Int32Array(1);
  const { start, table } = leafCosts(linkage, distances, false);
  const [u, w] = cheapestEnds(table, 2 * n - 2);
  const out: number[] = [];
  unfold(table, 2 * n - 2, u, w, out);
  return Int32Array.from(out, (i) => start[i]);
}

/**
 * The order that scipy's `optimal_leaf_ordering` gives, and with it skfolio and Riskfolio-Lib.
 * It fills the same table in single precision, but each branch is turned by what is best for its parent alone, so the
 * sum of distances can be larger than the optimum. Kept because published weights rest on it.
 */
export function scipyLeafOrder(linkage: Linkage, distances: Float64Array): Int32Array {
  const { n, left, right } = linkage;
  if (n === 1) return new Int32Array(1);
  const { table } = leafCosts(linkage, distances, true);
  const { ranges } = table;
  const swapped = new Uint8Array(n - 1);
  const inRange = (leaf: number, node: number): boolean => leaf >= ranges.first[node] && leaf < ranges.end[node];
  for (let k = 0; k < n - 1; k++) {
    const [u, w] = cheapestEnds(table, n + k);
    const a = left[k] - n;
    const b = right[k] - n;
    if (a >= 0) swapped[a] = inRange(u, right[a]) ? 1 : 0;
    if (b >= 0) swapped[b] = inRange(w, left[b]) ? 1 : 0;
  }
  // turning a branch turns everything below it, so a node follows the parity of its own and all its ancestors' turns
  for (let node = 2 * n - 2; node >= n; node--) {
    for (const child of [left[node - n], right[node - n]]) if (child >= n) swapped[child - n] ^= swapped[node - n];
  }
  const turned = {
    ...linkage,
    left: left.map((node, k) => (swapped[k] ? right[k] : node)),
    right: right.map((node, k) => (swapped[k] ? left[k] : node)),
  };
  return plainLeafOrder(turned);
}

/** Costs of the best order of every subtree between every pair of end leaves; leaves renumbered so that subtrees are ranges. */
function leafCosts(linkage: Linkage, distances: Float64Array, single: boolean): { start: Int32Array; table: Table } {
  const { n } = linkage;
  invariant(distances.length === n * n, () => `distances must be ${n} x ${n}, got ${distances.length} values`);
  const start = plainLeafOrder(linkage);
  const tables = minPlusTables(n);
  const { cost, d } = tables;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) d[i * n + j] = distances[start[i] * n + start[j]];
  const table: Table = { n, d, cost, tables, single, ranges: subtreeRanges(linkage), linkage };
  for (let k = 0; k < n - 1; k++) mergeCosts(table, n + k);
  return { start, table };
}

function cheapestEnds({ n, cost, ranges, linkage }: Table, node: number): [number, number] {
  const a = linkage.left[node - n];
  const b = linkage.right[node - n];
  let ends: [number, number] = [ranges.first[a], ranges.first[b]];
  let least = Infinity;
  for (let u = ranges.first[a]; u < ranges.end[a]; u++) {
    for (let w = ranges.first[b]; w < ranges.end[b]; w++) {
      if (cost[u * n + w] < least) {
        least = cost[u * n + w];
        ends = [u, w];
      }
    }
  }
  return ends;
}

interface Ranges {
  readonly first: Int32Array;
  readonly end: Int32Array;
}

interface Table {
  readonly n: number;
  readonly d: Float64Array;
  readonly cost: Float64Array;
  readonly tables: MinPlusTables;
  /** Costs are rounded to single precision, as scipy keeps them. */
  readonly single: boolean;
  readonly ranges: Ranges;
  readonly linkage: Linkage;
}

function subtreeRanges({ n, left, right, size }: Linkage): Ranges {
  const first = new Int32Array(2 * n - 1);
  const end = new Int32Array(2 * n - 1);
  const count = (node: number): number => (node < n ? 1 : size[node - n]);
  end[2 * n - 2] = n;
  for (let node = 2 * n - 2; node >= n; node--) {
    const [a, b] = [left[node - n], right[node - n]];
    first[a] = first[node];
    end[a] = first[b] = first[a] + count(a);
    end[b] = end[node];
  }
  return { first, end };
}

/** Leaves at which the other end of an order of `node` that starts with `leaf` can stand. */
function oppositeRange(
  { n, ranges, linkage }: Pick<Table, 'n' | 'ranges' | 'linkage'>,
  node: number,
  leaf: number,
): [number, number] {
  if (node < n) return [leaf, leaf + 1];
  const a = linkage.left[node - n];
  const b = linkage.right[node - n];
  const other = leaf < ranges.end[a] ? b : a;
  return [ranges.first[other], ranges.end[other]];
}

function mergeCosts({ n, cost, ranges, linkage, tables, single }: Table, node: number): void {
  const a = linkage.left[node - n];
  const b = linkage.right[node - n];
  const rangeOf = (branch: number): [number, number] => [ranges.first[branch], ranges.end[branch]];
  const whole = rangeOf(b);
  // an order of b that ends in one of its branches begins in the other
  const [p, q] = b < n ? [b, b] : [linkage.left[b - n], linkage.right[b - n]];
  const parts =
    b < n
      ? [{ w: whole, k: whole }]
      : [
          { w: rangeOf(p), k: rangeOf(q) },
          { w: rangeOf(q), k: rangeOf(p) },
        ];
  for (let u = ranges.first[a]; u < ranges.end[a]; u++) {
    const m = oppositeRange({ n, ranges, linkage }, a, u);
    const least = tables.ends({ u, m, b: whole, parts });
    for (let w = whole[0]; w < whole[1]; w++) {
      const value = single ? Math.fround(least[w - whole[0]]) : least[w - whole[0]];
      cost[u * n + w] = cost[w * n + u] = value;
    }
  }
}

/** Appends the leaves of `node` in the best order that starts at u and ends at w. */
function unfold(table: Table, node: number, u: number, w: number, out: number[]): void {
  const { n, d, cost, ranges, linkage } = table;
  if (node < n) {
    out.push(u);
    return;
  }
  let a = linkage.left[node - n];
  let b = linkage.right[node - n];
  if (u >= ranges.first[b] && u < ranges.end[b]) [a, b] = [b, a];
  const [m0, m1] = oppositeRange(table, a, u);
  const [k0, k1] = oppositeRange(table, b, w);
  let join: [number, number] = [m0, k0];
  let least = Infinity;
  for (let m = m0; m < m1; m++) {
    for (let k = k0; k < k1; k++) {
      const value = cost[u * n + m] + d[m * n + k] + cost[k * n + w];
      if (value < least) {
        least = value;
        join = [m, k];
      }
    }
  }
  unfold(table, a, u, join[0], out);
  unfold(table, b, join[1], w, out);
}
