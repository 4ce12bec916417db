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

  it('carries volumes with the bar of their day, the rates of its currencies, and no volume of a day without prices', () => {
    const volume = (eventTime: string, value: number): Observation => ({
      ...price('A', eventTime, value),
      kind: 'volume',
    });
    const rate = { ...macro('2020-01-02', '2020-01-02T16:00:00.000Z', 0.9), seriesId: 'USDEUR' };
    const feed = feedFromObservations(
      [
        price('A', '2020-01-02', 1),
        volume('2020-01-02', 700),
        volume('2020-01-04', 9),
        price('B', '2020-01-02', 5),
        rate,
      ],
      { ...universe, currencies: [{ code: 'EUR', rate: 'USDEUR' }] },
    );
    expect(feed.map(({ observations }) => observations.map((o) => `${o.seriesId} ${o.kind} ${o.value}`))).toEqual([
      ['A price 1', 'B price 5', 'A volume 700', 'USDEUR macro 0.9'],
    ]);
  });
});
