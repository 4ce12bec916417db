import { deepFreeze } from '@allostat/kernel';
import { fitRegimeModel, simulateMarket } from '@allostat/quant';
import { simulatedFeed } from '../observation/simulated-feed';
import { decideSignals } from '../signal-ingestion/decide-signals';
import type { SignalSnapshotPublished } from '../signal-ingestion/events';
import { initialSignalState } from '../signal-ingestion/signal-state';
import { simulatedUniverse } from '../universe/simulated-universe';
import { decideRegime, type RegimeOutput } from './decide-regime';
import { regimeFeatures } from './regime-features';
import { initialRegimeState, type RegimeState } from './regime-state';
import { scoreAgainstTruth } from './score-against-truth';

const now = '2030-01-01T00:00:00.000Z';
const market = simulateMarket({ seed: 7, years: 14 });

function snapshotsOf(): SignalSnapshotPublished[] {
  const universe = simulatedUniverse(market);
  let { state } = decideSignals({ type: 'UniverseVersioned', universe }, initialSignalState(), { now });
  return simulatedFeed(market).flatMap((event) => {
    const decision = decideSignals(event, state, { now: `${event.barClose}T21:00:00.000Z` });
    state = decision.state;
    return decision.events.filter((e) => e.type === 'SignalSnapshotPublished');
  });
}
const snapshots = snapshotsOf();
const cut = snapshots.findIndex((s) => s.asOf >= market.dates[8 * 252]);
const history = snapshots.slice(0, cut).flatMap((s) => regimeFeatures(s) ?? []);
const model = fitRegimeModel(history);
const loaded = { type: 'RegimeModelLoaded', universeId: 'demo', version: '1', model } as const;

function run(live: readonly SignalSnapshotPublished[], start: RegimeState) {
  let state = start;
  const events: RegimeOutput[] = [];
  for (const snapshot of live) {
    const decision = decideRegime(snapshot, state, { now });
    state = decision.state;
    events.push(...decision.events);
  }
  return { state, events };
}
const begin = decideRegime(loaded, initialRegimeState(), { now }).state;
const whole = run(snapshots.slice(cut), begin);
const assessed = whole.events.filter((e) => e.type === 'RegimeAssessed');
const changed = whole.events.filter((e) => e.type === 'RegimeChanged');
const moved = whole.events.filter((e) => e.type === 'RegimeAlertMoved');

