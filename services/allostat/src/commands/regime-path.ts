import type { IsoDate } from '@allostat/kernel';
import type { RegimeCause, RegimeForecastsScored } from '@allostat/pipeline';

export interface RegimeAlertRow {
  readonly at: IsoDate;
  readonly from: string;
  readonly to: string;
  readonly probability: number;
  readonly causes: readonly RegimeCause[];
}

/** A regime path out of sample. */
export interface RegimePath {
  readonly model: string;
  readonly dates: readonly IsoDate[];
  /** The four names, or what a challenger tells apart. */
  readonly states: readonly string[];
  /** One row a date, a column a state. */
  readonly probabilities: readonly (readonly number[])[];
  readonly regime: readonly string[];
  readonly alerts: readonly RegimeAlertRow[];
  /** Mean log predictive density a bar, in nats; null when no bar had a return, and for challengers. */
  readonly logScore: number | null;
  /** What came of the forecasts made after the training window, by horizon. */
  readonly forecasts: RegimeForecastsScored['horizons'];
  readonly training: { readonly from: IsoDate; readonly to: IsoDate };
}
