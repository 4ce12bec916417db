import { AllostatError, assertNever, type IsoDate } from '@allostat/kernel';
import { decayOfHalfLife, updateEwmCovariance } from '@allostat/quant';
import type { Observation, ObservationsRecorded } from '../observation/events';
import type { Decide, Decision } from '../stage';
import type { Universe, UniverseVersioned } from '../universe/universe';
import { adoptUniverse } from './adopt-universe';
import { HISTORY_FOR_CORRELATION, instrumentBars, universeSignals } from './build-signals';
import { updateGauges } from './context-signals';
import type { ObservationOverridden, ObservationQuarantined, SignalSnapshotPublished, SnapshotRefused } from './events';
import { convertBar, toldInstruments, updateRates } from './currency-levels';
import { fuseSnapshot, initialSnapshotFusion } from './fuse-snapshot';
import { initialMarketRisk, updateMarketRisk } from './market-risk';
import { dataOverriders, keptOverrides, overrideObservation, type OverrideObservation } from './override-observation';
import { proxiesOf } from './proxies';
import { quarantined, type Finding } from './quarantine';
import { carried, readBar, type ReadBar } from './read-bar';
import { CLOSES_KEPT, type SignalState } from './signal-state';
import { sortObservations } from './sort-observations';
import { updateMacro, updateNews } from './update-context';
import { tradedOn, updateTradedValue } from './traded-value';

const FAST_DECAY = decayOfHalfLife(42);
const SLOW_DECAY = decayOfHalfLife(252);
/** Weekdays without a bar that are still a holiday; markets closed for four after 11 September 2001. */
const MISSING_WEEKDAYS_MAX = 4;

/** Below this share of fresh instruments no snapshot is cut, unless the universe says otherwise: a guess is worse than none. */
const COVERAGE_MIN = 0.5;

/** What signal ingestion decides on, and what it says. */
export type SignalInput = ObservationsRecorded | UniverseVersioned | OverrideObservation;
export type SignalOutput = SignalSnapshotPublished | ObservationQuarantined | ObservationOverridden | SnapshotRefused;

/**
 * Signal ingestion: checks what a feed delivered, sets aside what is wrong, and cuts a snapshot when a bar closes.
 * A bar that only repeats the one before (a holiday filled by the vendor) is reported and gives no snapshot; nor does one of
 * which too few instruments have a usable value. A person may release or correct what was set aside.
 *
 * Throws `AllostatError` with code `INGESTION.NO_UNIVERSE`, `INGESTION.SEQUENCE_GAP` or `INGESTION.BAR_ORDER`.
 */
export const decideSignals: Decide<SignalState, SignalInput, SignalOutput> = (event, state, { now }) => {
  switch (event.type) {
    case 'UniverseVersioned':
      return { state: adoptUniverse(state, event.universe), events: [] };
    case 'ObservationsRecorded':
      return takeIn(event, state, now);
    case 'OverrideObservation':
      return overrideObservation(state, event, now);
    default:
      return assertNever(event);
  }
};

