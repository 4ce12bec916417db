import type { IsoDate } from '@allostat/kernel';
import type { Observation } from '../observation/events';
import { convertClose, sourceOf, yearsOf, type Conversion, type KnownRate } from '../universe/convert-close';
import { nextForeignLevel, type ForeignLevel } from '../universe/foreign-level';
import type { Instrument } from '../universe/universe';
import type { Finding } from './quarantine';
import { VOLATILITY_DECAY, type ReadBar } from './read-bar';
import type { InstrumentState, SignalState } from './signal-state';

/** A foreign instrument in the universe's currency, with what is remembered of every instrument. */
export interface TrackedLevel
  extends ForeignLevel, Pick<InstrumentState, 'staleBars' | 'variance' | 'returns' | 'peak'> {}

/** Rates and foreign instruments of a universe; kept for those that have any. */
export interface CurrencyState {
  readonly rates: Readonly<Record<string, KnownRate & { readonly revision: number }>>;
  readonly levels: Readonly<Record<string, TrackedLevel>>;
}

const EMPTY: CurrencyState = { rates: {}, levels: {} };

/** Takes in exchange rates and short rates: the newest of each series in its latest revision. */
export function updateRates(
  before: CurrencyState | undefined,
  released: readonly Observation[],
  exchangeRates: ReadonlySet<string>,
): { readonly currency: CurrencyState; readonly findings: readonly Finding[] } {
  const { rates, levels } = before ?? EMPTY;
  const next = { ...rates };
  const findings: Finding[] = [];
  for (const observation of released) {
    const { seriesId, value, eventTime, revision } = observation;
    if (value === undefined) continue; // the source says that it has no value
    if (exchangeRates.has(seriesId) && !(value > 0)) {
      const reason = `the exchange rate ${seriesId} of ${eventTime} is ${value}; a rate must be above 0`;
      findings.push({ observation, rule: 'negative-price', observed: value, limit: 0, reason });
      continue;
    }
    const known = next[seriesId] as CurrencyState['rates'][string] | undefined;
    const newer =
      known === undefined ||
      eventTime > known.eventTime ||
      (eventTime === known.eventTime && revision > known.revision);
    if (newer) next[seriesId] = { value, eventTime, revision };
  }
  return { currency: { rates: next, levels }, findings };
}

export interface ConvertedBar {
  readonly bar: ReadBar;
  readonly currency: CurrencyState;
  readonly findings: readonly Finding[];
}

/**
 * Carries the foreign instruments of a bar to the universe's currency by the rates that are known at its close. Without a fresh rate an
 * instrument counts as if it had no price: its level is carried and stale.
 */
export function convertBar(
  state: SignalState,
  bar: ReadBar,
  date: IsoDate,
  knownTime: string,
): ConvertedBar | undefined {
  const { universe, currency = EMPTY } = state;
  if (universe?.currencies === undefined) return undefined;
  const levels: Record<string, TrackedLevel> = { ...currency.levels };
  const findings: Finding[] = [];
  const returns = [...bar.returns];
  const oneBarReturns = [...bar.oneBarReturns];
  universe.instruments.forEach((instrument, i) => {
    const source = sourceOf(universe, instrument);
    const own = bar.instruments[i];
    if (source === undefined || own.close === undefined) return;
    const before = levels[instrument.id] as TrackedLevel | undefined;
    const closed = own.staleBars > 0 ? undefined : own.close;
    const found =
      closed === undefined
        ? undefined
        : convertClose(universe, instrument, {
            source,
            price: closed,
            date,
            rateOf: (series) => currency.rates[series] as KnownRate | undefined,
          });
    if (found?.status !== 'known') {
      if (found !== undefined)
        findings.push(staleRate(instrument, found, { date, knownTime, currency: universe.currency }));
      if (before) levels[instrument.id] = { ...before, staleBars: before.staleBars + 1 };
      returns[i] = undefined;
      oneBarReturns[i] = undefined;
      return;
    }
    // the reader of the bar knows of closes that were corrected since
    const local = bar.returns[i];
    const follows = before !== undefined && before.quote.price === state.instruments[i].close && local !== undefined;
    const localGrowth = follows ? 1 + local : undefined;
    const next = nextForeignLevel(
      before,
      { date, ...found, ...(localGrowth !== undefined && { localGrowth }) },
      yearsOf(universe, source),
    );
    const change = before && changeOf(before, next, localGrowth);
    levels[instrument.id] = tracked(before, next, change);
    returns[i] = change;
    oneBarReturns[i] = before?.staleBars === 0 && bar.oneBarReturns[i] !== undefined ? change : undefined;
  });
  return { bar: { ...bar, returns, oneBarReturns }, currency: { ...currency, levels }, findings };
}

/** Return in the universe's currency; an unhedged one is that of the price times that of the rate. */
function changeOf(before: ForeignLevel, next: ForeignLevel, localGrowth: number | undefined): number {
  if (next.carry !== undefined || localGrowth === undefined) return next.level / before.level - 1;
  return localGrowth * (next.quote.rate / before.quote.rate) - 1;
}

function tracked(before: TrackedLevel | undefined, next: ForeignLevel, change: number | undefined): TrackedLevel {
  const { variance, returns, peak, staleBars } = before ?? { variance: 0, returns: 0, peak: next.level, staleBars: 0 };
  if (change === undefined) return { ...next, staleBars: 0, variance, returns, peak: Math.max(peak, next.level) };
  const gain = Math.max(1 - VOLATILITY_DECAY, 1 / (returns + 1));
  const square = (change * change) / (1 + staleBars);
  return {
    ...next,
    staleBars: 0,
    variance: variance + gain * (square - variance),
    returns: returns + 1,
    peak: Math.max(peak, next.level),
  };
}

function staleRate(
  { id, currency: quoted }: Instrument,
  { series, daysMax, last }: Extract<Conversion, { status: 'stale' }>,
  { date, knownTime, currency }: { readonly date: IsoDate; readonly knownTime: string; readonly currency: string },
): Finding {
  const days = last === undefined ? undefined : (Date.parse(date) - Date.parse(last.eventTime)) / 86_400_000;
  const known = days === undefined ? 'is not known yet' : `was last known for ${last?.eventTime}, ${days} days before`;
  return {
    observation: { seriesId: series, kind: 'macro', eventTime: date, knownTime, revision: 0 },
    rule: 'stale',
    observed: days ?? daysMax + 1,
    limit: daysMax,
    reason: `${series} ${known}: ${id}, quoted in ${quoted}, has no price in ${currency} on ${date}`,
  };
}

/** The instruments as everybody behind is told of them: foreign ones in the universe's currency. */
export function toldInstruments(
  instruments: readonly InstrumentState[],
  { universe, currency }: Pick<SignalState, 'universe' | 'currency'>,
): readonly InstrumentState[] {
  if (universe?.currencies === undefined) return instruments;
  return instruments.map((own, i) => {
    const instrument = universe.instruments[i];
    if (sourceOf(universe, instrument) === undefined) return own;
    const level = currency?.levels[instrument.id] as TrackedLevel | undefined;
    const { close: _quoted, ...rest } = own;
    if (level === undefined) return { ...rest, returns: 0, variance: 0 };
    const { staleBars, variance, returns, peak } = level;
    return { ...own, close: level.level, staleBars, variance, returns, peak };
  });
}
