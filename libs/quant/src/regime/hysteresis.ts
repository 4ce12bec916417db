import { invariant } from '@allostat/kernel';

/** When a named state changes: `enter` and `leave` are probabilities, `confirmBars` and `dwellBars` counts of bars. */
export interface HysteresisOptions {
  /** The challenger must be at least this probable, and the current state at most `leave`. One number, or one a state. */
  readonly enter: number | readonly number[];
  readonly leave: number;
  /** Bars in a row that this must hold, the changing bar included. */
  readonly confirmBars: number;
  /** Bars that a state lasts at least. */
  readonly dwellBars: number;
}

export interface HysteresisState {
  readonly current: number;
  readonly barsInCurrent: number;
  readonly challenger?: number;
  readonly barsOfChallenger: number;
}

/** Defaults for four states: few false alarms at about ten bars of delay (measured on the simulated market). */
export const DEFAULT_HYSTERESIS: HysteresisOptions = { enter: 0.95, leave: 0.05, confirmBars: 3, dwellBars: 5 };

/**
 * For two states, calm first: quick to call it wild, slow to call it calm again. Chosen on twenty two-regime worlds a kind of
 * shock for balanced accuracy at no more than .1 false alarms a year, and tested on others.
 */
export const TWO_STATE_HYSTERESIS: HysteresisOptions = {
  enter: [0.93, 0.83],
  leave: 0.17,
  confirmBars: 1,
  dwellBars: 1,
};

/** The state that a first bar starts with: the most probable one. */
export function startHysteresis(probabilities: readonly number[]): HysteresisState {
  return { current: probabilities.indexOf(Math.max(...probabilities)), barsInCurrent: 1, barsOfChallenger: 0 };
}

/** Keeps the current state until another has been clearly more probable for long enough. Uses only the past. */
export function applyHysteresis(
  state: HysteresisState,
  probabilities: readonly number[],
  options: HysteresisOptions = DEFAULT_HYSTERESIS,
): HysteresisState {
  const { leave, confirmBars, dwellBars } = options;
  const barsInCurrent = state.barsInCurrent + 1;
  const best = probabilities.indexOf(Math.max(...probabilities));
  const enter = typeof options.enter === 'number' ? options.enter : options.enter[best];
  invariant(enter > leave && enter <= 1 && leave >= 0, () => `need 0 <= leave < enter <= 1, got ${leave}, ${enter}`);
  const clear = best !== state.current && probabilities[best] >= enter && probabilities[state.current] <= leave;
  if (!clear) return { current: state.current, barsInCurrent, barsOfChallenger: 0 };
  const barsOfChallenger = best === state.challenger ? state.barsOfChallenger + 1 : 1;
  if (barsOfChallenger >= confirmBars && state.barsInCurrent >= dwellBars)
    return { current: best, barsInCurrent: 1, barsOfChallenger: 0 };
  return { current: state.current, barsInCurrent, challenger: best, barsOfChallenger };
}
