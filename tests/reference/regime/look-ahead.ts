/**
 * Runs `run` on the whole input and on prefixes of it, and returns the first cut at which what a prefix gives is not, bit
 * for bit, the beginning of what the whole gives; undefined when there is none. `-0` and `0` count as different.
 */
export function findLookAhead<In, Out>(
  whole: readonly In[],
  run: (input: readonly In[]) => readonly Out[],
  cuts: readonly number[],
): { readonly cut: number; readonly at: number; readonly prefix: unknown; readonly whole: unknown } | undefined {
  const expected = run(whole).map(bits);
  for (const cut of cuts) {
    const found = run(whole.slice(0, cut)).map(bits);
    for (let at = 0; at < found.length; at++)
      if (found[at] !== expected[at]) return { cut, at, prefix: found[at], whole: expected[at] };
  }
  return undefined;
}

const bits = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (Object.is(v, -0) ? '-0' : v instanceof Float64Array ? [...v] : v));
