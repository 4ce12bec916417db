import type { IsoDate } from '@allostat/kernel';

export const REGIME_NAMES = ['expansion', 'tightening', 'crisis', 'recovery'] as const;
export type RegimeName = (typeof REGIME_NAMES)[number];
export type RegimeProbabilities = Readonly<Record<RegimeName, number>>;

export interface RegimeForecast {
  readonly horizonBars: number;
  readonly probabilities: RegimeProbabilities;
}

/** Filtered belief about the regime at the close of a bar; uses only observations up to it. */
export interface RegimeAssessed {
  readonly type: 'RegimeAssessed';
  readonly universeId: string;
  readonly asOf: IsoDate;
  readonly bar: number;
  /** The named regime after hysteresis. */
  readonly regime: RegimeName;
  readonly probabilities: RegimeProbabilities;
  readonly forecasts: readonly RegimeForecast[];
  /** One-step-ahead log predictive density of the bar's features. */
  readonly logScore: number;
  readonly modelVersion: string;
  /** What risk budgeting needs of the bar: it reads assessments only. */
  readonly instruments: readonly {
    readonly id: string;
    readonly close?: number;
    readonly return?: number;
    readonly staleBars: number;
  }[];
  readonly coverage: number;
  /** People whose releases and corrections are among the values behind it; absent when there are none. */
  readonly dataOverriders?: readonly string[];
  /** What each signal says of the equity proxy over the next month, in standard deviations; absent when nothing is fused. */
  readonly fused?: readonly FusedPart[];
}

/** Part of the fused view that comes from one signal; the parts sum to the view. */
export interface FusedPart {
  readonly name: string;
  readonly contribution: number;
}

export interface RegimeCause {
  readonly feature: string;
  readonly value: number;
  /** Share of the log-likelihood ratio between the new and the old regime, in nats. */
  readonly contribution: number;
}

/** The alert: the named regime has changed. */
export interface RegimeChanged {
  readonly type: 'RegimeChanged';
  readonly universeId: string;
  readonly asOf: IsoDate;
  readonly from: RegimeName;
  readonly to: RegimeName;
  readonly probability: number;
  readonly causes: readonly RegimeCause[];
  readonly modelVersion: string;
}
