import { createRng } from '@allostat/kernel';
import { hierarchicalLinkage, linkageMethods } from './linkage';
import { optimalLeafOrder, plainLeafOrder, scipyLeafOrder } from './leaf-order';
import type { Linkage } from './linkage';

function randomDistances(n: number, seed: number): Float64Array {
  const rng = createRng(seed);
  const points = Array.from({ length: n }, () => [rng.normal(), rng.normal(), rng.normal()]);
  return Float64Array.from({ length: n * n }, (_, k) => {
    const [a, b] = [points[Math.floor(k / n)], points[k % n]];
    return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  });
}

function length(order: ArrayLike<number>, d: Float64Array, n: number): number {
  let sum = 0;
  for (let k = 1; k < order.length; k++) sum += d[order[k - 1] * n + order[k]];
  return sum;
}

/** Every order that the tree allows. */
function allOrders({ n, left, right }: Linkage, node = 2 * n - 2): number[][] {
  if (node < n) return [[node]];
  const tree = { n, left, right } as Linkage;
  const a = allOrders(tree, left[node - n]);
  const b = allOrders(tree, right[node - n]);
  return a.flatMap((x) =>
    b.flatMap((y) => [
      [...x, ...y],
      [...y, ...x],
    ]),
  );
}

describe('leaf order', () => {
  it.each(linkageMethods)('is the shortest of all that a %s tree allows', (method) => {
    for (let seed = 1; seed <= 10; seed++) {
      const d = randomDistances(8, seed);
      const linkage = hierarchicalLinkage(d, 8, method);
      const shortest = Math.min(...allOrders(linkage).map((order) => length(order, d, 8)));
      expect(length(optimalLeafOrder(linkage, d), d, 8)).toBeCloseTo(shortest, 12);
      expect(length(scipyLeafOrder(linkage, d), d, 8)).toBeGreaterThanOrEqual(shortest - 1e-12);
    }
  });

  it('is a permutation in all procedures, for one and two leaves too', () => {
    for (const n of [1, 2, 3, 30]) {
      const d = randomDistances(n, n);
      const linkage = hierarchicalLinkage(d, n, 'average');
      for (const order of [plainLeafOrder(linkage), optimalLeafOrder(linkage, d), scipyLeafOrder(linkage, d)]) {
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }
    }
  });
});
