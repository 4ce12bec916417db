import { createRng } from '@allostat/kernel';
import { hierarchicalLinkage, linkageMethods, type LinkageMethod } from './linkage';

/** Merges the closest pair again and again, distances between clusters recomputed from their members. */
function naive(d: Float64Array, n: number, method: LinkageMethod): number[] {
  let clusters = Array.from({ length: n }, (_, i) => [i]);
  const mean = (a: number[], b: number[], power: number): number => {
    let sum = 0;
    for (const i of a) for (const j of b) sum += Math.pow(d[i * n + j], power);
    return sum / (a.length * b.length);
  };
  const gap = (a: number[], b: number[]): number => {
    const all = a.flatMap((i) => b.map((j) => d[i * n + j]));
    if (method === 'single') return Math.min(...all);
    if (method === 'complete') return Math.max(...all);
    if (method === 'average') return mean(a, b, 1);
    // ward: squared distance of centroids from squared distances, times 2ab / (a + b)
    const square = mean(a, b, 2) - mean(a, a, 2) / 2 - mean(b, b, 2) / 2;
    return Math.sqrt((2 * a.length * b.length * square) / (a.length + b.length));
  };
  const heights: number[] = [];
  while (clusters.length > 1) {
    let best: [number, number, number] = [Infinity, 0, 0];
    for (let i = 0; i < clusters.length; i++) {
      for (let j = 0; j < i; j++) {
        const value = gap(clusters[i], clusters[j]);
        if (value < best[0]) best = [value, i, j];
      }
    }
    const [height, i, j] = best;
    heights.push(height);
    clusters = [...clusters.filter((_, k) => k !== i && k !== j), [...clusters[i], ...clusters[j]]];
  }
  return heights;
}

describe('hierarchicalLinkage', () => {
  it.each(linkageMethods)('merges at the heights of the definition of %s', (method) => {
    const rng = createRng(9);
    const n = 25;
    const points = Array.from({ length: n }, () => [rng.normal(), rng.normal(), rng.normal()]);
    const d = Float64Array.from({ length: n * n }, (_, k) => {
      const [a, b] = [points[Math.floor(k / n)], points[k % n]];
      return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    });
    const expected = naive(d, n, method);
    const { height, size } = hierarchicalLinkage(d, n, method);
    expected.forEach((value, k) => expect(height[k]).toBeCloseTo(value, 11));
    expect(size[n - 2]).toBe(n);
  });
});
