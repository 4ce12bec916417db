import type { Instant, IsoDate } from '@allostat/kernel';
import type { RegimeCause, RegimeName } from './events';

/** A step of an episode of a possible change of regime. `escalated`: nobody acknowledged it in time. */
export const ALERT_STEPS = ['watch', 'alert', 'confirmed', 'stood-down', 'escalated'] as const;
export type AlertStepName = (typeof ALERT_STEPS)[number];

/** An earlier episode, as an alert lists it for comparison. */
export interface AlertEpisode {
  readonly from: RegimeName;
  readonly to: RegimeName;
  readonly since: IsoDate;
  readonly ended: IsoDate;
  readonly outcome: 'confirmed' | 'stood-down';
}

/** What would take the belief in the regime that an alert leads to across one half. */
export interface AlertFlip {
  /** Ordinary bars of the other regime in a row; absent above 60. */
  readonly bars?: number;
  /** The one return that could do it alone on the next bar with the smallest move, and that move; absent above eight. */
  readonly feature?: string;
  /** In standard deviations of the training sample, signed. */
  readonly sigmas?: number;
}

/** One step of an episode. Each step is told at most once an episode; all steps of one share a dedup key. */
export interface RegimeAlertMoved {
  readonly type: 'RegimeAlertMoved';
  readonly universeId: string;
  /** Contiguous per universe, from 1, shared with `RegimeAlertHandled`: a reader that was away asks for what it missed. */
  readonly sequence: number;
  readonly dedupKey: string;
  readonly step: AlertStepName;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly asOf: IsoDate;
  readonly from: RegimeName;
  readonly to: RegimeName;
  /** Filtered probability of `to`. */
  readonly probability: number;
  /** What the bars said for `to` against `from`, feature by feature, strongest first. */
  readonly causes: readonly RegimeCause[];
  readonly flip: AlertFlip;
  /** The last five episodes that led the same way. */
  readonly comparable: readonly AlertEpisode[];
  /** Held back from webhooks because a person silenced the universe; it stands in the history all the same. */
  readonly silenced: boolean;
  readonly owner?: string;
  readonly modelVersion: string;
}

export const ALERT_ACTIONS = ['acknowledge', 'assign', 'silence', 'unsilence'] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** A person took an alert in hand, or silenced the alerts of a universe for a time. */
export interface RegimeAlertHandled {
  readonly type: 'RegimeAlertHandled';
  readonly universeId: string;
  readonly sequence: number;
  readonly dedupKey: string;
  readonly action: AlertAction;
  readonly actor: string;
  readonly reason: string;
  readonly at: Instant;
  readonly assignee?: string;
  readonly until?: Instant;
  /** With `silence`: critical alerts too. One person proposes it, another confirms it. */
  readonly critical?: 'proposed' | 'confirmed';
}

/** A person's order on the alerts of a universe. */
export interface HandleAlert {
  readonly type: 'HandleAlert';
  readonly universeId: string;
  readonly action: AlertAction;
  readonly actor: string;
  readonly reason: string;
  readonly assignee?: string;
  readonly until?: Instant;
  /** With `silence`: critical alerts too, which needs two people. */
  readonly critical?: boolean;
}
