import { averageCorrelation, pairCorrelation, turbulence } from '@allostat/quant';
import type { InstrumentBar, Signal } from './events';
import { absorptionShift, downsideDeviation, initialMarketRisk } from './market-risk';
import { proxiesOf, type Proxies } from './proxies';
import { CLOSES_KEPT, type InstrumentState, type SignalState } from './signal-state';
import { changeOverMonths } from './update-context';

const BARS_PER_YEAR = 252;
/** Returns an instrument needs before its co-movement counts. */
export const HISTORY_FOR_CORRELATION = 60;
const NEWS_COUNT_MIN = 0.5;

/** Series that are read as the policy rate and as the credit spread, by the ids under which sources publish them. */
const POLICY_SERIES: readonly string[] = ['POLICY_RATE', 'FEDFUNDS', 'DFF', 'TB3MS'];
const CREDIT_SERIES: readonly string[] = ['CREDIT_SPREAD', 'BAMLH0A0HYM2', 'BAA10Y'];

/** The one-bar returns that regime models read. */
const PROXY_RETURNS: readonly (readonly [keyof Proxies, string])[] = [
  ['equity', 'return.equity.1d'],
  ['bond', 'return.bond.1d'],
  ['credit', 'return.credit.1d'],
  ['gold', 'return.gold.1d'],
  ['commodity', 'return.commodity.1d'],
  ['realEstate', 'return.real-estate.1d'],
  ['inflationLinked', 'return.inflation-linked.1d'],
];

/** The close of an instrument `back` bars before the last one, as carried then; undefined before inception. */
function closeBefore(state: SignalState, instrument: number, back: number): number | undefined {
  if (back >= CLOSES_KEPT || back >= state.bar) return undefined;
  const value = state.closes[instrument * CLOSES_KEPT + ((state.bar - 1 - back) % CLOSES_KEPT)];
  return Number.isNaN(value) ? undefined : value;
}

function growth(state: SignalState, instrument: number, from: number, to = 0): number | undefined {
  const [start, end] = [closeBefore(state, instrument, from), closeBefore(state, instrument, to)];
  return start === undefined || end === undefined ? undefined : end / start - 1;
}

/** The last close over the mean of the last `bars`, less one. */
function overMovingAverage(state: SignalState, instrument: number, bars: number): number | undefined {
  if (bars > CLOSES_KEPT || bars > state.bar) return undefined;
  const { closes } = state;
  const start = instrument * CLOSES_KEPT;
  const newest = start + ((state.bar - 1) % CLOSES_KEPT);
  let sum = 0;
  for (let back = 0, at = newest; back < bars; back++, at--) {
    sum += closes[at];
    if (at === start) at += CLOSES_KEPT;
  }
  // one close from before inception makes the sum no number
  return Number.isNaN(sum) ? undefined : closes[newest] / (sum / bars) - 1;
}

const annualised = (instrument: InstrumentState): number | undefined =>
  instrument.returns >= 20 ? Math.sqrt(BARS_PER_YEAR * instrument.variance) : undefined;

const drawdown = (instrument: InstrumentState): number | undefined =>
  instrument.close === undefined ? undefined : instrument.close / instrument.peak - 1;

function present<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, number>);
}

/** The bar of every instrument, signals of its own included. `state` is the state after the bar. */
export function instrumentBars(state: SignalState, returns: readonly (number | undefined)[]): InstrumentBar[] {
  return (state.universe?.instruments ?? []).map(({ id }, i) => instrumentBar(state, id, i, returns[i]));
}

function instrumentBar(state: SignalState, id: string, i: number, change: number | undefined): InstrumentBar {
  const own = state.instruments[i];
  const bar: { -readonly [K in keyof InstrumentBar]: InstrumentBar[K] } = { id, staleBars: own.staleBars };
  const [momentum12m1, trend] = [growth(state, i, 252, 21), overMovingAverage(state, i, 200)];
  const [volatility, fall] = [annualised(own), drawdown(own)];
  if (own.close !== undefined) bar.close = own.close;
  if (change !== undefined) bar.return = change;
  if (momentum12m1 !== undefined) bar.momentum12m1 = momentum12m1;
  if (trend !== undefined) bar.trend = trend;
  if (volatility !== undefined) bar.volatility = volatility;
  if (fall !== undefined) bar.drawdown = fall;
  return bar;
}

