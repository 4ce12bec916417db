import type { Instant, IsoDate } from '@allostat/kernel';

/** What an observed number means. `total-return-index` and `price` are levels, `return` is a simple return as a decimal. */
export type ObservationKind = 'price' | 'total-return-index' | 'return' | 'volume' | 'macro' | 'sentiment' | 'headline';

/** One value with the time it is about and the time it became known. */
export interface Observation {
  readonly seriesId: string;
  readonly kind: ObservationKind;
  /** Period or day that the value is about. */
  readonly eventTime: IsoDate;
  /** When a reader could first have known it. */
  readonly knownTime: Instant;
  /** 0 for the first publication, then 1, 2, ... for each revision of the same event time. */
  readonly revision: number;
  /** Absent when the source says that it has no value (`missing is missing`). Of a headline its tone, -1 to 1, where a model gave one. */
  readonly value?: number;
  /** Text of a headline. */
  readonly text?: string;
  /** Where it was read: file name or feed, and row when it came from a file. */
  readonly origin?: { readonly file: string; readonly row: number };
  /** How the value was made from what was read: a price by adjustment factors, the tone of a headline by a model; absent as read. */
  readonly derivation?: string;
}

/**
 * All that a feed made known at one time. A feed delivers in order; `barClose` says that, with this delivery,
 * the trading day is complete and a snapshot may be cut.
 */
export interface ObservationsRecorded {
  readonly type: 'ObservationsRecorded';
  readonly universeId: string;
  readonly feed: string;
  /** Contiguous per feed, from 0. */
  readonly sequence: number;
  readonly barClose?: IsoDate;
  readonly observations: readonly Observation[];
}
