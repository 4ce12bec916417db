import type { Instant } from '@allostat/kernel';
import type { AlertEpisode, AlertStepName } from './alert-events';
import { initialAlertLadder, type AlertLadder } from './alert-ladder';
import type { RegimeName } from './events';

/** The newest episode as people have to do with it. */
export interface OpenAlert {
  readonly dedupKey: string;
  readonly step: AlertStepName;
  readonly to: RegimeName;
  /** Bars since it reached `alert`, while nobody has acknowledged it. */
  readonly barsWaiting: number;
  readonly owner?: string;
  readonly escalated: boolean;
}

/** Alerts are held back from webhooks until an instant. */
export interface Silence {
  readonly by: string;
  readonly reason: string;
  readonly until: Instant;
  /** Person who agreed that critical alerts are held back too; absent when they are not. */
  readonly confirmedBy?: string;
}

/** What regime detection remembers of the alerts of a universe; plain data. */
export interface AlertState {
  readonly ladder: AlertLadder;
  /** Number of the last event, contiguous from 1. */
  readonly sequence: number;
  readonly open?: OpenAlert;
  readonly silence?: Silence;
  /** One person's wish to silence critical alerts too; it holds back nothing until another person agrees. */
  readonly proposedSilence?: Silence;
  /** The last episodes that ended, newest last. */
  readonly past: readonly AlertEpisode[];
}

/** No alert yet, in the regime that is named now. */
export function initialAlertState(regime: RegimeName): AlertState {
  return { ladder: initialAlertLadder(regime), sequence: 0, past: [] };
}
