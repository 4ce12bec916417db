import type { Rng } from '@allostat/kernel';

/** A world with two volatility regimes, as the jump-model papers draw it. */
export interface TwoRegimeWorld {
  /** Daily returns as decimals. */
  readonly returns: readonly number[];
  /** 0 calm, 1 wild. */
  readonly states: readonly number[];
}

const MEANS = [0.000615, -0.000785];
const SCALES = [0.007759, 0.017396];
const LEAVE = [0.0021, 0.012];

/**
 * Draws `bars` days of a two-state Markov world (about one change a year): means .0615 % and -.0785 %, standard deviations
 * .7759 % and 1.7396 %, leaving probabilities .0021 and .0120 a day; normal or Student-t (5 degrees, unit variance) shocks.
 */
export function twoRegimeWorld(bars: number, rng: Rng, shocks: 'normal' | 'student-t'): TwoRegimeWorld {
  let state = 0;
  const states: number[] = [];
  const returns: number[] = [];
  for (let i = 0; i < bars; i++) {
    if (rng.uniform() < LEAVE[state]) state = 1 - state;
    const shock = shocks === 'normal' ? rng.normal() : rng.studentT(5) * Math.sqrt(3 / 5);
    states.push(state);
    returns.push(MEANS[state] + SCALES[state] * shock);
  }
  return { returns, states };
}
