import { createRng } from '@allostat/kernel';
import type { SignalSnapshotPublished } from '@allostat/pipeline';
import { weekdayCalendar } from '@allostat/quant';
import { CHALLENGERS, challengerPath } from './regime-challenger';

const BARS = 1600;
const dates = weekdayCalendar('2010-01-01', BARS);
const TRAIN_UNTIL = dates[799];

/** Calm of .7 % a day and wild of 2.2 %, for 130 and 90 bars in turn; the last bar has no return. */
function world() {
  const rng = createRng(23, 'challengers');
  const wild = dates.map((_, i) => i % 220 >= 130);
  const snapshots = dates.map((asOf, i): SignalSnapshotPublished => {
    const change = (wild[i] ? 0.022 : 0.007) * rng.normal();
    const signal = { name: 'return.equity.1d', family: 'momentum', units: 'decimal' } as const;
    return {
      type: 'SignalSnapshotPublished',
      universeId: 'u',
      universeVersion: 1,
      asOf,
      knownTime: `${asOf}T21:00:00.000Z`,
      bar: i + 1,
      instruments: [],
      signals: [i === BARS - 1 ? signal : { ...signal, value: change }],
      coverage: 1,
    };
  });
  return { snapshots, wild };
}

describe.each(Object.keys(CHALLENGERS))('the challenger %s', (name) => {
  const { snapshots, wild } = world();
  const whole = challengerPath(name, snapshots, { trainUntil: TRAIN_UNTIL });

  it('tells calm from wild on seven bars in ten that it was not trained on, the slowest one too', () => {
    expect(whole.dates).toEqual(dates.slice(800));
    const right = whole.regime.filter((state, i) => (state === 'wild') === wild[800 + i]).length;
    expect(right / whole.regime.length).toBeGreaterThan(0.7);
    for (const row of whole.probabilities) expect(row[0] + row[1]).toBeCloseTo(1, 9);
  });

  it('does not look ahead: a prefix gives the same path, bit for bit', () => {
    const part = challengerPath(name, snapshots.slice(0, 1100), { trainUntil: TRAIN_UNTIL });
    expect(part.probabilities).toEqual(whole.probabilities.slice(0, 300));
    expect(part.regime).toEqual(whole.regime.slice(0, 300));
  });

  it('keeps its belief over a bar without a return, and has a change with its cause where the state changes', () => {
    expect(whole.probabilities.at(-1)).toEqual(whole.probabilities.at(-2));
    const changes = whole.regime.filter((state, i) => i > 0 && state !== whole.regime[i - 1]).length;
    const later = whole.alerts.filter(({ at }) => at > whole.dates[0]);
    expect(later).toHaveLength(changes);
    expect(changes).toBeGreaterThan(4);
    for (const { causes } of later) expect(Number.isFinite(causes[0].contribution)).toBe(true);
  });

  it('forecasts one bar ahead better than saying that both states are as likely', () => {
    const [next] = whole.forecasts;
    expect([next.horizonBars, next.forecasts]).toEqual([1, 799]);
    expect(next.brier).toBeLessThan(0.5);
  });
});

it('a history that is too short for a challenger is refused, with what is needed', () => {
  const { snapshots } = world();
  expect(() => challengerPath('jump', snapshots, { trainUntil: dates[300] })).toThrow(/has 301 returns .* needs 500/);
});
