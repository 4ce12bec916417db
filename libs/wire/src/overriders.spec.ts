import type { DomainEvent } from '@allostat/pipeline';
import { decodeEvent, encodeEvent } from './codec';
import { SAMPLE_EVENTS } from './samples';

const CARRIERS: readonly DomainEvent['type'][] = [
  'SignalSnapshotPublished',
  'RegimeAssessed',
  'RiskBudgetSet',
  'AllocationProposed',
];

it.each(CARRIERS)('%s carries the people behind overridden values, and none as nothing', (type) => {
  const plain = SAMPLE_EVENTS.find((event) => event.type === type) as DomainEvent;
  const named = { ...plain, dataOverriders: ['dana', 'olaf'] } as DomainEvent;
  expect(decodeEvent(encodeEvent(named))).toEqual(named);
  expect(decodeEvent(encodeEvent(plain))).not.toHaveProperty('dataOverriders');
});

it('a universe names its least coverage', () => {
  const event = SAMPLE_EVENTS.find(({ type }) => type === 'UniverseVersioned') as DomainEvent & {
    type: 'UniverseVersioned';
  };
  const strict = { ...event, universe: { ...event.universe, coverageMin: 0.8 } };
  expect(decodeEvent(encodeEvent(strict))).toEqual(strict);
});
