import type { IsoDate } from '@allostat/kernel';
import type { AlertStepName } from './alert-events';
import type { RegimeName, RegimeProbabilities } from './events';
import { REGIME_NAMES } from './events';

/** Where an episode of a possible change of regime stands; plain data. */
export interface AlertLadder {
  readonly stage: 'quiet' | 'watch' | 'alert';
  /** The named regime that the episode would leave. */
  readonly from: RegimeName;
  /** Counts episodes, so that (universe, episode) identifies one however long it flaps. */
  readonly episode: number;
  readonly since?: IsoDate;
  /** Bars in a row on which the current regime was all but certain again. */
  readonly barsBelow: number;
}

/** One step of an episode, told at most once per step and episode. */
export interface AlertLadderStep {
  readonly step: Exclude<AlertStepName, 'escalated'>;
  readonly episode: number;
  readonly from: RegimeName;
  readonly to: RegimeName;
  readonly probability: number;
  readonly since: IsoDate;
}

export const ALERT_LEVELS = {
  /** The current regime is no more likely than all the others together. */
  watch: 0.5,
  /** The current regime has all but gone. */
  alert: 0.9,
  /** The episode is over when the others together stay below this for `standDownBars` bars in a row. */
  standDown: 0.2,
  standDownBars: 21,
} as const;

/** The ladder before any bar, in the regime that is named now. */
export function initialAlertLadder(regime: RegimeName, episode = 0): AlertLadder {
  return { stage: 'quiet', from: regime, episode, barsBelow: 0 };
}

/**
 * One bar up or down the ladder: watch, alert, confirmed (the name has changed), stood down. A probability that flaps
 * around a level gives one step per level and episode: an episode ends only with a change of name, or after a quiet month.
 */
export function stepAlert(
  ladder: AlertLadder,
  bar: { readonly asOf: IsoDate; readonly probabilities: RegimeProbabilities; readonly named: RegimeName },
): { readonly ladder: AlertLadder; readonly steps: readonly AlertLadderStep[] } {
  const { asOf, probabilities, named } = bar;
  const { from } = ladder;
  const changed = named !== from;
  const challenge = 1 - probabilities[from];
  if (ladder.stage === 'quiet' && !changed && challenge < ALERT_LEVELS.watch) return { ladder, steps: [] };
  const episode = ladder.stage === 'quiet' ? ladder.episode + 1 : ladder.episode;
  const since = ladder.since ?? asOf;
  const to = changed ? named : strongest(probabilities, from);
  const tell = (step: AlertLadderStep['step']): AlertLadderStep => ({
    step,
    episode,
    from,
    to,
    probability: probabilities[to],
    since,
  });
  const barsBelow = challenge < ALERT_LEVELS.standDown ? ladder.barsBelow + 1 : 0;
  if (!changed && barsBelow >= ALERT_LEVELS.standDownBars)
    return { ladder: initialAlertLadder(from, episode), steps: [tell('stood-down')] };
  const steps = ladder.stage === 'quiet' ? [tell('watch')] : [];
  const alerted = changed || ladder.stage === 'alert' || challenge >= ALERT_LEVELS.alert;
  if (alerted && ladder.stage !== 'alert') steps.push(tell('alert'));
  if (changed) return { ladder: initialAlertLadder(named, episode), steps: [...steps, tell('confirmed')] };
  return { ladder: { stage: alerted ? 'alert' : 'watch', from, episode, since, barsBelow }, steps };
}

function strongest(probabilities: RegimeProbabilities, current: RegimeName): RegimeName {
  return REGIME_NAMES.filter((name) => name !== current).reduce((a, b) =>
    probabilities[b] > probabilities[a] ? b : a,
  );
}
