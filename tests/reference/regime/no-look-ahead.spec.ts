import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decideRegime,
  decideSignals,
  feedFromObservations,
  initialRegimeState,
  initialSignalState,
  parseImportProfile,
  universeSchema,
  type Observation,
  type Universe,
  readObservations,
  regimeFeatures,
  simulatedFeed,
  simulatedUniverse,
  type ObservationsRecorded,
  type RegimeOutput,
  type SignalSnapshotPublished,
} from '@allostat/pipeline';
import { fitRegimeModel, nameByRule, simulateMarket, simulationFiles, type RegimeModel } from '@allostat/quant';
import { parse } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import { findLookAhead } from './look-ahead';

const root = join(__dirname, '../../..');
const data = join(root, '../shared/data/etf37');
const present = existsSync(data);
if (!present) console.warn(`skipped: ${data} is absent`);
const yaml = (path: string): unknown => parseYaml(readFileSync(join(root, 'examples', path), 'utf8'));

type Line = SignalSnapshotPublished | RegimeOutput;

/** The whole line from deliveries to alerts; everything that it publishes, in order. */
function run(feed: readonly ObservationsRecorded[], universe: Universe, model: RegimeModel): Line[] {
  const now = '1990-01-01T00:00:00.000Z';
  let signals = decideSignals({ type: 'UniverseVersioned', universe }, initialSignalState(), { now }).state;
  const loaded = { type: 'RegimeModelLoaded', universeId: universe.id, version: '1', model } as const;
  let regimes = decideRegime(loaded, initialRegimeState(), { now }).state;
  return feed.flatMap((event) => {
    const context = { now: `${event.barClose}T21:00:00.000Z` };
    const decision = decideSignals(event, signals, context);
    signals = decision.state;
    return decision.events.flatMap((e): Line[] => {
      if (e.type !== 'SignalSnapshotPublished') return [];
      const next = decideRegime(e, regimes, context);
      regimes = next.state;
      return [e, ...next.events];
    });
  });
}

function modelOf(feed: readonly ObservationsRecorded[], universe: Universe, bars: number): RegimeModel {
  const now = '1990-01-01T00:00:00.000Z';
  let { state } = decideSignals({ type: 'UniverseVersioned', universe }, initialSignalState(), { now });
  const history = feed.slice(0, bars).flatMap((event) => {
    const decision = decideSignals(event, state, { now: `${event.barClose}T21:00:00.000Z` });
    state = decision.state;
    return decision.events.flatMap((e) => (e.type === 'SignalSnapshotPublished' ? (regimeFeatures(e) ?? []) : []));
  });
  return fitRegimeModel(history);
}

describe('nothing published looks ahead: simulated market', () => {
  const market = simulateMarket({ seed: 21, years: 8 });
  const universe = simulatedUniverse(market);
  const feed = simulatedFeed(market);
  const model = modelOf(feed, universe, 1500);
  const cuts = process.env.ALLOSTAT_EXHAUSTIVE === '1' ? [1, 7, 252, 253, 1001, feed.length - 1] : [7, 253, 1001];

  it('signals, probabilities, forecasts, names and alerts of a prefix are those of the whole, bit for bit', () => {
    expect(findLookAhead(feed, (input) => run(input, universe, model), cuts)).toBeUndefined();
  });

  it('names by rule of a prefix are those of the whole', () => {
    const features = run(feed, universe, model).flatMap((e) =>
      e.type === 'SignalSnapshotPublished' ? (regimeFeatures(e) ?? []) : [],
    );
    expect(findLookAhead(features, (input) => nameByRule(input).map((name) => name ?? null), cuts)).toBeUndefined();
  });

  it('values that became known later do not change the past: files cut by what was known', () => {
    const files = new Map(simulationFiles(market).map((f) => [f.name, parse(f.text) as string[][]]));
    const read = (knownUntil: string) => {
      const until = (file: string, column: number) =>
        (files.get(file) ?? []).filter((row, i) => i === 0 || row[column] <= knownUntil);
      const observations = [
        ...readObservations(
          until('prices.csv', 0),
          parseImportProfile(yaml('profiles/simulated-prices.yaml'), 'p'),
          'p',
        ).observations,
        ...readObservations(until('macro.csv', 2), parseImportProfile(yaml('profiles/simulated-macro.yaml'), 'm'), 'm')
          .observations,
        ...readObservations(
          until('headlines.csv', 0),
          parseImportProfile(yaml('profiles/simulated-headlines.yaml'), 'h'),
          'h',
        ).observations,
      ];
      const bars = feedFromObservations(observations, universe).filter((e) => (e.barClose ?? '') <= knownUntil);
      return run(bars, universe, model);
    };
    const whole = read('2099-12-31');
    for (const date of [market.dates[300], market.dates[900], market.dates[1400]]) {
      const then = read(date);
      expect(then.length).toBeGreaterThan(300);
      expect(JSON.stringify(then)).toBe(JSON.stringify(whole.slice(0, then.length)));
    }
  });

  it('the same test catches a planted look-ahead', () => {
    // a signal standardised by the largest value of its whole history
    const peeking = (input: readonly ObservationsRecorded[]) => {
      const lines = run(input, universe, model);
      const volatility = (e: Line) =>
        e.type === 'SignalSnapshotPublished' ? e.signals.find((s) => s.name === 'volatility.equity')?.value : undefined;
      const largest = Math.max(...lines.flatMap((e) => volatility(e) ?? []));
      return lines.map((e) => ({ type: e.type, value: (volatility(e) ?? 0) / largest }));
    };
    expect(findLookAhead(feed, peeking, [500, 1001])).toBeDefined();
    // a percentile among all the credit spreads of the file instead of those so far
    const amongAll = (input: readonly ObservationsRecorded[]) => {
      const spreads = run(input, universe, model).flatMap((e) =>
        e.type === 'SignalSnapshotPublished'
          ? (e.signals.find((s) => s.name === 'macro.level.CREDIT_SPREAD')?.value ?? [])
          : [],
      );
      return spreads.map((own) => spreads.filter((other) => other < own).length / spreads.length);
    };
    expect(findLookAhead(feed, amongAll, [1001])).toMatchObject({ cut: 1001 });
    // and one that reads the next bar's close
    const early = (input: readonly ObservationsRecorded[]) =>
      input.map((_, i) => input[Math.min(i + 1, input.length - 1)].observations[0].value ?? null);
    expect(findLookAhead(feed, early, [500])).toMatchObject({ cut: 500, at: 499 });
  });
});

