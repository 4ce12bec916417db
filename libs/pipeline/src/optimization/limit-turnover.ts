/** One-way turnover: half of what is bought and sold together. */
export function turnoverOf(previous: ReadonlyMap<string, number>, target: ReadonlyMap<string, number>): number {
  let traded = 0;
  for (const id of new Set([...previous.keys(), ...target.keys()])) {
    // an instrument that one side does not name is not held there
    traded += Math.abs((target.get(id) ?? 0) - (previous.get(id) ?? 0));
  }
  return traded / 2;
}

/** The point on the way from `previous` to `target` whose turnover is `most`; the target when that is near enough. */
export function limitTurnover(
  previous: ReadonlyMap<string, number>,
  target: ReadonlyMap<string, number>,
  most: number | undefined,
): ReadonlyMap<string, number> {
  const turnover = turnoverOf(previous, target);
  if (most === undefined || turnover <= most) return target;
  const share = most / turnover;
  return new Map(
    [...target].map(([id, weight]) => {
      const before = previous.get(id) ?? 0; // not held before
      return [id, before + share * (weight - before)];
    }),
  );
}
