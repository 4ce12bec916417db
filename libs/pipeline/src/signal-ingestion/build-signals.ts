import { averageCorrelation, clusteringOf, meanVarianceAhead, pairCorrelation, turbulence } from '@allostat/quant';
import { contextSignals } from './context-signals';
import { toldInstruments } from './currency-levels';
import type { InstrumentBar, Signal } from './events';
import { absorptionShift, downsideDeviation, initialMarketRisk, sortino } from './market-risk';
import { proxiesOf, type Proxies } from './proxies';
import { signalOf } from './signal-catalogue';
import { CLOSES_KEPT, type InstrumentState, type SignalState } from './signal-state';
import { averageDailyValue } from './traded-value';

const BARS_PER_YEAR = 252;
/** Returns an instrument needs before its co-movement counts. */
export const HISTORY_FOR_CORRELATION = 60;
const NEWS_COUNT_MIN = 0.5;
const YEAR = 252;
/** Time-series momentum holds a position of this volatility, counted in 261 days a year. */
const TSMOM_VOLATILITY = 0.4;
const TSMOM_BARS_PER_YEAR = 261;

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

/** Mean of the last `bars` closes; undefined when one is from before inception. */
function movingAverage(state: SignalState, instrument: number, bars: number): number | undefined {
  if (bars > CLOSES_KEPT || bars > state.bar) return undefined;
  const { closes } = state;
  const start = instrument * CLOSES_KEPT;
  let sum = 0;
  for (let back = 0, at = start + ((state.bar - 1) % CLOSES_KEPT); back < bars; back++, at--) {
    sum += closes[at];
    if (at === start) at += CLOSES_KEPT;
  }
  return Number.isNaN(sum) ? undefined : sum / bars;
}

const over = (value: number | undefined, base: number | undefined): number | undefined =>
  value === undefined || base === undefined ? undefined : value / base - 1;

const annualised = (instrument: InstrumentState): number | undefined =>
  instrument.returns >= 20 ? Math.sqrt(BARS_PER_YEAR * instrument.variance) : undefined;

const drawdown = (instrument: InstrumentState): number | undefined =>
  instrument.close === undefined ? undefined : instrument.close / instrument.peak - 1;

/** The bar of every instrument, signals of its own included. `state` is the state after the bar. */
export function instrumentBars(state: SignalState, returns: readonly (number | undefined)[]): InstrumentBar[] {
  const told = toldInstruments(state.instruments, state);
  return (state.universe?.instruments ?? []).map(({ id }, i) => ({
    ...instrumentBar({ ...state, instruments: told }, id, i, returns[i]),
    ...quoteOf(state, id),
  }));
}

function quoteOf({ currency }: SignalState, id: string): Pick<InstrumentBar, 'quote'> {
  const level = currency?.levels[id] as NonNullable<typeof currency>['levels'][string] | undefined;
  return level === undefined ? {} : { quote: level.quote };
}

function instrumentBar(state: SignalState, id: string, i: number, change: number | undefined): InstrumentBar {
  const own = state.instruments[i];
  const bar: { -readonly [K in keyof InstrumentBar]: InstrumentBar[K] } = { id, staleBars: own.staleBars };
  const [momentum12m1, trend] = [
    growth(state, i, 252, 21),
    over(closeBefore(state, i, 0), movingAverage(state, i, 200)),
  ];
  const [volatility, fall] = [annualised(own), drawdown(own)];
  const daily = averageDailyValue(state.traded?.[id]);
  if (daily !== undefined) bar.averageDailyValue = daily;
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
  const proxies = state.universe === undefined ? {} : proxiesOf(state.universe);
  const values: (readonly [string, number | undefined])[] = [
    ...PROXY_RETURNS.map(([proxy, name]) => [name, at(proxies[proxy], (i) => returns[i])] as const),
    ...momentumOf(state, proxies, bars),
    ...volatilityOf(state, proxies, bars),
    ...couplingOf(before, state, returns, proxies),
    ['drawdown.equity', at(proxies.equity, (i) => bars[i].drawdown)],
    ...contextSignals(state).map(({ name, value }) => [name, value] as const),
    ...levelsOf(state),
    ['sentiment.news', state.news.count >= NEWS_COUNT_MIN ? state.news.score / state.news.count : undefined],
  ];
  return values.map(([name, value]) => signalOf(name, value));
}

type Values = (readonly [name: string, value: number | undefined])[];

const at = <T>(index: number | undefined, read: (i: number) => T | undefined): T | undefined =>
  index === undefined ? undefined : read(index);

