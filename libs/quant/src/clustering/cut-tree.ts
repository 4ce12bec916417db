import { invariant } from '@allostat/kernel';
import type { Linkage } from './linkage';

/** Cluster of each leaf when the last `clusters` - 1 merges are undone; clusters are numbered by their first leaf. */
export function cutTree({ n, left, right }: Linkage, clusters: number): Int32Array {
  invariant(
    Number.isInteger(clusters) && clusters >= 1 && clusters <= n,
    () => `clusters must be an integer in 1..${n}, got ${clusters}`,
  );
  const owner = Int32Array.from({ length: 2 * n - 1 }, (_, i) => i);
  for (let node = 2 * n - 2; node >= n; node--) {
    // a merge that stands hands its owner to both branches
    if (node >= 2 * n - clusters) continue;
    owner[left[node - n]] = owner[right[node - n]] = owner[node];
  }
  const numbers = new Map<number, number>();
  return Int32Array.from({ length: n }, (_, leaf) => {
    const found = numbers.get(owner[leaf]);
    if (found !== undefined) return found;
    numbers.set(owner[leaf], numbers.size);
    return numbers.size - 1;
  });
}
