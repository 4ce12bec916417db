import { applyHysteresis, startHysteresis, type HysteresisState } from './hysteresis';

const options = { enter: 0.9, leave: 0.1, confirmBars: 2, dwellBars: 3 };
const run = (path: readonly number[]) => {
  let state: HysteresisState = startHysteresis([path[0], 1 - path[0]]);
  return path.map((p) => (state = applyHysteresis(state, [p, 1 - p], options)).current);
};

describe('applyHysteresis', () => {
  it('changes on the second clear bar, not on the first', () => {
    expect(run([0.99, 0.99, 0.99, 0.05, 0.05, 0.05])).toEqual([0, 0, 0, 0, 1, 1]);
  });
  it('does not flap with a probability that flaps around one half', () => {
    const flapping = Array.from({ length: 252 }, (_, i) => (i === 0 ? 0.99 : i % 2 === 0 ? 0.3 : 0.7));
    expect(new Set(run(flapping))).toEqual(new Set([0]));
  });
  it('keeps a new state for the dwell time', () => {
    const path = [0.99, 0.99, 0.99, 0.05, 0.05, 0.99, 0.99, 0.99];
    expect(run(path)).toEqual([0, 0, 0, 0, 1, 1, 1, 0]);
  });
});
