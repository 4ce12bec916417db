import type { Observation, ObservationsRecorded } from '../observation/events';
import { decideSignals, type SignalOutput } from './decide-signals';
import type { SignalSnapshotPublished, SnapshotRefused } from './events';
import type { OverrideObservation } from './override-observation';
import { initialSignalState, type SignalState } from './signal-state';

const IDS = ['A', 'B', 'C', 'D'] as const;
const dayOf = (i: number): string => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
const at = (date: string): string => `${date}T21:00:00.000Z`;
/** A gentle walk of its own for each series, the same in every run. */
const level = (series: number, i: number): number => 100 * Math.exp(0.01 * Math.sin(0.7 * i + series) + 0.0002 * i);

function delivery(i: number, change: Partial<Record<string, number | undefined>> = {}): ObservationsRecorded {
  const eventTime = dayOf(i);
  const observations = IDS.flatMap((seriesId, k): Observation[] => {
    const value = seriesId in change ? change[seriesId] : level(k, i);
    const plain = { seriesId, kind: 'price', eventTime, knownTime: at(eventTime), revision: 0 } as const;
    return value === undefined ? [] : [{ ...plain, value }];
  });
  return { type: 'ObservationsRecorded', universeId: 'u', feed: 'f', sequence: i, barClose: eventTime, observations };
}

function run(deliveries: readonly ObservationsRecorded[], start: SignalState) {
  let state = start;
  const events: SignalOutput[] = [];
  for (const event of deliveries) {
    const decision = decideSignals(event, state, { now: at(event.barClose as string) });
    state = decision.state;
    events.push(...decision.events);
  }
  return { state, events };
}
const begin = (coverageMin?: number): SignalState =>
  decideSignals(
    {
      type: 'UniverseVersioned',
      universe: {
        id: 'u',
        version: 1,
        currency: 'USD',
        instruments: IDS.map((id) => ({ id, assetClass: 'equity' as const })),
        context: [{ seriesId: 'CPI', role: 'macro' }],
        ...(coverageMin !== undefined && { coverageMin }),
      },
    },
    initialSignalState(),
    { now: at(dayOf(0)) },
  ).state;
const last = (events: readonly SignalOutput[]) => events.at(-1) as SignalSnapshotPublished;
const barOf = (events: readonly SignalOutput[], id: string) => last(events).instruments.find((bar) => bar.id === id);
const calm = Array.from({ length: 60 }, (_, i) => delivery(i));
const jumped = run([...calm, delivery(60, { A: 140 })], begin());

function order(change: Partial<OverrideObservation> = {}, value: number | undefined = 140): OverrideObservation {
  const observation: Observation = {
    seriesId: 'A',
    kind: 'price',
    eventTime: dayOf(60),
    knownTime: at(dayOf(61)),
    revision: 1,
    ...(value !== undefined && { value }),
  };
  const named = {
    universeId: 'u',
    findingId: 'f1',
    rule: 'jump',
    actor: 'dana',
    reason: 'split was announced',
  } as const;
  return { type: 'OverrideObservation', action: 'release', ...named, observation, replaced: 140, ...change };
}
const decide = (input: OverrideObservation, state = jumped.state) =>
  decideSignals(input, state, { now: at(dayOf(61)) });

