import type { Quote } from '../universe/foreign-level';
import type { Instant, IsoDate } from '@allostat/kernel';

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
    /** Money traded a day; absent where it is not known. */
    readonly averageDailyValue?: number;
    /** For instruments that are quoted in another currency than the universe's. */
    readonly quote?: Quote;
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
  /** The signal itself, in standard deviations of its own past, within 3; absent in parts of before it was told. */
  readonly standardised?: number;
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

/** What has come of the forecasts of one model version, told once a month of bars. */
export interface RegimeForecastsScored {
  readonly type: 'RegimeForecastsScored';
  readonly universeId: string;
  readonly asOf: IsoDate;
  readonly modelVersion: string;
  /** Day of the first forecast that is counted. */
  readonly since: IsoDate;
  readonly horizons: readonly {
    readonly horizonBars: number;
    readonly forecasts: number;
    /** Mean log of the probability of what happened, in nats, 0 at best. */
    readonly logScore: number;
    /** Mean squared distance of the four probabilities from what happened, 0 at best and 2 at worst. */
    readonly brier: number;
    /** The same of saying that the name stays. */
    readonly persistenceBrier: number;
    /** Probabilities of all four names together, by how large they were: how many, their mean, and the share that happened. */
    readonly reliability: readonly {
      readonly from: number;
      readonly to: number;
      readonly forecasts: number;
      readonly said: number;
      readonly happened: number;
    }[];
  }[];
}

/** A model took over from another: which state became which, and on how many bars both agree. */
export interface RegimeModelAligned {
  readonly type: 'RegimeModelAligned';
  readonly universeId: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  /** Bars that both models were compared on. */
  readonly bars: number;
  /** For each state of the old model its name, and the name of the state it became; absent when the new model has fewer. */
  readonly states: readonly { readonly before: RegimeName; readonly after?: RegimeName }[];
  /** Share of bars whose state is the one that its old state became, 0..1. */
  readonly agreement: number;
  /** Share of bars with the same name under both, 0..1; below 0.9 somebody should look. */
  readonly nameAgreement: number;
  readonly lookAt: boolean;
  readonly at: Instant;
}
