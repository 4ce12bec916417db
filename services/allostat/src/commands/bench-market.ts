import { createRng, type IsoDate } from '@allostat/kernel';
import {
  backfill,
  decideRegime,
  decideSignals,
  initialRegimeState,
  initialSignalState,
  latestKnown,
  modelVersion,
  regimeFeatures,
  type ObservationsRecorded,
  type RegimeState,
  type SignalSnapshotPublished,
  type SignalState,
  type Universe,
} from '@allostat/pipeline';
import { filterStep, fitRegimeModel, initialFilterState, type FilterState } from '@allostat/quant';
import type { BenchTask } from './bench-tasks';

const ASSETS = 100;
const BARS_PER_YEAR = 252;
const CLASSES = ['equity', 'government-bond', 'corporate-bond', 'gold', 'commodity', 'real-estate'] as const;

const universe: Universe = {
  id: 'bench',
  version: 1,
  currency: 'USD',
  instruments: Array.from({ length: ASSETS }, (_, i) => ({
    id: `S${String(i).padStart(3, '0')}`,
    assetClass: CLASSES[i % CLASSES.length],
  })),
};

/** Weekdays of a market of 100 assets whose common volatility changes every half year, as a feed delivers them. */
function deliveries(bars: number): ObservationsRecorded[] {
  const rng = createRng(17, 'bench-market');
  const closes = new Float64Array(ASSETS).fill(100);
  let day = Date.UTC(2000, 0, 3);
  return Array.from({ length: bars }, (_, sequence) => {
    const date: IsoDate = new Date(day).toISOString().slice(0, 10);
    day += (new Date(day).getUTCDay() === 5 ? 3 : 1) * 86_400_000;
    const wild = Math.floor(sequence / 126) % 2 === 1 ? 2.5 : 1;
    const [market, other] = [rng.studentT(5), rng.studentT(5)];
    const observations = universe.instruments.map(({ id }, i) => {
      const change = 0.004 * wild * ((i % 2 === 0 ? market : other) + 0.5 * rng.normal());
      closes[i] *= Math.exp(Math.max(-0.1, Math.min(0.1, change)));
      const knownTime = `${date}T21:00:00.000Z`;
      return { seriesId: id, kind: 'price', eventTime: date, knownTime, revision: 0, value: closes[i] } as const;
    });
    return { type: 'ObservationsRecorded', universeId: 'bench', feed: 'bench', sequence, barClose: date, observations };
  });
}

function signalsThrough(feed: readonly ObservationsRecorded[]) {
  let state: SignalState = decideSignals({ type: 'UniverseVersioned', universe }, initialSignalState(), {
    now: '2000-01-01T00:00:00.000Z',
  }).state;
  const snapshots: SignalSnapshotPublished[] = [];
  for (const delivery of feed) {
    const decision = decideSignals(delivery, state, { now: latestKnown(delivery) });
    state = decision.state;
    snapshots.push(...decision.events.filter((event) => event.type === 'SignalSnapshotPublished'));
  }
  return { state, snapshots };
}

/** The filter of a four-state model, one bar a step: the mean of 100,000 steps. */
export function* regimeTickTasks(): Iterable<BenchTask> {
  const { snapshots } = signalsThrough(deliveries(5 * BARS_PER_YEAR));
  const features = snapshots.flatMap((snapshot) => regimeFeatures(snapshot) ?? []);
  const model = fitRegimeModel(features);
  const steps = 100_000;
  let state: FilterState = initialFilterState(model);
  let microseconds = NaN;
  yield {
    task: 'regime-tick',
    size: `${model.names.length} states, ${model.blocks.map((block) => block.features.length).join(' + ')} features, ${steps} bars`,
    runs: 5,
    run: () => {
      const begun = performance.now();
      for (let i = 0; i < steps; i++) state = filterStep(model, state, features[i % features.length]);
      microseconds = ((performance.now() - begun) * 1000) / steps;
    },
    value: () => ({ microsecondsPerTick: microseconds }),
  };
}

/** One bar of 100 assets through the live decisions: data rules, signals, covariances, regime and alerts. */
export function* barUpdateTasks(): Iterable<BenchTask> {
  const bars = 3 * BARS_PER_YEAR;
  const feed = deliveries(bars + 300);
  const { state: warm, snapshots } = signalsThrough(feed.slice(0, bars));
  const model = fitRegimeModel(snapshots.flatMap((snapshot) => regimeFeatures(snapshot) ?? []));
  const loaded = { type: 'RegimeModelLoaded', universeId: 'bench', version: '1', model } as const;
  let milliseconds = NaN;
  yield {
    task: 'bar-update',
    size: `${ASSETS} assets, 300 bars`,
    runs: 5,
    run: () => {
      let signals = warm;
      let regime: RegimeState = decideRegime(loaded, initialRegimeState(), { now: '2000-01-01T00:00:00.000Z' }).state;
      const begun = performance.now();
      for (const delivery of feed.slice(bars)) {
        const now = latestKnown(delivery);
        const decision = decideSignals(delivery, signals, { now });
        signals = decision.state;
        for (const event of decision.events)
          if (event.type === 'SignalSnapshotPublished') regime = decideRegime(event, regime, { now }).state;
      }
      milliseconds = (performance.now() - begun) / 300;
    },
    value: () => ({ millisecondsPerBar: milliseconds }),
  };
}

/** Twenty years of 100 assets: signals, a regime model fitted on the first half, then regimes and risk models. */
export function* backfillTasks(): Iterable<BenchTask> {
  const feed = deliveries(20 * BARS_PER_YEAR);
  const { barClose: trainUntil = '' } = feed[feed.length >> 1];
  let bars = 0;
  yield {
    task: 'backfill',
    size: `${ASSETS} assets, ${feed.length} bars`,
    runs: 1,
    run: () => {
      const work = backfill(universe, feed, {
        trainUntil,
        versionOf: (model) => modelVersion(model.training.to, model),
      });
      let step = work.next();
      while (step.done !== true) step = work.next();
      ({ bars } = step.value);
    },
    value: () => ({ bars }),
  };
}