function takeIn(event: ObservationsRecorded, state: SignalState, now: string): Decision<SignalState, SignalOutput> {
  const universe = checkOrder(event, state);
  const sorted = sortObservations(event.observations, state, now);
  const macro = updateMacro(state.context, sorted.macro);
  const exchange = new Set((universe.currencies ?? []).map(({ rate }) => rate)); // none: no foreign instruments
  const rates = universe.currencies && updateRates(state.currency, sorted.rates, exchange);
  const findings: Finding[] = [...sorted.findings, ...macro.findings, ...(rates?.findings ?? [])]; // no rates, no findings of them
  const known: SignalState = {
    ...state,
    feeds: { ...state.feeds, [event.feed]: event.sequence },
    context: macro.context,
    ...(rates && { currency: rates.currency }),
    waiting: [...state.waiting, ...sorted.prices],
    ...((state.volumes !== undefined || sorted.volumes.length > 0) && {
      volumes: [...(state.volumes ?? []), ...sorted.volumes],
    }),
    news: event.barClose === undefined ? addNews(state, sorted.headlines) : updateNews(state.news, sorted.headlines),
  };
  const report = (all: readonly Finding[]): SignalOutput[] =>
    all.map((finding) => quarantined(state, event.feed, event.universeId, finding));
  if (event.barClose === undefined) return { state: known, events: report(findings) };

  findings.push(...missingBars(event.barClose, state.lastBar, now));
  const read = readBar(known, known.waiting, event.barClose, now);
  findings.push(...read.findings);
  if (read.repeated) {
    return { state: { ...known, lastBar: event.barClose, waiting: [] }, events: report(findings) };
  }
  const converted = convertBar(known, read, event.barClose, now);
  findings.push(...(converted?.findings ?? [])); // nothing to convert
  const bar = converted?.bar ?? read;
  const next = closeBar(known, bar, event.barClose, converted?.currency);
  const minimum = universe.coverageMin ?? COVERAGE_MIN; // the universe does not say
  const refused = refusal(next, universe, event.barClose, minimum);
  if (refused !== undefined) {
    // the bar is not counted: what it said is measured with the next one
    const instruments = known.instruments.map((before, i) =>
      before.close === undefined ? before : carried(before, bar.instruments[i].jump),
    );
    const { currency } = known;
    const levels =
      currency && Object.entries(currency.levels).map(([id, l]) => [id, { ...l, staleBars: l.staleBars + 1 }]);
    return {
      state: {
        ...known,
        instruments,
        ...(currency && { currency: { ...currency, levels: Object.fromEntries(levels as [string, never][]) } }),
        lastBar: event.barClose,
        waiting: [],
      },
      events: [...report(findings), refused],
    };
  }
  const plain = snapshotOf(universe, known, next, bar, event.barClose, now);
  const fused = fuseSnapshot(known.fusion ?? initialSnapshotFusion(), plain);
  const snapshot: SignalSnapshotPublished = { ...plain, fusion: fused.fusion };
  return { state: { ...next, fusion: fused.state }, events: [...report(findings), snapshot] };
}

/** Headlines between bars add to the sums without the decay of a bar. */
function addNews(state: SignalState, headlines: readonly Observation[]): SignalState['news'] {
  if (headlines.length === 0) return state.news;
  const fresh = updateNews({ score: 0, count: 0 }, headlines);
  return { score: state.news.score + fresh.score, count: state.news.count + fresh.count };
}

function checkOrder(event: ObservationsRecorded, state: SignalState): Universe {
  if (state.universe === undefined) {
    throw new AllostatError(
      'INGESTION.NO_UNIVERSE',
      `observations of universe ${event.universeId} arrived before the universe itself`,
      'publish the universe version first, then redeliver',
    );
  }
  const last = state.feeds[event.feed];
  const expected = last === undefined ? 0 : last + 1;
  if (event.sequence !== expected) {
    throw new AllostatError(
      'INGESTION.SEQUENCE_GAP',
      `feed ${event.feed} delivered sequence ${event.sequence}, expected ${expected}`,
      'deliver the missing events first, in order',
    );
  }
  if (event.barClose !== undefined && state.lastBar !== undefined && event.barClose <= state.lastBar) {
    throw new AllostatError(
      'INGESTION.BAR_ORDER',
      `feed ${event.feed} closes the bar of ${event.barClose}, but ${state.lastBar} is closed already`,
      'deliver bars in date order, each once',
    );
  }
  return state.universe;
}

function missingBars(bar: IsoDate, lastBar: IsoDate | undefined, knownTime: string): Finding[] {
  if (lastBar === undefined) return [];
  const missing = weekdaysBetween(lastBar, bar);
  if (missing <= MISSING_WEEKDAYS_MAX) return [];
  return [
    {
      observation: { seriesId: '*', kind: 'price', eventTime: bar, knownTime, revision: 0 },
      rule: 'gap',
      observed: missing,
      limit: MISSING_WEEKDAYS_MAX,
      reason: `${missing} weekdays have no bar between ${lastBar} and ${bar}`,
    },
  ];
}

/** Weekdays strictly between two dates. */
function weekdaysBetween(from: IsoDate, to: IsoDate): number {
  const [start, end] = [Date.parse(from) / 86_400_000, Date.parse(to) / 86_400_000];
  let count = 0;
  for (let day = start + 1; day < end; day++) if ((day + 4) % 7 !== 0 && (day + 4) % 7 !== 6) count++;
  return count;
}

