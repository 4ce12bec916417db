import type { Instant, IsoDate } from '@allostat/kernel';
import type { Fusion } from '@allostat/quant';
import type { Observation } from '../observation/events';
import type { Quote } from '../universe/foreign-level';

export type QuarantineRule =
  | 'stale'
  | 'gap'
  | 'duplicate'
  | 'repeated-row'
  | 'jump'
  | 'bad-tick'
  | 'unit'
  | 'negative-price'
  | 'future-dated'
  | 'unknown-series'
  | 'malformed'
  | 'unordered'
  | 'inconsistent-bar'
  | 'no-volume'
  | 'weights-sum'
  | 'revised'
  | 'off-calendar'
  | 'reused-symbol'
  | 'survivorship'
  | 'averaged'
  | 'wrong-class';

/** A value that was set aside instead of used, with all that a person needs to judge it. */
export interface ObservationQuarantined {
  readonly type: 'ObservationQuarantined';
  readonly universeId: string;
  readonly feed: string;
  readonly observation: Observation;
  readonly rule: QuarantineRule;
  readonly severity: 'warning' | 'error';
  /** What was measured, and the limit it broke, in the rule's own unit. */
  readonly observed: number;
  readonly limit: number;
  readonly reason: string;
  /** The last accepted values before it, newest last. */
  readonly neighbours: readonly { readonly eventTime: IsoDate; readonly value: number }[];
  /** Who looks after findings of the rule; absent in messages from before owners were named. */
  readonly owner?: QuarantineOwner;
}

/** A person's word on a value that was set aside: right as it was delivered, or another value in its place. */
export type OverrideAction = 'release' | 'correct';

/** A value that was set aside has been released or corrected. It is a revision of its own; what it replaces is kept. */
export interface ObservationOverridden {
  readonly type: 'ObservationOverridden';
  readonly universeId: string;
  readonly findingId: string;
  readonly action: OverrideAction;
  readonly observation: Observation;
  readonly rule: QuarantineRule;
  /** The value that was set aside; absent when there was none. */
  readonly replaced?: number;
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
  /** Whether later snapshots read it; values older than the history that is kept are stored only. */
  readonly used: boolean;
}

/** A bar without a snapshot: too few of its values could be used. */
export interface SnapshotRefused {
  readonly type: 'SnapshotRefused';
  readonly universeId: string;
  readonly asOf: IsoDate;
  /** Share of listed instruments with a fresh accepted value, 0..1, and the least that is accepted. */
  readonly coverage: number;
  readonly minimum: number;
  readonly missing: readonly string[];
  readonly reason: string;
}

export type QuarantineOwner = 'data-team' | 'feed-operator';

export interface Signal {
  readonly name: string;
  readonly family:
    'momentum' | 'trend' | 'volatility' | 'correlation' | 'turbulence' | 'drawdown' | 'macro' | 'sentiment';
  readonly units: string;
  /** Absent until enough history exists. */
  readonly value?: number;
}

/** State of one instrument at the close of a bar. */
export interface InstrumentBar {
  readonly id: string;
  /** Level (total return where available). Absent before inception or when quarantined with nothing to carry. */
  readonly close?: number;
  /** Simple return against the previous bar's close, as a decimal. Absent when either close is. */
  readonly return?: number;
  /** Bars since the last accepted value; 0 when fresh. */
  readonly staleBars: number;
  readonly momentum12m1?: number;
  readonly trend?: number;
  readonly volatility?: number;
  readonly drawdown?: number;
  /** Money traded a day, half-life a month; absent where volumes or prices in money are not known. */
  readonly averageDailyValue?: number;
  /** For instruments that are quoted in another currency than the universe's. */
  readonly quote?: Quote;
}

/** All signals of a universe as of one bar, derived only from what was known then. */
export interface SignalSnapshotPublished {
  readonly type: 'SignalSnapshotPublished';
  readonly universeId: string;
  readonly universeVersion: number;
  readonly asOf: IsoDate;
  readonly knownTime: Instant;
  /** Bars seen so far, counting this one. */
  readonly bar: number;
  readonly instruments: readonly InstrumentBar[];
  readonly signals: readonly Signal[];
  /** Share of listed instruments with a fresh accepted value, 0..1. */
  readonly coverage: number;
  /** The signals fused into one view of the equity proxy over the next month; absent in older messages. */
  readonly fusion?: Fusion;
  /** People whose releases and corrections are among the values that the signals read; absent when there are none. */
  readonly dataOverriders?: readonly string[];
}
