import type { IsoDate } from '@allostat/kernel';
import type { FusionState } from '@allostat/quant';
import type { Observation } from '../observation/events';
import type { CurrencyState } from './currency-levels';
import type { Gauge } from './gauge';
import type { MarketRisk } from './market-risk';
import type { Universe } from '../universe/universe';
import type { TradedValue } from './traded-value';

/** Closes kept per instrument: a year and a month, for 12-1 momentum. */
export const CLOSES_KEPT = 274;

/** What is known of one instrument after the last bar. */
export interface InstrumentState {
  /** Last accepted close; absent before inception. */
  readonly close?: number;
  /** Day of the last accepted close. */
  readonly closeDate?: IsoDate;
  readonly staleBars: number;
  /** Bars in a row in which the accepted close did not change. */
  readonly unchangedBars: number;
  /** EWMA of squared returns (decay 0.94), and the number of returns seen. */
  readonly variance: number;
  readonly returns: number;
  /** Highest accepted close. */
  readonly peak: number;
  /** A value set aside as a jump, waiting for the next bar to say whether it was a bad tick or a new level. */
  readonly jump?: { readonly observation: Observation; readonly sigmas: number };
  /** A large move that was accepted on the last bar, in log; a bad tick if the next bar takes it back. */
  readonly watched?: { readonly observation: Observation; readonly move: number; readonly sigmas: number };
}

/** What is known of one macro series: the newest value and the last value of each of the last months. */
export interface ContextState {
  readonly seriesId: string;
  readonly eventTime: IsoDate;
  readonly revision: number;
  readonly value: number;
  readonly months: readonly { readonly month: string; readonly eventTime: IsoDate; readonly value: number }[];
}

/** All that signal-ingestion remembers of one universe. Plain data. */
export interface SignalState {
  readonly universe?: Universe;
  /** Last sequence number of each feed. */
  readonly feeds: Readonly<Record<string, number>>;
  /** Bars published so far. */
  readonly bar: number;
  readonly lastBar?: IsoDate;
  /** Days of the published bars whose closes are kept, newest last. */
  readonly recentBars: readonly IsoDate[];
  /** Prices received since the last bar closed. */
  readonly waiting: readonly Observation[];
  /** Volumes received since then; absent when there were none. */
  readonly volumes?: readonly Observation[];
  /** Money traded, by instrument that has had a volume. */
  readonly traded?: Readonly<Record<string, TradedValue>>;
  readonly instruments: readonly InstrumentState[];
  /** Carried closes, N x CLOSES_KEPT, one ring an instrument; NaN before inception. Written at `bar % CLOSES_KEPT`. */
  readonly closes: Float64Array;
  /** EW second moments with a half-life of 42 and of 252 bars, N x N. */
  readonly fastMoments: Float64Array;
  readonly slowMoments: Float64Array;
  readonly context: readonly ContextState[];
  /** Rates and levels of foreign instruments; absent for a universe without them. */
  readonly currency?: CurrencyState;
  /** EW sum of headline scores and of their number (half-life five bars). */
  readonly news: { readonly score: number; readonly count: number };
  /** Who overrode a value that is still in the history, and the bar it is about; absent when nobody did. */
  readonly overrides?: readonly { readonly by: string; readonly bar: number }[];
  /** Variance forecasts and coupling of the market; absent before the first bar. */
  readonly risk?: MarketRisk;
  /** Levels of the VIX and of the credit spread so far; absent for a universe without them. */
  readonly gauges?: { readonly vix?: Gauge; readonly credit?: Gauge };
  /** What the fusion has learnt of its signals; absent before the first bar. */
  readonly fusion?: FusionState;
}

/** The state before any event. */
export function initialSignalState(): SignalState {
  return {
    feeds: {},
    bar: 0,
    recentBars: [],
    waiting: [],
    instruments: [],
    closes: new Float64Array(0),
    fastMoments: new Float64Array(0),
    slowMoments: new Float64Array(0),
    context: [],
    news: { score: 0, count: 0 },
  };
}