function closeBar(state: SignalState, bar: ReadBar, date: IsoDate, currency: SignalState['currency']): SignalState {
  const closes = state.closes.slice();
  const told = toldInstruments(bar.instruments, { ...state, ...(currency && { currency }) });
  told.forEach((instrument, i) => {
    closes[i * CLOSES_KEPT + (state.bar % CLOSES_KEPT)] = instrument.close === undefined ? NaN : instrument.close;
  });
  const counts = toldInstruments(state.instruments, state).map((instrument) => instrument.returns);
  const { overrides: _overrides, volumes = [], ...rest } = state;
  const traded = inOwnCurrency(tradedOn(date, state.waiting, volumes), currency);
  const slowMoments = updateEwmCovariance(state.slowMoments, counts, bar.oneBarReturns, SLOW_DECAY);
  const equity = state.universe === undefined ? undefined : proxiesOf(state.universe).equity;
  const risk = updateMarketRisk(
    state.risk ?? initialMarketRisk(),
    equity === undefined ? undefined : bar.oneBarReturns[equity],
    {
      bar: state.bar + 1,
      moments: slowMoments,
      assets: bar.instruments.length,
      seasoned: told.flatMap(({ returns }, i) => (returns >= HISTORY_FOR_CORRELATION ? [i] : [])),
    },
  );
  return {
    ...rest,
    ...updateGauges({ ...rest, lastBar: date }),
    risk,
    ...keptOverrides(state, state.bar + 1),
    ...(traded.size > 0 && { traded: withTraded(state.traded, traded) }),
    bar: state.bar + 1,
    lastBar: date,
    recentBars: [...state.recentBars.slice(1 - CLOSES_KEPT), date],
    waiting: [],
    instruments: bar.instruments,
    ...(currency && { currency }),
    closes,
    fastMoments: updateEwmCovariance(state.fastMoments, counts, bar.oneBarReturns, FAST_DECAY),
    slowMoments,
  };
}

/** Money that changed hands abroad, at the rate of the close; what has no fresh rate is left out. */
function inOwnCurrency(
  traded: ReadonlyMap<string, number>,
  currency: SignalState['currency'],
): ReadonlyMap<string, number> {
  if (currency === undefined) return traded;
  return new Map(
    [...traded].flatMap(([id, money]) => {
      const level = currency.levels[id] as (typeof currency.levels)[string] | undefined;
      if (level === undefined) return [[id, money] as const]; // quoted in the universe's own currency
      return level.staleBars === 0 ? [[id, money * level.quote.rate] as const] : [];
    }),
  );
}

function withTraded(
  before: SignalState['traded'],
  traded: ReadonlyMap<string, number>,
): NonNullable<SignalState['traded']> {
  return {
    ...before,
    ...Object.fromEntries([...traded].map(([id, money]) => [id, updateTradedValue(before?.[id], money)])),
  };
}

function snapshotOf(
  universe: Universe,
  before: SignalState,
  state: SignalState,
  bar: ReadBar,
  asOf: IsoDate,
  knownTime: string,
): SignalSnapshotPublished {
  const instruments = instrumentBars(state, bar.returns);
  const overriders = dataOverriders(state);
  return {
    type: 'SignalSnapshotPublished',
    universeId: universe.id,
    universeVersion: universe.version,
    asOf,
    knownTime,
    bar: state.bar,
    instruments,
    signals: universeSignals(before, state, bar.oneBarReturns, instruments),
    coverage: coverageOf(state).coverage,
    ...(overriders !== undefined && { dataOverriders: overriders }),
  };
}

/** Share of the instruments that have had a value whose value is of the last bar, and those whose value is not. */
function coverageOf(state: SignalState): { readonly coverage: number; readonly missing: string[] } {
  const missing: string[] = [];
  let listed = 0;
  let fresh = 0;
  const { universe } = state;
  toldInstruments(state.instruments, state).forEach(({ close, staleBars }, i) => {
    if (close === undefined) return;
    listed++;
    if (staleBars === 0) fresh++;
    else if (universe !== undefined) missing.push(universe.instruments[i].id);
  });
  return { coverage: listed === 0 ? 0 : fresh / listed, missing };
}

function refusal(state: SignalState, universe: Universe, asOf: IsoDate, minimum: number): SnapshotRefused | undefined {
  const { coverage, missing } = coverageOf(state);
  if (coverage > 0 && coverage >= minimum) return undefined;
  const reason = `${(100 * coverage).toFixed(0)} % of the instruments of ${universe.id} have a usable value on ${asOf}, ${(100 * minimum).toFixed(0)} % are needed`;
  return { type: 'SnapshotRefused', universeId: universe.id, asOf, coverage, minimum, missing, reason };
}
