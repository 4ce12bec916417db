/**
 * What each driver did to a value, whatever the order in which they are switched on: the Shapley value, the mean over all orders
 * of what switching a driver on adds. The parts sum to the value with all drivers on less that with none.
 *
 * `valueOf` is asked once for each of the 2^n sets of `drivers` (n at most 12) and must always answer with equally many
 * numbers. Shapley (1953), Contributions to the Theory of Games 2.
 */
export function shapleyAttribution<Driver extends string>(
  drivers: readonly Driver[],
  valueOf: (on: ReadonlySet<Driver>) => Float64Array,
): ReadonlyMap<Driver, Float64Array> {
  const n = drivers.length;
  const values = Array.from({ length: 1 << n }, (_, set) =>
    valueOf(new Set(drivers.filter((__, k) => (set >> k) & 1))),
  );
  const share = coalitionShares(n);
  return new Map(
    drivers.map((driver, k) => {
      const part = new Float64Array(values[0].length);
      for (let set = 0; set < values.length; set++) {
        if ((set >> k) & 1) continue;
        const before = values[set];
        const after = values[set | (1 << k)];
        const weight = share[sizeOf(set)];
        for (let i = 0; i < part.length; i++) part[i] += weight * (after[i] - before[i]);
      }
      return [driver, part];
    }),
  );
}

/** Share of all orders in which exactly a given set of `size` drivers comes first: size! (n - size - 1)! / n!. */
function coalitionShares(n: number): number[] {
  const factorial = (m: number): number => (m <= 1 ? 1 : m * factorial(m - 1));
  return Array.from({ length: n }, (_, size) => (factorial(size) * factorial(n - size - 1)) / factorial(n));
}

function sizeOf(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
