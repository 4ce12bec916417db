import { invariant } from '@allostat/kernel';

/** Weights leave with this many decimals: a hundredth of a basis point of a basis point. */
const DECIMALS = 8;
const UNITS = 10 ** DECIMALS;

/**
 * Weights with eight decimals that sum to exactly 1 as decimals: all are cut off, the units that are missing go to the
 * largest remainders (ties to the earlier name). Expects weights >= 0 that sum to 1 within 1e-6.
 */
export function roundWeights(weights: ReadonlyMap<string, number>): Map<string, number> {
  const entries = [...weights].map(([id, weight]) => {
    const units = Math.floor(weight * UNITS + 1e-6);
    return { id, units, remainder: weight * UNITS - units };
  });
  const missing = UNITS - entries.reduce((sum, { units }) => sum + units, 0);
  invariant(
    missing >= 0 && missing <= entries.length + UNITS * 1e-6,
    () => `weights must be >= 0 and sum to 1, they are off by ${missing / UNITS}`,
  );
  const byRemainder = [...entries].sort((a, b) => b.remainder - a.remainder || (a.id < b.id ? -1 : 1));
  for (let i = 0; i < missing; i++) byRemainder[i % byRemainder.length].units += 1;
  return new Map(entries.map(({ id, units }) => [id, units / UNITS]));
}
