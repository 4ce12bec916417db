import type { IsoDate, Rng } from '@allostat/kernel';
import type { SimulatedRegime } from './regime-table';
import { addDays } from './weekday-calendar';

/** One publication of one macro value: first release or revision. */
export interface MacroRelease {
  readonly seriesId: string;
  /** First day of the month that the value is about; the day itself for daily series. */
  readonly eventTime: IsoDate;
  /** Day on which it became known. */
  readonly knownDate: IsoDate;
  readonly revision: number;
  readonly value: number;
}

interface MonthlySeries {
  readonly id: string;
  readonly start: number;
  /** Level that the series moves towards in each regime, and the part of the way it goes in a month. */
  readonly target: Readonly<Record<SimulatedRegime, number>>;
  readonly speed: number;
  readonly noise: number;
  /** Days from the end of the month to the first release, and to each later revision. */
  readonly releaseLagDays: readonly number[];
  /** Standard deviation of the error of each release but the last. */
  readonly releaseError: number;
}

/** Monthly series in percent, released with lag and revised; lags resemble those of the US statistics they imitate. */
const MONTHLY: readonly MonthlySeries[] = [
  {
    id: 'INFLATION_YOY',
    start: 2,
    target: { expansion: 2.2, tightening: 5, crisis: 0.8, recovery: 1.4 },
    speed: 0.12,
    noise: 0.12,
    releaseLagDays: [13, 43],
    releaseError: 0.08,
  },
  {
    id: 'PRODUCTION_YOY',
    start: 2.5,
    target: { expansion: 3.2, tightening: 1.2, crisis: -9, recovery: 4.5 },
    speed: 0.2,
    noise: 0.35,
    releaseLagDays: [16, 46, 76],
    releaseError: 0.4,
  },
  {
    id: 'UNEMPLOYMENT',
    start: 5.5,
    target: { expansion: 4, tightening: 4, crisis: 9.5, recovery: 7 },
    speed: 0.09,
    noise: 0.06,
    releaseLagDays: [5],
    releaseError: 0,
  },
];

/** Policy rate in percent, one value a bar: rises while policy tightens, is cut in a crisis, drifts to 2.5 otherwise. */
export function simulatePolicyRates(path: readonly SimulatedRegime[]): number[] {
  const perBar = { expansion: 0.0008, tightening: 0.011, crisis: -0.02, recovery: 0 };
  let rate = 2;
  return path.map((regime) => {
    const pull = regime === 'expansion' && rate > 2.5 ? -perBar.expansion : perBar[regime];
    rate = Math.min(7, Math.max(0.1, rate + pull));
    return Math.round(rate * 4) / 4;
  });
}

/** All macro releases of a market, ordered by the day on which they became known. */
export function simulateMacro(
  dates: readonly IsoDate[],
  path: readonly SimulatedRegime[],
  policyRates: readonly number[],
  rng: Rng,
): MacroRelease[] {
  const releases: MacroRelease[] = [];
  const months = monthlyRegimes(dates, path);
  for (const series of MONTHLY) releases.push(...simulateSeries(series, months, rng.fork(series.id)));
  releases.push(...policyAnnouncements(dates, policyRates), ...creditSpreads(dates, path, rng.fork('CREDIT_SPREAD')));
  const last = dates[dates.length - 1];
  return releases
    .filter((release) => release.knownDate <= last)
    .sort((a, b) => compare(a.knownDate, b.knownDate) || compare(a.seriesId, b.seriesId) || a.revision - b.revision);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function monthlyRegimes(dates: readonly IsoDate[], path: readonly SimulatedRegime[]) {
  const months: { month: string; end: IsoDate; regime: SimulatedRegime }[] = [];
  dates.forEach((date, bar) => {
    const month = date.slice(0, 7);
    const last = months[months.length - 1];
    if (last === undefined || last.month !== month) months.push({ month, end: date, regime: path[bar] });
    else months[months.length - 1] = { month, end: date, regime: path[bar] };
  });
  return months;
}

function simulateSeries(
  series: MonthlySeries,
  months: readonly { month: string; end: IsoDate; regime: SimulatedRegime }[],
  rng: Rng,
): MacroRelease[] {
  let level = series.start;
  return months.flatMap(({ month, end, regime }) => {
    level += series.speed * (series.target[regime] - level) + series.noise * rng.normal();
    const final = level;
    return series.releaseLagDays.map((lag, revision) => {
      const error = revision === series.releaseLagDays.length - 1 ? 0 : series.releaseError * rng.normal();
      return {
        seriesId: series.id,
        eventTime: `${month}-01`,
        knownDate: addDays(end, lag),
        revision,
        value: Math.round((final + error) * 100) / 100,
      };
    });
  });
}

/** The policy rate as announced on the first bar of each month: known the same day, never revised. */
function policyAnnouncements(dates: readonly IsoDate[], rates: readonly number[]): MacroRelease[] {
  return dates.flatMap((date, bar) =>
    bar > 0 && dates[bar - 1].slice(0, 7) === date.slice(0, 7)
      ? []
      : [{ seriesId: 'POLICY_RATE', eventTime: date, knownDate: date, revision: 0, value: rates[bar] }],
  );
}

/** High-yield spread in percent points over Treasuries, daily, published on the next calendar day. */
function creditSpreads(dates: readonly IsoDate[], path: readonly SimulatedRegime[], rng: Rng): MacroRelease[] {
  const target = { expansion: 3.5, tightening: 4.5, crisis: 10, recovery: 6 };
  let spread = 4;
  return dates.map((date, bar) => {
    spread = Math.max(2.5, spread + 0.025 * (target[path[bar]] - spread) + 0.015 * spread * rng.normal());
    return {
      seriesId: 'CREDIT_SPREAD',
      eventTime: date,
      knownDate: addDays(date, 1),
      revision: 0,
      value: Math.round(spread * 100) / 100,
    };
  });
}
