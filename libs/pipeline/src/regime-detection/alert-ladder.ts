import type { IsoDate } from '@allostat/kernel';
import type { RegimeName, RegimeProbabilities } from './events';
import { REGIME_NAMES } from './events';

/** Where an episode of a possible change of regime stands. */
export type AlertStage = 'quiet' | 'watch' | 'alert' | 'confirmed';

/** What the ladder remembers between bars; plain data. */
export interface AlertState {
  readonly stage: AlertStage;
  /** The named regime that the episode would leave, and the one it would lead to. */
  readonly from: RegimeName;
  readonly to?: RegimeName;
  /** Counts episodes, so that (universe, episode) identifies one however long it flaps. */
  readonly episode: number;
  readonly since?: IsoDate;
  /** Bars in a row that the stage's own condition has held, or has failed. */
  readonly barsAbove: number;
  readonly barsBelow: number;
}

/** One step of an episode, told at most once per stage and episode. */
export interface AlertStep {
  readonly stage: 'watch' | 'alert' | 'confirmed' | 'stood-down';
  /** The same for every step of one episode. */
  readonly dedupKey: string;
  readonly asOf: IsoDate;
  readonly from: RegimeName;
  readonly to: RegimeName;
  readonly probability: number;
}

export const ALERT_LEVELS = {
  /** Another regime is more likely than not. */
  watch: 0.5,
  /** Another regime has all but replaced the current one. */
  alert: 0.9,
  /** Bars in a row at `alert` until the change is confirmed. */
  confirmBars: 3,
  /** The episode is over when the other regime stays below this for `standDownBars` bars in a row. */
  standDown: 0.2,
  standDownBars: 21,
} as const;

/** The ladder before any bar, in the regime that is named now. */
export function initialAlertState(regime: RegimeName): AlertState {
  return { stage: 'quiet', from: regime, episode: 0, barsAbove: 0, barsBelow: 0 };
}

/**
 * One bar up or down the ladder: watch, alert, confirmed, stood down. A probability that flaps around a level gives one
 * step per stage and episode: an episode is left only when it is confirmed or has been quiet for a month.
 */
export function stepAlert(
  state: AlertState,
  bar: { readonly universeId: string; readonly asOf: IsoDate; readonly probabilities: RegimeProbabilities },
): { readonly state: AlertState; readonly steps: readonly AlertStep[] } {
  const { asOf, probabilities, universeId } = bar;
  const rival = state.to ?? strongest(probabilities, state.from);
  const probability = probabilities[rival];
  if (state.stage === 'quiet' && probability < ALERT_LEVELS.watch) return { state, steps: [] };
  const episode = state.stage === 'quiet' ? state.episode + 1 : state.episode;
  const step = (stage: AlertStep['stage']): AlertStep => ({
    stage,
    dedupKey: `${universeId}/${episode}`,
    asOf,
    from: state.from,
    to: rival,
    probability,
  });
  const barsAbove = probability >= ALERT_LEVELS.alert ? state.barsAbove + 1 : 0;
  const barsBelow = probability < ALERT_LEVELS.standDown ? state.barsBelow + 1 : 0;
  if (barsBelow >= ALERT_LEVELS.standDownBars)
    return { state: { ...initialAlertState(state.from), episode }, steps: [step('stood-down')] };
  const steps: AlertStep[] = state.stage === 'quiet' ? [step('watch')] : [];
  const alerted = state.stage === 'alert' || barsAbove > 0;
  if (alerted && state.stage !== 'alert') steps.push(step('alert'));
  if (barsAbove >= ALERT_LEVELS.confirmBars)
    return { state: { ...initialAlertState(rival), episode }, steps: [...steps, step('confirmed')] };
  return {
    state: {
      stage: alerted ? 'alert' : 'watch',
      from: state.from,
      to: rival,
      episode,
      since: state.since ?? asOf,
      barsAbove,
      barsBelow,
    },
    steps,
  };
}

function strongest(probabilities: RegimeProbabilities, current: RegimeName): RegimeName {
  return REGIME_NAMES.filter((name) => name !== current).reduce((a, b) =>
    probabilities[b] > probabilities[a] ? b : a,
  );
}
