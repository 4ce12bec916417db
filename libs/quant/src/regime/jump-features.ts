import { halfLifeDecay } from '@allostat/kernel';
/** One feature row of a jump model: for each half-life the EW return, the log of EW downside deviation, and their ratio. */
export type JumpFeatureRow = readonly number[];

export const JUMP_HALF_LIVES: readonly number[] = [5, 20, 60];

/**
 * Features of Shu, Yu and Mulvey (2024) from simple returns: EW mean return, log EW downside deviation and Sortino ratio
 * for half-lives 5, 20 and 60 bars. Weights are normalised over the returns so far. Row t uses returns up to t.
 */
export function jumpFeatures(
  returns: readonly number[],
  halfLives: readonly number[] = JUMP_HALF_LIVES,
): JumpFeatureRow[] {
  const state = halfLives.map(() => ({ weight: 0, mean: 0, square: 0 }));
  return returns.map((change) =>
    halfLives.flatMap((halfLife, i) => {
      const decay = halfLifeDecay(halfLife);
      const entry = state[i];
      entry.weight = decay * entry.weight + 1;
      entry.mean += (change - entry.mean) / entry.weight;
      const down = Math.min(change, 0) ** 2;
      entry.square += (down - entry.square) / entry.weight;
      const deviation = Math.sqrt(entry.square);
      return [entry.mean, Math.log(deviation), entry.mean / deviation];
    }),
  );
}
