import type { Observation } from './events';
import { numberRevisions, renumberAfter, revisionKey } from './number-revisions';

const gdp = (eventTime: string, knownTime: string, value: number): Observation => ({
  seriesId: 'GDP',
  kind: 'macro',
  eventTime,
  knownTime,
  revision: 0,
  value,
});
const now = '2026-01-01T00:00:00.000Z';

describe('numberRevisions', () => {
  it('keeps a vintage only where it says something new, with the time at which it said it', () => {
    const { fresh, repeated, revised } = numberRevisions(
      [
        gdp('2008-07-01', '2009-04-30T21:00:00.000Z', 101),
        gdp('2008-07-01', '2008-10-31T21:00:00.000Z', 100),
        gdp('2008-07-01', '2009-01-31T21:00:00.000Z', 100),
      ],
      new Map(),
      now,
    );
    expect(fresh.map(({ revision, knownTime, value }) => [revision, knownTime.slice(0, 7), value])).toEqual([
      [0, '2008-10', 100],
      [1, '2009-04', 101],
    ]);
    expect({ repeated, before: revised[0].before.value }).toEqual({ repeated: 1, before: 100 });
  });

  it('finds nothing new in vintages that were read before, and only the newest when one was added', () => {
    const vintages = [
      gdp('2008-07-01', '2008-10-31T21:00:00.000Z', 100),
      gdp('2008-07-01', '2009-01-31T21:00:00.000Z', 101),
      gdp('2008-07-01', '2009-04-30T21:00:00.000Z', 99),
    ];
    const [, , newest] = numberRevisions(vintages, new Map(), now).fresh;
    const stored = new Map([[revisionKey('GDP', '2008-07-01'), newest as { revision: number; knownTime: string }]]);
    expect(numberRevisions(vintages, stored, now)).toMatchObject({ fresh: [], repeated: 3 });
    const added = gdp('2008-07-01', '2009-07-31T21:00:00.000Z', 102);
    expect(numberRevisions([...vintages, added], stored, now).fresh).toEqual([{ ...added, revision: 3 }]);
  });

  it('a value that changed in a file without vintages became known now, and the stored one stays', () => {
    const stored = new Map([
      [revisionKey('GDP', '2008-07-01'), { revision: 2, knownTime: '2008-10-31T21:00:00.000Z', value: 100 }],
    ]);
    const read = [gdp('2008-07-01', '2008-10-31T21:00:00.000Z', 103)];
    expect(numberRevisions(read, stored, now).fresh).toEqual([{ ...read[0], revision: 3, knownTime: now }]);
    expect(numberRevisions([gdp('2008-07-01', now, 100)], stored, now).fresh).toEqual([]);
  });
});

describe('renumberAfter', () => {
  const day = '2008-07-01';
  const stored = (value: number, revision: number, knownTime: string) =>
    new Map([[revisionKey('GDP', day), { revision, knownTime, value }]]);

  it('goes on after what a file brought: the next number, known now when the source does not say', () => {
    const [next] = renumberAfter(
      [gdp(day, '2008-10-31T21:00:00.000Z', 99)],
      stored(101, 3, '2009-04-30T21:00:00.000Z'),
      now,
    );
    expect(next).toMatchObject({ revision: 4, knownTime: now, value: 99 });
  });

  it('keeps number and time of a value that the store has already', () => {
    const [same] = renumberAfter([gdp(day, now, 101)], stored(101, 3, '2009-04-30T21:00:00.000Z'), now);
    expect(same).toMatchObject({ revision: 3, knownTime: '2009-04-30T21:00:00.000Z' });
  });

  it('does not take the vintages of a source that the store has for newer ones', () => {
    const vintages = numberRevisions(
      [gdp(day, '2008-10-31T21:00:00.000Z', 100), gdp(day, '2009-04-30T21:00:00.000Z', 101)],
      new Map(),
      now,
    ).fresh;
    expect(renumberAfter(vintages, stored(101, 1, '2009-04-30T21:00:00.000Z'), now)).toEqual(vintages);
  });

  it('leaves what the store does not know, and headlines, as they are', () => {
    const headline: Observation = { ...gdp(day, now, 0), kind: 'headline', text: 'GDP grows' };
    const values = [gdp('2008-10-01', now, 5), headline];
    expect(renumberAfter(values, stored(101, 3, now), now)).toEqual(values);
  });
});

it('a volume is no revision of the price of its series and day, and is revised by volumes alone', () => {
  const day = '2024-01-05';
  const base = { seriesId: 'A', eventTime: day, knownTime: `${day}T21:00:00.000Z`, revision: 0 } as const;
  const price = { ...base, kind: 'price', value: 102 } as const;
  const volume = { ...base, kind: 'volume', value: 70_000 } as const;
  const now = '2024-02-01T00:00:00.000Z';
  const first = numberRevisions([price, volume], new Map(), now);
  expect(first.fresh).toEqual([price, volume]);
  expect(first.revised).toEqual([]);
  const stored = new Map([
    [revisionKey('A', day, 'price'), { revision: 0, knownTime: base.knownTime, value: 102 }],
    [revisionKey('A', day, 'volume'), { revision: 0, knownTime: base.knownTime, value: 70_000 }],
  ]);
  const again = numberRevisions([price, { ...volume, value: 71_000 }], stored, now);
  expect([again.repeated, again.fresh]).toEqual([1, [{ ...volume, value: 71_000, revision: 1, knownTime: now }]]);
});
