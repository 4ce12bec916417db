import type { Observation } from './events';
import { feedFromObservations } from './feed-from-observations';

const price = (seriesId: string, eventTime: string, value: number): Observation => ({
  seriesId,
  kind: 'price',
  eventTime,
  knownTime: `${eventTime}T21:00:00.000Z`,
  revision: 0,
  value,
});
const macro = (eventTime: string, knownTime: string, value: number): Observation => ({
  seriesId: 'CPI',
  kind: 'macro',
  eventTime,
  knownTime,
  revision: 0,
  value,
});
const universe = {
  id: 'u',
  version: 1,
  currency: 'USD',
  instruments: [
    { id: 'A', assetClass: 'equity' as const },
    { id: 'B', assetClass: 'cash' as const },
  ],
  context: [{ seriesId: 'CPI', role: 'macro' as const }],
};

describe('feedFromObservations', () => {
  it('delivers bars in date order, context only once it was known, and no stranger', () => {
    const feed = feedFromObservations(
      [
        price('B', '2020-01-03', 5),
        price('A', '2020-01-03', 2),
        price('A', '2020-01-02', 1),
        price('STRANGER', '2020-01-02', 9),
        macro('2019-12-01', '2020-01-03T13:30:00.000Z', 2.1),
        macro('2020-01-01', '2020-02-03T13:30:00.000Z', 2.2),
      ],
      universe,
    );
    expect(feed.map((e) => [e.sequence, e.barClose, e.observations.map((o) => `${o.seriesId}${o.value}`)])).toEqual([
      [0, '2020-01-02', ['A1']],
      [1, '2020-01-03', ['A2', 'B5', 'CPI2.1']],
    ]);
  });
});