/** The signals of the universe. `before` is the state before the bar: turbulence is measured against the past only. */
export function universeSignals(
  before: SignalState,
  state: SignalState,
  returns: readonly (number | undefined)[],
  bars: readonly InstrumentBar[],
): Signal[] {
  const n = state.instruments.length;
  const proxies = state.universe === undefined ? {} : proxiesOf(state.universe);
  const { equity, bond } = proxies;
  const at = <T>(index: number | undefined, read: (i: number) => T | undefined): T | undefined =>
    index === undefined ? undefined : read(index);
  const seasoned = state.instruments.flatMap((instrument, i) =>
    instrument.returns >= HISTORY_FOR_CORRELATION ? [i] : [],
  );
  const measured = before.instruments.flatMap((instrument, i) =>
    instrument.returns >= HISTORY_FOR_CORRELATION && returns[i] !== undefined ? [i] : [],
  );
  const signal = (name: string, family: Signal['family'], units: string, value: number | undefined): Signal => ({
    name,
    family,
    units,
    ...present('value', value),
  });
  const bothSeasoned =
    equity !== undefined && bond !== undefined && seasoned.includes(equity) && seasoned.includes(bond);
  return [
    ...PROXY_RETURNS.map(([proxy, name]) =>
      signal(
        name,
        'momentum',
        'decimal',
        at(proxies[proxy], (i) => returns[i]),
      ),
    ),
    signal(
      'return.equity.63d',
      'momentum',
      'decimal',
      at(equity, (i) => growth(state, i, 63)),
    ),
    signal(
      'return.equity.126d',
      'momentum',
      'decimal',
      at(equity, (i) => growth(state, i, 126)),
    ),
    signal(
      'return.bond.126d',
      'momentum',
      'decimal',
      at(bond, (i) => growth(state, i, 126)),
    ),
    signal('momentum.average.12m1', 'momentum', 'decimal', mean(bars.map((bar) => bar.momentum12m1))),
    signal(
      'trend.equity',
      'trend',
      'decimal',
      at(equity, (i) => bars[i].trend),
    ),
    signal('trend.breadth', 'trend', 'share', mean(bars.map((bar) => at(bar.trend, (t) => (t > 0 ? 1 : 0))))),
    signal(
      'volatility.equity',
      'volatility',
      'decimal a year',
      at(equity, (i) => bars[i].volatility),
    ),
    signal('volatility.average', 'volatility', 'decimal a year', mean(bars.map((bar) => bar.volatility))),
    ...riskSignals(state, signal),
    signal('correlation.average', 'correlation', 'correlation', averageCorrelation(state.fastMoments, n, seasoned)),
    signal(
      'correlation.stock-bond',
      'correlation',
      'correlation',
      bothSeasoned ? pairCorrelation(state.fastMoments, n, equity, bond) : undefined,
    ),
    signal(
      'turbulence',
      'turbulence',
      'multiple of an ordinary day',
      turbulence(before.slowMoments, returns, measured),
    ),
    signal(
      'drawdown.equity',
      'drawdown',
      'decimal',
      at(equity, (i) => bars[i].drawdown),
    ),
    ...macroSignals(state, signal),
    signal(
      'sentiment.news',
      'sentiment',
      'score from -1 to 1',
      state.news.count >= NEWS_COUNT_MIN ? state.news.score / state.news.count : undefined,
    ),
  ];
}

type MakeSignal = (name: string, family: Signal['family'], units: string, value: number | undefined) => Signal;

function riskSignals({ risk = initialMarketRisk() }: SignalState, signal: MakeSignal): Signal[] {
  const annual = (deviation: number | undefined): number | undefined =>
    deviation === undefined ? undefined : deviation * Math.sqrt(BARS_PER_YEAR);
  const har = risk.harVariance === undefined ? undefined : Math.sqrt(risk.harVariance);
  return [
    signal('volatility.equity.har', 'volatility', 'decimal a year', annual(har)),
    signal('volatility.equity.downside', 'volatility', 'decimal a year', annual(downsideDeviation(risk))),
    signal('correlation.absorption', 'correlation', 'share of variance', risk.absorption.at(-1)),
    signal('correlation.absorption.shift', 'correlation', 'standard deviations of a year', absorptionShift(risk)),
  ];
}

function macroSignals(state: SignalState, signal: MakeSignal): Signal[] {
  const oneOf = (ids: readonly string[]) => state.context.find((series) => ids.includes(series.seriesId));
  const halfYear = (series: SignalState['context'][number] | undefined): number | undefined =>
    series === undefined ? undefined : changeOverMonths(series, 6);
  const levels = (state.universe?.context ?? []).filter((series) => series.role === 'macro');
  return [
    signal('macro.policy-rate.change6m', 'macro', 'percentage points', halfYear(oneOf(POLICY_SERIES))),
    signal('macro.credit-spread.change6m', 'macro', 'percentage points', halfYear(oneOf(CREDIT_SERIES))),
    ...levels.map(({ seriesId }) =>
      signal(
        `macro.level.${seriesId}`,
        'macro',
        'as published',
        state.context.find((series) => series.seriesId === seriesId)?.value,
      ),
    ),
  ];
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
