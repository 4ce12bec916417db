import { createRng } from '@allostat/kernel';
import type { RegimeProbabilities } from '../regime-detection/events';
import { decideRegimeClusters, type RegimeClustersState } from './regime-clusters';
import { initialRegimeMoments, updateRegimeMoments } from './regime-moments';

const IDS = ['A', 'B', 'C', 'D', 'E', 'F'];
const calm: RegimeProbabilities = { expansion: 1, tightening: 0, crisis: 0, recovery: 0 };
const crisis: RegimeProbabilities = { expansion: 0, tightening: 0, crisis: 1, recovery: 0 };

/** Bars of two groups: `groupOf` says which factor each asset follows. */
function bars(count: number, groupOf: readonly number[], probabilities: RegimeProbabilities, from: typeof start) {
  const rng = createRng(count + groupOf.indexOf(1), 'clusters');
  let state = from;
  for (let t = 0; t < count; t++) {
    const factors = [rng.normal(), rng.normal()];
    state = updateRegimeMoments(
      state,
      groupOf.map((group) => 0.01 * (factors[group] + 0.3 * rng.normal())),
      probabilities,
    );
  }
  return state;
}
const start = initialRegimeMoments(IDS);
const at = (bar: number) => ({
  universeId: 'u',
  asOf: '2024-01-31',
  bar,
  instruments: IDS.map((id) => ({ id, close: 1, staleBars: 0 })),
});
const look = (bar: number, state: typeof start, before?: RegimeClustersState) =>
  decideRegimeClusters(at(bar), { regimeMoments: state }, before);

describe('clusters of assets in a regime', () => {
  const first = bars(400, [0, 0, 0, 1, 1, 1], calm, start);
  const told = look(21, first);

  it('are told when they are seen for the first time, for each regime that has been lived through', () => {
    expect(told.events).toEqual([
      expect.objectContaining({
        regime: 'expansion',
        clusters: [
          ['A', 'B', 'C'],
          ['D', 'E', 'F'],
        ],
        moved: [],
      }),
    ]);
    const both = look(42, bars(6000, [0, 1, 0, 1, 0, 1], crisis, first), told.state);
    expect(both.events.map(({ regime, clusters }) => [regime, clusters])).toEqual([
      [
        'crisis',
        [
          ['A', 'C', 'E'],
          ['B', 'D', 'F'],
        ],
      ],
    ]);
  });

  it('are not told again while nobody changes sides, nor between two looks', () => {
    expect(look(42, bars(50, [0, 0, 0, 1, 1, 1], calm, first), told.state).events).toEqual([]);
    expect(look(43, first).events).toEqual([]);
  });

  it('name the asset that changed sides, with the company it left and the one it joined', () => {
    const { events } = look(42, bars(4000, [0, 0, 1, 1, 1, 1], calm, first), told.state);
    expect(events).toMatchObject([
      { regime: 'expansion', moved: [{ id: 'C', from: ['A', 'B'], to: ['D', 'E', 'F'] }], since: '2024-01-31' },
    ]);
    expect(events[0].agreement).toBeLessThan(1);
  });
});
