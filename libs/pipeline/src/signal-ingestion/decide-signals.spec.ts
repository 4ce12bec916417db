import { deepFreeze } from '@allostat/kernel';
import { simulateMarket } from '@allostat/quant';
import type { ObservationsRecorded } from '../observation/events';
import { simulatedFeed } from '../observation/simulated-feed';
import { simulatedUniverse } from '../universe/simulated-universe';
import { decideSignals, type SignalOutput } from './decide-signals';
import type { ObservationQuarantined } from './events';
import { initialSignalState, type SignalState } from './signal-state';

function begin(market: ReturnType<typeof simulateMarket>): SignalState {
  const universe = simulatedUniverse(market);
  const now = '2004-01-01T00:00:00.000Z';
  return decideSignals({ type: 'UniverseVersioned', universe }, initialSignalState(), { now }).state;
}
function run(
  feed: readonly ObservationsRecorded[],
  start: SignalState,
): { state: SignalState; events: SignalOutput[] } {
  let state = start;
  const events: SignalOutput[] = [];
  for (const event of feed) {
    const decision = decideSignals(event, state, { now: `${event.barClose}T21:00:00.000Z` });
    state = decision.state;
    events.push(...decision.events);
  }
  return { state, events };
}
const snapshots = (events: readonly SignalOutput[]) => events.filter((e) => e.type === 'SignalSnapshotPublished');
const findings = (events: readonly SignalOutput[]) => events.filter((e) => e.type === 'ObservationQuarantined');

const market = simulateMarket({ seed: 11, years: 6 });
const feed = simulatedFeed(market);
const whole = run(feed, begin(market));

describe('decideSignals', () => {
  it('finds every planted defect by the rule that must find it', () => {
    const seen = findings(whole.events);
    for (const defect of market.defects) {
      const match = seen.filter(
        (e) => e.rule === defect.rule && (defect.series === '*' || e.observation.seriesId === defect.series),
      );
      expect([defect, match.length > 0]).toEqual([defect, true]);
    }
  });

  it('sets aside fewer than one clean value in 10,000', () => {
    let values = 0;
    let wrong: readonly ObservationQuarantined[] = [];
    for (let seed = 1; seed <= 2; seed++) {
      const clean = simulateMarket({ seed, years: 6, defectsPerYear: 0 });
      values += clean.dates.length * clean.instruments.length;
      wrong = [...wrong, ...findings(run(simulatedFeed(clean), begin(clean)).events)];
    }
    expect(wrong.map((e) => `${e.rule} ${e.reason}`).slice(0, 20 * (wrong.length / values > 1e-4 ? 1 : 0))).toEqual([]);
  });

  it('publishes one snapshot a bar, repeated rows excepted', () => {
    const repeated = market.defects.filter((d) => d.rule === 'repeated-row').length;
    expect(snapshots(whole.events)).toHaveLength(market.dates.length - repeated);
  });

  it('carries a missing close openly and leaves its return out', () => {
    const gap = market.defects.find((d) => d.rule === 'gap');
    const at = snapshots(whole.events).findIndex((s) => s.asOf === gap?.date);
    const [before, during, after] = [-1, 0, 1].map((step) =>
      snapshots(whole.events)[at + step].instruments.find((i) => i.id === gap?.series),
    );
    expect(during).toMatchObject({ close: before?.close, staleBars: 1 });
    expect(during?.return).toBeUndefined();
    expect(after?.staleBars).toBe(0);
    expect(snapshots(whole.events)[at].coverage).toBeCloseTo(12 / 13, 12);
  });

  it('gives the same snapshots for a prefix as for the whole, and leaves its inputs alone', () => {
    const prefix = run(feed.slice(0, 700).map(deepFreeze), deepFreezeState(begin(market)));
    expect(prefix.events).toEqual(whole.events.slice(0, prefix.events.length));
  });

  it('gives the same snapshots when its state has been through JSON', () => {
    const half = run(feed.slice(0, 400), begin(market));
    const rest = run(feed.slice(400, 500), restore(JSON.stringify(half.state)));
    const direct = run(feed.slice(400, 500), half.state);
    expect(rest.events).toEqual(direct.events);
  });

  it('takes the tone that a headline was delivered with, and sets aside one that is no tone', () => {
    const start = begin(market);
    const toned = (value?: number) => {
      const [headline] = feed.flatMap(({ observations }) => observations.filter(({ kind }) => kind === 'headline'));
      const observations = [{ ...headline, text: 'nothing is said', ...(value === undefined ? {} : { value }) }];
      const { barClose: _none, ...delivery } = { ...feed[0], observations };
      return decideSignals(delivery, start, { now: '2030-01-01T00:00:00.000Z' });
    };
    expect(toned(-0.75).state.news).toEqual({ score: -0.75, count: 1 });
    expect(toned().state.news).toEqual({ score: 0, count: 1 });
    expect(toned(1.5).state.news).toEqual({ score: 0, count: 0 });
    expect(findings(toned(1.5).events)).toMatchObject([{ rule: 'malformed', observed: 1.5, limit: 1 }]);
  });

  it('has every signal after a year and a month', () => {
    const last = snapshots(whole.events).at(-1);
    expect(last?.signals.filter((s) => s.value === undefined).map((s) => s.name)).toEqual([]);
    expect(last?.instruments.every((i) => i.momentum12m1 !== undefined && i.trend !== undefined)).toBe(true);
  });

  it('refuses a hole in the sequence of a feed', () => {
    const event = { ...feed[5], sequence: 7 };
    const { state } = run(feed.slice(0, 5), begin(market));
    expect(() => decideSignals(event, state, { now: '2004-02-01T00:00:00.000Z' })).toThrow(/sequence 7, expected 5/);
  });

  it('refuses a bar that is closed already and observations without a universe', () => {
    const { state } = run(feed.slice(0, 5), begin(market));
    const now = '2004-02-01T00:00:00.000Z';
    expect(() => decideSignals({ ...feed[4], sequence: 5 }, state, { now })).toThrow(/closed already/);
    expect(() => decideSignals(feed[0], initialSignalState(), { now })).toThrow(/before the universe/);
  });
});

function deepFreezeState(state: SignalState): SignalState {
  Object.values(state).forEach((part) => {
    if (typeof part === 'object' && part !== null && !ArrayBuffer.isView(part)) deepFreeze(part);
  });
  return Object.freeze(state);
}

function restore(text: string): SignalState {
  const plain = JSON.parse(text) as SignalState;
  const floats = (part: Float64Array) => Float64Array.from(Object.values(part).map((v) => (v === null ? NaN : v)));
  return {
    ...plain,
    closes: floats(plain.closes),
    fastMoments: floats(plain.fastMoments),
    slowMoments: floats(plain.slowMoments),
    ...(plain.risk?.basis !== undefined && { risk: { ...plain.risk, basis: floats(plain.risk.basis) } }),
  };
}
