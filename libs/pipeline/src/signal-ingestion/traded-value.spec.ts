import { createRng, halfLifeDecay } from '@allostat/kernel';
import type { Observation, ObservationsRecorded } from '../observation/events';
import type { Universe } from '../universe/universe';
import { decideSignals } from './decide-signals';
import type { SignalSnapshotPublished } from './events';
import { initialSignalState } from './signal-state';

const universe: Universe = {
  id: 'u',
  version: 1,
  currency: 'USD',
  instruments: [
    { id: 'EQ', assetClass: 'equity' },
    { id: 'BOND', assetClass: 'government-bond' },
    { id: 'CASH', assetClass: 'cash' },
  ],
};
const dayOf = (t: number): string =>
  new Date(Date.UTC(2020, 0, 6 + t + 2 * Math.floor(t / 5))).toISOString().slice(0, 10);
const rng = createRng(3);
const days = Array.from({ length: 40 }, (_, t) => ({
  date: dayOf(t),
  closes: { EQ: 100 + rng.normal(), BOND: 50 + 0.1 * rng.normal(), CASH: 10 + 0.001 * t },
  units: 1000 + Math.round(100 * rng.uniform()),
}));

interface Change {
  readonly kind?: Observation['kind'];
  readonly units?: (t: number) => number | undefined;
  /** Volumes come in a delivery of their own before the bar closes. */
  readonly before?: boolean;
}

/** Average of EQ in the snapshot of each day. */
function averages({ kind = 'price', units = (t) => days[t].units, before = false }: Change = {}): (
  number | undefined
)[] {
  let state = decideSignals({ type: 'UniverseVersioned', universe }, initialSignalState(), {
    now: '2020-01-01T00:00:00.000Z',
  }).state;
  let sequence = 0;
  return days.map(({ date, closes }, t) => {
    const knownTime = `${date}T21:00:00.000Z`;
    const observed = (seriesId: string, own: Observation['kind'], value: number | undefined): Observation => ({
      ...{ seriesId, kind: own, eventTime: date, knownTime, revision: 0 },
      ...(value !== undefined && { value }),
    });
    const prices = Object.entries(closes).map(([id, close]) => observed(id, kind, close));
    const volume = units(t);
    const volumes = volume === undefined ? [] : [observed('EQ', 'volume', volume)];
    const deliveries: ObservationsRecorded['observations'][] =
      before && volumes.length > 0 ? [volumes, prices] : [[...prices, ...volumes]];
    let daily: number | undefined;
    deliveries.forEach((observations, k) => {
      const closing = k === deliveries.length - 1;
      const decision = decideSignals(
        {
          ...{ type: 'ObservationsRecorded', universeId: 'u', feed: 'f', sequence: sequence++, observations },
          ...(closing && { barClose: date }),
        } as ObservationsRecorded,
        state,
        { now: knownTime },
      );
      state = decision.state;
      const snapshot = decision.events.find((e): e is SignalSnapshotPublished => e.type === 'SignalSnapshotPublished');
      daily = snapshot?.instruments.find(({ id }) => id === 'EQ')?.averageDailyValue ?? daily;
    });
    return daily;
  });
}

describe('the money that changes hands', () => {
  it('is the mean of units times price, half of it from the last month, once there is a month of it', () => {
    const found = averages();
    expect(found.slice(0, 20).every((value) => value === undefined)).toBe(true);
    const decay = halfLifeDecay(21);
    let [sum, weight] = [0, 0];
    days.forEach(({ closes, units }, t) => {
      sum = decay * sum + units * closes.EQ;
      weight = decay * weight + 1;
      if (t >= 20) expect(found[t]).toBeCloseTo(sum / weight, 6);
    });
  });

  it('is the same when volumes come before the bar closes, and a day without a trade counts', () => {
    expect(averages({ before: true })).toEqual(averages());
    const quiet = averages({ units: (t) => (t === 30 ? 0 : days[t].units) });
    expect(quiet[30] as number).toBeLessThan(0.97 * (averages()[30] as number));
  });

  it('does not look ahead: later volumes change nothing before them', () => {
    const changed = averages({ units: (t) => (t > 30 ? 1e9 : days[t].units) });
    expect(changed.slice(0, 31)).toEqual(averages().slice(0, 31));
    expect(changed[31]).not.toBe(averages()[31]);
  });

  it('is not made of levels that are no prices, nor without volumes', () => {
    expect(averages({ kind: 'total-return-index' }).every((value) => value === undefined)).toBe(true);
    expect(averages({ units: () => undefined }).every((value) => value === undefined)).toBe(true);
  });
});