describe('decideRegime', () => {
  it('assesses every snapshot and raises an alert exactly where the name changes', () => {
    expect(assessed).toHaveLength(snapshots.length - cut);
    const changes = assessed.filter((a, i) => i > 0 && a.regime !== assessed[i - 1].regime).map((a) => a.asOf);
    expect(changed.map((c) => c.asOf)).toEqual(changes);
    expect(changed.length).toBeGreaterThan(0);
  });

  it('says in each alert what spoke for the new regime', () => {
    for (const alert of changed) {
      expect(alert.probability).toBeGreaterThanOrEqual(0.9);
      const total = alert.causes.reduce((sum, cause) => sum + cause.contribution, 0);
      expect(total).toBeGreaterThan(0);
    }
  });

  it('confirms an alert exactly where the name changes, after it was told, each step once and numbered', () => {
    expect(moved.filter((m) => m.step === 'confirmed').map((m) => m.asOf)).toEqual(changed.map((c) => c.asOf));
    expect(moved.map((m) => m.sequence)).toEqual(moved.map((_, i) => i + 1));
    expect(new Set(moved.map((m) => `${m.dedupKey} ${m.step}`)).size).toBe(moved.length);
    for (const { dedupKey, asOf, step } of moved.filter((m) => m.step === 'confirmed')) {
      const steps = moved.filter((m) => m.dedupKey === dedupKey && m.asOf <= asOf).map((m) => m.step);
      expect(steps.filter((s) => s !== 'escalated')).toEqual(['watch', 'alert', step]);
    }
  });

  it('says in an alert what would flip it and which episodes were like it', () => {
    const told = moved.filter((m) => m.step === 'alert' || m.step === 'confirmed');
    expect(told.some((m) => m.flip.bars !== undefined)).toBe(true);
    const last = told[told.length - 1];
    const same = moved.filter((m) => m.step === 'confirmed' && m.to === last.to && m.asOf < last.asOf);
    expect(last.comparable.filter((e) => e.outcome === 'confirmed').map((e) => e.ended)).toEqual(
      same.map((m) => m.asOf).slice(-5),
    );
  });

  it('tells once more what nobody took in hand, and not what somebody did', () => {
    const escalated = moved.filter((m) => m.step === 'escalated');
    expect(escalated.length).toBeGreaterThan(0);
    const first = moved.findIndex((m) => m.step === 'alert');
    const until = snapshots.findIndex((s) => s.asOf === moved[first].asOf);
    const before = run(snapshots.slice(cut, until + 1), begin);
    const order = { type: 'HandleAlert', universeId: 'demo', actor: 'riley', reason: 'looking at it' } as const;
    const taken = decideRegime({ ...order, action: 'acknowledge' }, before.state, { now });
    expect(taken.events).toMatchObject([{ type: 'RegimeAlertHandled', sequence: moved[first].sequence + 1 }]);
    const after = run(snapshots.slice(until + 1, until + 6), taken.state).events;
    const mine = after.filter((e) => e.type === 'RegimeAlertMoved' && e.dedupKey === moved[first].dedupKey);
    expect(mine.filter((e) => e.type === 'RegimeAlertMoved' && e.step === 'escalated')).toEqual([]);
  });

  it('marks what is told during a silence, unless it is critical, and refuses a silence without an end', () => {
    const order = { type: 'HandleAlert', universeId: 'demo', actor: 'riley', reason: 'feed repair' } as const;
    expect(() => decideRegime({ ...order, action: 'silence' }, whole.state, { now })).toThrow(/within 168 hours/);
    const early = run(snapshots.slice(cut, cut + 1), begin).state;
    const until = '2030-01-05T00:00:00.000Z';
    const quiet = run(
      snapshots.slice(cut + 1),
      decideRegime({ ...order, action: 'silence', until }, early, { now }).state,
    );
    const told = quiet.events.filter((e) => e.type === 'RegimeAlertMoved');
    expect(told.every((m) => m.silenced === (m.severity !== 'critical'))).toBe(true);
    expect(told.some((m) => m.silenced)).toBe(true);
  });

  it('meets the true regimes with few false alarms', () => {
    const score = scoreAgainstTruth(assessed, market);
    expect(score.balancedAccuracy).toBeGreaterThan(0.85);
    expect(score.delayDaysMedian).toBeLessThanOrEqual(15);
    expect(score.falseAlarmsPerYear).toBeLessThanOrEqual(0.35);
  });

  it('gives the same events for a prefix, from frozen inputs and after its state has been through JSON', () => {
    const prefix = run(snapshots.slice(cut, cut + 200).map(deepFreeze), deepFreeze(begin));
    expect(prefix.events).toEqual(whole.events.slice(0, prefix.events.length));
    const restored = throughJson(prefix.state);
    const next = snapshots[cut + 200];
    expect(decideRegime(next, restored, { now })).toEqual(decideRegime(next, prefix.state, { now }));
  });

  it('refuses a snapshot before a model, and says what to do', () => {
    expect(() => decideRegime(snapshots[cut], initialRegimeState(), { now })).toThrow(/has no regime model/);
  });

  it('believes of a name what it believed before when a new model is loaded', () => {
    const refit = fitRegimeModel(history.slice(300));
    const { state } = decideRegime({ ...loaded, version: '2', model: refit }, whole.state, { now });
    const nameOf = (s: RegimeState) => s.loaded?.model.names[s.hysteresis?.current ?? -1];
    expect(nameOf(state)).toBe(nameOf(whole.state));
    expect(state.probabilities?.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  it('tells how a new model stands to the one before on the last 500 bars, shuffled states found again', () => {
    const order = model.names.map((_, k) => (k + 1) % model.names.length);
    const shuffled = {
      ...model,
      names: order.map((k) => model.names[k]),
      transition: order.map((i) => order.map((j) => model.transition[i][j])),
      blocks: model.blocks.map((block) => ({ ...block, emissions: order.map((k) => block.emissions[k]) })),
    };
    const swap = { ...loaded, version: '2', model: shuffled };
    const [same] = decideRegime(swap, whole.state, { now }).events;
    expect(same).toMatchObject({
      type: 'RegimeModelAligned',
      bars: 500,
      agreement: 1,
      nameAgreement: 1,
      lookAt: false,
    });
    const renamed = { ...shuffled, names: model.names };
    const [moved] = decideRegime({ ...swap, model: renamed }, whole.state, { now }).events;
    expect(moved).toMatchObject({ type: 'RegimeModelAligned', agreement: 1, lookAt: true });
    expect(decideRegime({ ...loaded, version: '1' }, whole.state, { now }).events).toEqual([]);
  });
});

/** JSON has no typed arrays and no NaN: the ring of recent bars is put back. */
function throughJson(state: RegimeState): RegimeState {
  const plain = JSON.parse(JSON.stringify(state)) as RegimeState;
  if (plain.recent === undefined) return plain;
  const values = Object.values(plain.recent.values).map((value: number | null) => (value === null ? NaN : value));
  return { ...plain, recent: { ...plain.recent, values: Float64Array.from(values) } };
}

describe('scoreAgainstTruth', () => {
  const dates = Array.from({ length: 60 }, (_, i) => new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10));
  const regimes = dates.map((_, i) => (i < 30 ? ('expansion' as const) : ('crisis' as const)));

  it('counts the bars until the new regime is named, and no false alarm', () => {
    const late = dates.map((asOf, i) => ({ asOf, regime: i < 36 ? ('expansion' as const) : ('crisis' as const) }));
    const score = scoreAgainstTruth(late, { dates, regimes });
    expect(score).toMatchObject({ delayDaysMedian: 6, falseAlarmsPerYear: 0, missed: 0 });
    expect(score.balancedAccuracy).toBeCloseTo((1 + 24 / 30) / 2, 12);
  });

  it('counts a change to a regime that is not near as a false alarm', () => {
    const wrong = dates.map((asOf, i) => ({ asOf, regime: i === 10 ? ('recovery' as const) : regimes[i] }));
    expect(scoreAgainstTruth(wrong, { dates, regimes }).falseAlarmsPerYear).toBeCloseTo(252 / 60, 12);
  });
});
