import { initialAlertState, stepAlert, type AlertState, type AlertStep } from './alert-ladder';

function run(crisis: readonly number[]): AlertStep[] {
  let state: AlertState = initialAlertState('expansion');
  return crisis.flatMap((p, i) => {
    const asOf = new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
    const probabilities = { expansion: 1 - p, tightening: 0, crisis: p, recovery: 0 };
    const next = stepAlert(state, { universeId: 'u', asOf, probabilities });
    state = next.state;
    return next.steps;
  });
}
const stages = (steps: readonly AlertStep[]) => steps.map((s) => s.stage);

describe('stepAlert', () => {
  it('goes from watch to alert to confirmed, each told once', () => {
    const steps = run([0.1, 0.6, 0.8, 0.95, 0.97, 0.99, 0.99, 0.99]);
    expect(stages(steps)).toEqual(['watch', 'alert', 'confirmed']);
    expect(steps.map((s) => s.asOf)).toEqual(['2020-01-02', '2020-01-04', '2020-01-06']);
    expect(new Set(steps.map((s) => s.dedupKey))).toEqual(new Set(['u/1']));
  });

  it('gives one alert for a probability that flaps around the level for a year', () => {
    const steps = run(Array.from({ length: 252 }, (_, i) => (i % 2 === 0 ? 0.95 : 0.6)));
    expect(stages(steps)).toEqual(['watch', 'alert']);
    expect(stages(run(Array.from({ length: 252 }, (_, i) => (i % 2 === 0 ? 0.55 : 0.45))))).toEqual(['watch']);
  });

  it('stands down after a quiet month, and a later rise is a new episode', () => {
    const quiet = new Array<number>(21).fill(0.05);
    const steps = run([0.6, ...quiet, 0.6]);
    expect(stages(steps)).toEqual(['watch', 'stood-down', 'watch']);
    expect(steps.map((s) => s.dedupKey)).toEqual(['u/1', 'u/1', 'u/2']);
  });

  it('jumps through the stages in one bar when the probability does, and goes on from the new regime', () => {
    const steps = run([0.1, 0.99, 0.99, 0.99, 0.3, 0.05, 0.05, 0.05]);
    expect(stages(steps)).toEqual(['watch', 'alert', 'confirmed', 'watch', 'alert', 'confirmed']);
    expect(steps[3]).toMatchObject({ from: 'crisis', to: 'expansion', dedupKey: 'u/2' });
  });
});
