import { fitMonthForecast, forecastMonth, type MonthForecastOptions } from './forecast-months';
import type { TracedMonth } from './name-months';
import { FOUR_REGIMES } from './regime-model';

/** A named month with its date, `YYYY-MM`. */
export interface DatedMonth {
  readonly date: string;
  readonly month: TracedMonth;
}

/** A forecast out of sample, and the number of the regime that came. */
export interface MonthForecastOutcome {
  readonly date: string;
  readonly said: readonly number[];
  readonly happened: number;
}

/** Named months before the first fit. */
const HISTORY_MIN = 60;

/**
 * Forecasts of every month from `from` on, each made `ahead` months before by a fit on the months before January of the year it was
 * made in. Months are in order.
 */
export function scoreMonthForecasts(
  months: readonly DatedMonth[],
  options: MonthForecastOptions & { readonly ahead: number; readonly from: string },
): MonthForecastOutcome[] {
  const { ahead, from, ...fitOptions } = options;
  const fit = (until: number) =>
    fitMonthForecast(
      months.slice(0, until).map(({ month }) => month),
      fitOptions,
    );
  let model = fit(HISTORY_MIN);
  return months.flatMap(({ date, month }, t) => {
    if (date.endsWith('-01') && t >= HISTORY_MIN) model = fit(t);
    const target = months[t + ahead];
    if (target === undefined || target.date < from) return [];
    const p = forecastMonth(model, month, ahead);
    const said = FOUR_REGIMES.map((name) => p[name]);
    return [{ date: target.date, said, happened: FOUR_REGIMES.indexOf(target.month.name) }];
  });
}