const macro = join(root, '../shared/data/macro/fred-daily');

/** Series of FRED with the days that pass until each is known: the next day, or the month that follows and a week. */
function contextOf(): Observation[] {
  const profile = parseImportProfile(yaml('profiles/fred-daily.yaml'), 'fred-daily');
  return ['DGS10', 'DGS2', 'VIXCLS', 'FEDFUNDS', 'BAMLH0A0HYM2', 'UNRATE', 'INDPRO', 'CFNAI'].flatMap((series) => {
    const isMonthly = ['FEDFUNDS', 'UNRATE', 'INDPRO', 'CFNAI'].includes(series);
    const rows = parse(readFileSync(join(macro, `${series}.csv`))) as string[][];
    return readObservations(
      rows,
      {
        ...profile,
        layout: { type: 'long', series, valueColumn: 'value' },
        ...(isMonthly && {
          calendar: 'monthly',
          publication: { from: 'month-end', lagDays: 20, time: '21:00' },
        }),
      },
      series,
    ).observations;
  });
}

(present && existsSync(macro) ? describe : describe.skip)('nothing published looks ahead: 37 funds and FRED', () => {
  it('signals, probabilities, names and alerts of a prefix of the file are those of the whole file', () => {
    const context = contextOf();
    const ids = [...new Set(context.map(({ seriesId }) => seriesId))];
    const universe: Universe = {
      ...(universeSchema.parse(yaml('universes/etf37.yaml')) as Universe),
      context: ids.map((seriesId) => ({ seriesId, role: 'macro' })),
    };
    const profile = parseImportProfile(yaml('profiles/etf37-total-return.yaml'), 'etf37');
    const rows = parse(readFileSync(join(data, 'ETFs_TotalReturnIndices.csv'))) as string[][];
    const feedOf = (body: readonly string[][]) => {
      const prices = readObservations([rows[0], ...body], profile, 'tri.csv').observations;
      return feedFromObservations([...prices, ...context], universe);
    };
    const body = rows.slice(1);
    const model = modelOf(feedOf(body.slice(0, 4000)), universe, 4000);
    const line = (input: readonly string[][]) => run(feedOf(input), universe, model);
    expect(findLookAhead(body, line, [300, 2500])).toBeUndefined();

    // every signal that these series and funds feed has had a value, so that none passed by saying nothing
    const said = new Set<string>();
    const listed = new Set<string>();
    for (const event of line(body.slice(0, 2500))) {
      if (event.type !== 'SignalSnapshotPublished') continue;
      for (const { name, value } of event.signals) {
        listed.add(name);
        if (value !== undefined) said.add(name);
      }
    }
    expect([...listed].filter((name) => !said.has(name))).toEqual(['sentiment.news']);
    expect(listed.size).toBeGreaterThan(45);
  });
});
