import { nearestFlip, type RegimeModel } from '@allostat/quant';
import type { Instant } from '@allostat/kernel';
import type { RegimeAlertMoved } from './alert-events';
import { stepAlert, type AlertLadderStep } from './alert-ladder';
import type { AlertState, OpenAlert } from './alert-state';
import type { RegimeAssessed, RegimeCause } from './events';

/** Bars that an alert may wait for somebody before it is told once more, louder. */
export const ESCALATE_AFTER_BARS = 2;
const COMPARABLE = 5;
const EPISODES_KEPT = 40;

/** What the alerts of a bar are made of beside the assessment. */
export interface AlertGround {
  readonly model: RegimeModel;
  /** Filtered probability of each state of the model after the bar. */
  readonly beliefs: readonly number[];
  /** Evidence for a state of the model against the one that was named before the bar. */
  readonly causesFor: (state: number) => readonly RegimeCause[];
  readonly now: Instant;
}

/** Takes the alerts of a universe one bar further: the steps of its episode, and the call for help if nobody answered. */
export function raiseAlerts(
  state: AlertState,
  assessed: RegimeAssessed,
  ground: AlertGround,
): { readonly state: AlertState; readonly events: readonly RegimeAlertMoved[] } {
  const { universeId, asOf, probabilities, regime } = assessed;
  const { ladder, steps } = stepAlert(state.ladder, { asOf, probabilities, named: regime });
  const silence = state.silence !== undefined && state.silence.until > ground.now ? state.silence : undefined;
  const proposed =
    state.proposedSilence !== undefined && state.proposedSilence.until > ground.now ? state.proposedSilence : undefined;
  const waited = waitOn(state.open);
  let next: AlertState = {
    ladder,
    sequence: state.sequence,
    past: state.past,
    ...(waited === undefined ? {} : { open: waited }),
    ...(silence === undefined ? {} : { silence }),
    ...(proposed === undefined ? {} : { proposedSilence: proposed }),
  };
  const events: RegimeAlertMoved[] = [];
  const tell = (step: AlertLadderStep, as: RegimeAlertMoved['step'], open: OpenAlert): void => {
    const severity = severityOf(as, step.to);
    next = { ...next, sequence: next.sequence + 1, open };
    events.push({
      type: 'RegimeAlertMoved',
      universeId,
      sequence: next.sequence,
      dedupKey: open.dedupKey,
      step: as,
      severity,
      asOf,
      from: step.from,
      to: step.to,
      probability: step.probability,
      causes: ground.causesFor(ground.model.names.indexOf(step.to)),
      flip: nearestFlip(ground.model, ground.beliefs, step),
      comparable: state.past.filter(({ to }) => to === step.to).slice(-COMPARABLE),
      silenced: silence !== undefined && (severity !== 'critical' || silence.confirmedBy !== undefined),
      ...(open.owner === undefined ? {} : { owner: open.owner }),
      modelVersion: assessed.modelVersion,
    });
  };
  for (const step of steps) {
    const dedupKey = `${universeId}/${step.episode}`;
    const same = next.open?.dedupKey === dedupKey ? next.open : { escalated: false, barsWaiting: 0 };
    tell(step, step.step, { ...same, dedupKey, step: step.step, to: step.to });
    if (step.step === 'confirmed' || step.step === 'stood-down') next = { ...next, past: remember(next, step, asOf) };
  }
  const { open } = next;
  if (steps.length === 0 && open !== undefined && isOverdue(open)) {
    const { from } = state.ladder.stage === 'quiet' ? lastEpisode(state) : state.ladder;
    const step = {
      step: 'alert',
      episode: 0,
      from,
      to: open.to,
      probability: probabilities[open.to],
      since: asOf,
    } as const;
    tell(step, 'escalated', { ...open, escalated: true });
  }
  return { state: next, events };
}

function waitOn(open: OpenAlert | undefined): OpenAlert | undefined {
  if (open === undefined || !waits(open)) return open;
  return { ...open, barsWaiting: open.barsWaiting + 1 };
}

const waits = ({ step, owner, escalated }: OpenAlert): boolean =>
  (step === 'alert' || step === 'confirmed') && owner === undefined && !escalated;

const isOverdue = (open: OpenAlert): boolean => waits(open) && open.barsWaiting >= ESCALATE_AFTER_BARS;

/** The ladder is quiet after a confirmation: what waits is the episode that ended last. */
const lastEpisode = (state: AlertState): { from: RegimeAlertMoved['from'] } =>
  state.past[state.past.length - 1] ?? state.ladder;

function remember(state: AlertState, step: AlertLadderStep, ended: string): AlertState['past'] {
  const { from, to, since } = step;
  const outcome = step.step === 'confirmed' ? 'confirmed' : 'stood-down';
  return [...state.past, { from, to, since, ended, outcome } as const].slice(-EPISODES_KEPT);
}

function severityOf(step: RegimeAlertMoved['step'], to: RegimeAlertMoved['to']): RegimeAlertMoved['severity'] {
  if (step === 'stood-down') return 'info';
  return to === 'crisis' && step !== 'watch' ? 'critical' : 'warning';
}
