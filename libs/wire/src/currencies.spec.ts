import type { DomainEvent } from '@allostat/pipeline';
import { decodeEvent, encodeEvent } from './codec';
import { SAMPLE_EVENTS } from './samples';

const quote = { currency: 'USD', price: 101.25, rate: 1 / 1.0835, rateAt: '2024-01-31' };
const sample = (type: DomainEvent['type']): Record<string, unknown> =>
  SAMPLE_EVENTS.find((event) => event.type === type) as unknown as Record<string, unknown>;
const quoted = (list: unknown): unknown[] =>
  (list as object[]).map((entry, i) => (i === 0 ? { ...entry, quote } : entry));

it('quotes in another currency travel with snapshots, assessments, budgets and proposals, to the last digit', () => {
  for (const [type, field] of [
    ['SignalSnapshotPublished', 'instruments'],
    ['RegimeAssessed', 'instruments'],
    ['RiskBudgetSet', 'prices'],
    ['AllocationProposed', 'prices'],
  ] as const) {
    const event = { ...sample(type), [field]: quoted(sample(type)[field]) } as unknown as DomainEvent;
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
  }
});

it('a universe travels with its currencies', () => {
  const { universe } = sample('UniverseVersioned') as { universe: { instruments: object[] } };
  const [first, ...rest] = universe.instruments;
  const event = {
    type: 'UniverseVersioned',
    universe: {
      ...universe,
      instruments: [{ ...first, currency: 'EUR', hedged: true }, ...rest],
      currencies: [{ code: 'EUR', rate: 'EURUSD', inverted: true, shortRate: 'ESTR', shortRateYear: 365 }],
      shortRate: 'FEDFUNDS',
      rateDaysMax: 3,
    },
  } as unknown as DomainEvent;
  expect(decodeEvent(encodeEvent(event))).toEqual(event);
});
