import type { IsoDate } from '@allostat/kernel';
import type { RegimeCause, RegimeForecastsScored, RegimeName } from '@allostat/pipeline';

export interface RegimeAlertRow {
  readonly at: IsoDate;
  readonly from: RegimeName;
  readonly to: RegimeName;
  readonly probability: number;
  readonly causes: readonly RegimeCause[];
}

/** A regime path out of sample. */
export interface RegimePath {
  readonly model: string;
  readonly dates: readonly IsoDate[];
  /** One row a date, in the order expansion, tightening, crisis, recovery. */
  readonly probabilities: readonly (readonly number[])[];
  readonly regime: readonly RegimeName[];
  readonly alerts: readonly RegimeAlertRow[];
  /** Mean log predictive density a bar, in nats; null when no bar had a return. */
  readonly logScore: number | null;
  /** What came of the forecasts made after the training window, by horizon. */
  readonly forecasts: RegimeForecastsScored['horizons'];
  readonly training: { readonly from: IsoDate; readonly to: IsoDate };
}
