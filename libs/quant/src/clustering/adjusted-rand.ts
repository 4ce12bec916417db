import { invariant } from '@allostat/kernel';

/** Agreement of two partitions of the same items, 1 when equal, 0 on average for unrelated ones. Hubert and Arabie (1985), J. Classification 2. */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  invariant(
    a.length === b.length && a.length > 0,
    () => `partitions must cover the same items, got ${a.length} and ${b.length}`,
  );
  const cells = new Map<string, number>();
  const rows = new Map<number, number>();
  const columns = new Map<number, number>();
  for (let i = 0; i < a.length; i++) {
    const key = `${a[i]}/${b[i]}`;
    cells.set(key, (cells.get(key) ?? 0) + 1);
    rows.set(a[i], (rows.get(a[i]) ?? 0) + 1);
    columns.set(b[i], (columns.get(b[i]) ?? 0) + 1);
  }
  const pairs = (counts: Iterable<number>): number => {
    let sum = 0;
    for (const count of counts) sum += (count * (count - 1)) / 2;
    return sum;
  };
  const both = pairs(cells.values());
  const inA = pairs(rows.values());
  const inB = pairs(columns.values());
  const all = (a.length * (a.length - 1)) / 2;
  const expected = all > 0 ? (inA * inB) / all : 0;
  const most = (inA + inB) / 2;
  return most === expected ? 1 : (both - expected) / (most - expected);
}