function momentumOf(state: SignalState, { equity, bond, cash }: Proxies, bars: readonly InstrumentBar[]): Values {
  const safe = at(cash, (i) => growth(state, i, YEAR));
  const excess = (i: number): number | undefined => {
    const year = growth(state, i, YEAR);
    return year === undefined || safe === undefined ? year : year - safe;
  };
  const position = (i: number): number | undefined => {
    const [year, variance] = [excess(i), state.fastMoments[i * state.instruments.length + i]];
    if (year === undefined || !(variance > 0)) return undefined;
    return (Math.sign(year) * TSMOM_VOLATILITY) / Math.sqrt(TSMOM_BARS_PER_YEAR * variance);
  };
  const directions = (state.universe?.instruments ?? []).map(({ assetClass }, i) => {
    const year = assetClass === 'cash' ? undefined : excess(i);
    return year === undefined ? undefined : Math.sign(year);
  });
  return [
    ['return.equity.63d', at(equity, (i) => growth(state, i, 63))],
    ['return.equity.126d', at(equity, (i) => growth(state, i, 126))],
    ['return.bond.126d', at(bond, (i) => growth(state, i, 126))],
    ['momentum.average.12m1', mean(bars.map((bar) => bar.momentum12m1))],
    ['momentum.equity.tsmom', at(equity, position)],
    ['momentum.bond.tsmom', at(bond, position)],
    ['momentum.breadth.tsmom', mean(directions)],
    ['momentum.equity.sortino', state.risk === undefined ? undefined : sortino(state.risk)],
    ['trend.equity', at(equity, (i) => bars[i].trend)],
    ['trend.equity.cross', at(equity, (i) => over(movingAverage(state, i, 50), movingAverage(state, i, 200)))],
    ['trend.breadth', mean(bars.map((bar) => at(bar.trend, (t) => (t > 0 ? 1 : 0))))],
  ];
}

function volatilityOf(state: SignalState, { equity }: Proxies, bars: readonly InstrumentBar[]): Values {
  const { risk = initialMarketRisk() } = state;
  const { harVariance, garchForecast } = risk;
  const annual = (variance: number | undefined): number | undefined =>
    variance === undefined ? undefined : Math.sqrt(variance) * Math.sqrt(BARS_PER_YEAR);
  const downside = downsideDeviation(risk);
  const clusters = risk.clustering && clusteringOf(risk.clustering);
  return [
    ['volatility.equity', at(equity, (i) => bars[i].volatility)],
    ['volatility.average', mean(bars.map((bar) => bar.volatility))],
    ['volatility.equity.har', annual(harVariance)],
    ['volatility.equity.garch', annual(garchForecast?.nextVariance)],
    ['volatility.equity.garch21d', annual(garchForecast && meanVarianceAhead(garchForecast, 21))],
    ['volatility.equity.downside', downside === undefined ? undefined : downside * Math.sqrt(BARS_PER_YEAR)],
    ['volatility.equity.clustering', clusters?.autocorrelation],
    ['volatility.equity.arch-test', clusters?.lagrangeMultiplier],
  ];
}

/** How the market moves together, and how unusual the bar was. */
function couplingOf(
  before: SignalState,
  state: SignalState,
  returns: readonly (number | undefined)[],
  { equity, bond }: Proxies,
): Values {
  const n = state.instruments.length;
  const { risk = initialMarketRisk(), fastMoments } = state;
  const isSeasoned = ({ returns: seen }: InstrumentState): boolean => seen >= HISTORY_FOR_CORRELATION;
  const seasoned = toldInstruments(state.instruments, state).flatMap((own, i) => (isSeasoned(own) ? [i] : []));
  const measured = toldInstruments(before.instruments, before).flatMap((instrument, i) =>
    isSeasoned(instrument) && returns[i] !== undefined ? [i] : [],
  );
  const both = equity !== undefined && bond !== undefined && seasoned.includes(equity) && seasoned.includes(bond);
  const unusual = turbulence(before.slowMoments, returns, measured);
  return [
    ['correlation.absorption', risk.absorption.at(-1)],
    ['correlation.absorption.shift', absorptionShift(risk)],
    ['correlation.average', averageCorrelation(fastMoments, n, seasoned)],
    ['correlation.stock-bond', both ? pairCorrelation(fastMoments, n, equity, bond) : undefined],
    ['turbulence', unusual?.turbulence],
    ['turbulence.correlation-surprise', unusual?.correlationSurprise],
  ];
}

function levelsOf({ universe, context }: SignalState): Values {
  return (universe?.context ?? [])
    .filter(({ role }) => role === 'macro')
    .map(({ seriesId }) => [`macro.level.${seriesId}`, context.find((series) => series.seriesId === seriesId)?.value]);
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === undefined) continue;
    sum += value;
    count++;
  }
  return count === 0 ? undefined : sum / count;
}
