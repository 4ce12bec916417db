import { createRng } from '@allostat/kernel';
import { addWaiting, isFull, withWaiting, type ParkedScenarios, type WaitingBars } from './parked-scenarios';
import { initialScenarios, updateScenarios, type ScenarioState } from './scenario-window';

const ids = ['EQ', 'BOND'];

function bars(count: number) {
  const rng = createRng(4);
  return Array.from({ length: count }, (_, t) => {
    const crisis = rng.uniform();
    return {
      // a fund without a return on some days
      instruments: ids.map((id, i) => ({
        ...{ id, staleBars: 0 },
        ...((t + i) % 17 !== 0 && { close: 100, return: 0.01 * rng.normal() }),
      })),
      probabilities: { expansion: 1 - crisis, tightening: 0, crisis, recovery: 0 },
    };
  });
}

it.each([1, 20, 21, 22, 600])('scenarios that nobody read for %d bars are those of somebody who read them', (count) => {
  let live: ScenarioState = initialScenarios(ids);
  let parked: ParkedScenarios = {};
  let waiting: WaitingBars | undefined;
  let largest = 0;
  for (const bar of bars(count)) {
    const returns = bar.instruments.map((instrument) => (instrument as { return?: number }).return);
    live = updateScenarios(live, returns, bar.probabilities);
    waiting = addWaiting(waiting, bar);
    largest = Math.max(largest, waiting.rows.byteLength);
    if (!isFull(waiting)) continue;
    parked = { scenarios: withWaiting(parked, waiting) as ScenarioState };
    waiting = undefined;
  }
  expect(withWaiting(parked, waiting)).toEqual(live);
  // a bar costs a month of rows at most, never the window
  expect(largest).toBeLessThanOrEqual(21 * 6 * 8);
});

it('are none when there was no bar', () => {
  expect(withWaiting({}, undefined)).toBeUndefined();
});