describe('a value that was set aside', () => {
  it('is carried until a person releases it; the next return is measured from it', () => {
    expect(barOf(jumped.events, 'A')).toMatchObject({ close: level(0, 59), staleBars: 1 });
    const released = decide(order());
    expect(released.events).toEqual([
      expect.objectContaining({ type: 'ObservationOverridden', by: 'dana', used: true }),
    ]);
    const next = run([delivery(61, { A: 141.4 })], released.state);
    expect(next.events).toHaveLength(1);
    expect(barOf(next.events, 'A')).toMatchObject({ staleBars: 0, close: 141.4 });
    expect(barOf(next.events, 'A')?.return).toBeCloseTo(0.01, 12);
    expect(last(next.events).dataOverriders).toEqual(['dana']);
  });

  it('is replaced by a correction, which later momentum reads in its place', () => {
    const corrected = decide(order({ action: 'correct' }, 100.5));
    const next = run([delivery(61, { A: 101 })], corrected.state);
    expect(barOf(next.events, 'A')?.return).toBeCloseTo(101 / 100.5 - 1, 12);
  });

  it('leaves the past alone: what was published before is the same with and without it', () => {
    const before = run([...calm.slice(0, 30)], begin());
    const after = decide({ ...order(), observation: { ...order().observation, eventTime: dayOf(20) } }, before.state);
    expect(after.events[0]).toMatchObject({ used: true });
    const [overridden, plain] = [after, before].map(({ state }) => barOf(run([delivery(30)], state).events, 'A'));
    expect(overridden).toEqual({ ...plain, drawdown: level(0, 30) / 140 - 1 });
  });

  it('binds the person for as long as the value is in the history, and no longer', () => {
    const { state } = decide(order());
    const later = run(
      Array.from({ length: 274 }, (_, i) => delivery(61 + i, { A: 140 + Math.sin(i) })),
      state,
    );
    const people = later.events.flatMap((e) => (e.type === 'SignalSnapshotPublished' ? [e.dataOverriders] : []));
    expect(people.slice(0, 273).every((ids) => ids?.[0] === 'dana')).toBe(true);
    expect(people[273]).toBeUndefined();
  });

  it('that is older than the history, or of a month that is not kept, is stored and changes nothing', () => {
    const old = { ...order().observation, eventTime: '2019-01-02' };
    const { state, events } = decide({ ...order(), observation: old });
    expect(events[0]).toMatchObject({ used: false });
    expect(state).toBe(jumped.state);
  });

  it('of a macro series is a revision', () => {
    const cpi = (value: number, revision: number): Observation => ({
      seriesId: 'CPI',
      kind: 'macro',
      eventTime: '2024-01-01',
      knownTime: at(dayOf(40)),
      revision,
      value,
    });
    const told = run([{ ...delivery(61), observations: [...delivery(61).observations, cpi(300, 0)] }], jumped.state);
    const { state } = decide(order({ action: 'correct', observation: cpi(3, 1) }), told.state);
    expect(state.context[0]).toMatchObject({ value: 3, revision: 1 });
  });

  it.each([
    ['no reason', order({ reason: ' ' }), /a reason/],
    ['a program', order({ actor: 'service:feed' }), /not a person/],
    [
      'nothing to release',
      { ...order(), observation: { ...order({}, 1).observation, value: NaN } },
      /no value to release/,
    ],
    ['a level that is not above zero', order({ action: 'correct' }, -3), /must be > 0/],
    [
      'another series',
      { ...order(), observation: { ...order().observation, seriesId: 'X' } },
      /no series of the universe/,
    ],
    ['a whole row', order({ rule: 'repeated-row' }), /not about one value/],
    ['a day to come', { ...order(), observation: { ...order().observation, eventTime: '2030-01-01' } }, /no day/],
  ])('is not overridden: %s', (_why, input, message) => {
    expect(() => decide(input)).toThrow(message);
  });
});

describe('coverage', () => {
  const half = delivery(60, { A: undefined, B: undefined });
  const quarter = delivery(60, { A: undefined, B: undefined, C: undefined });

  it('is stated, and a bar below the minimum gives a refusal with the names of what is missing', () => {
    expect(last(run([...calm, half], begin()).events).coverage).toBe(0.5);
    const { events, state } = run([...calm, quarter], begin());
    const refused = events.at(-1) as SnapshotRefused;
    expect(refused).toMatchObject({ type: 'SnapshotRefused', coverage: 0.25, minimum: 0.5, missing: ['A', 'B', 'C'] });
    expect(refused.reason).toMatch(/25 % .* 50 % are needed/);
    const next = run([delivery(61)], state);
    // nothing is lost: the return of the next bar spans both
    expect(barOf(next.events, 'D')?.return).toBeCloseTo(level(3, 61) / level(3, 59) - 1, 12);
    expect(last(next.events).bar).toBe(61);
  });

  it('of a refused bar keeps a value that a person releases: the next bar is measured from it', () => {
    const { state } = run([...calm, delivery(60, { A: 140, B: undefined, C: undefined })], begin());
    const released = decide(order(), state);
    expect(released.events[0]).toMatchObject({ used: true });
    const bar = barOf(run([delivery(61, { A: 141.4 })], released.state).events, 'A');
    expect(bar).toMatchObject({ close: 141.4, staleBars: 0 });
    expect(bar?.return).toBeCloseTo(0.01, 12);
  });

  it('has the minimum that the universe names', () => {
    expect(run([...calm, quarter], begin(0.2)).events.at(-1)?.type).toBe('SignalSnapshotPublished');
    expect(run([...calm, half], begin(0.9)).events.at(-1)?.type).toBe('SnapshotRefused');
  });
});
