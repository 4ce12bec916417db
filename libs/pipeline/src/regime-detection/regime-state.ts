import type { HysteresisState, RegimeModel } from '@allostat/quant';
import type { AlertState } from './alert-state';
import type { RecentBars } from './recent-bars';
import type { ForecastScores } from './score-forecasts';

/** Internal input: the host has loaded the champion's artefact, or its successor's. */
export interface RegimeModelLoaded {
  readonly type: 'RegimeModelLoaded';
  readonly universeId: string;
  readonly version: string;
  readonly model: RegimeModel;
}

/** All that regime-detection remembers of one universe. Plain data. */
export interface RegimeState {
  readonly loaded?: { readonly version: string; readonly model: RegimeModel };
  /** Filtered probability of each state of the model. */
  readonly probabilities?: readonly number[];
  /** Absent until the first assessment. */
  readonly hysteresis?: HysteresisState;
  /** Per state (rows) and model feature (columns): log-likelihood ratio against the current state since it began to speak for a change. */
  readonly evidence: readonly (readonly number[])[];
  /** Absent until the first assessment. */
  readonly alerts?: AlertState;
  /** Features of the last bars; absent until the first assessment. */
  readonly recent?: RecentBars;
  /** Absent until the first assessment. */
  readonly scores?: ForecastScores;
}

/** The state before a model is loaded. */
export function initialRegimeState(): RegimeState {
  return { evidence: [] };
}
