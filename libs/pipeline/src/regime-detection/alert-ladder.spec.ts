import { initialAlertLadder, stepAlert, type AlertLadderStep } from './alert-ladder';
import type { RegimeName } from './events';

function run(crisis: readonly number[], named: (i: number) => RegimeName = () => 'expansion'): AlertLadderStep[] {
  let ladder = initialAlertLadder('expansion');
  return crisis.flatMap((p, i) => {
    const asOf = new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
    const probabilities = { expansion: 1 - p, tightening: 0, crisis: p, recovery: 0 };
    const next = stepAlert(ladder, { asOf, probabilities, named: named(i) });
    ladder = next.ladder;
    return next.steps;
  });
}
const stages = (steps: readonly AlertLadderStep[]) => steps.map(({ step }) => step);

describe('stepAlert', () => {
  it('goes from watch to alert to confirmed, each told once', () => {
    const steps = run([0.1, 0.6, 0.8, 0.95, 0.97, 0.99, 0.99], (i) => (i >= 5 ? 'crisis' : 'expansion'));
    expect(stages(steps)).toEqual(['watch', 'alert', 'confirmed']);
    expect(steps.map((s) => s.since)).toEqual(['2020-01-02', '2020-01-02', '2020-01-02']);
    expect(new Set(steps.map((s) => s.episode))).toEqual(new Set([1]));
  });

  it('gives one alert for a probability that flaps around the level for a year', () => {
    const flapping = (high: number, low: number) => Array.from({ length: 252 }, (_, i) => (i % 2 === 0 ? high : low));
    expect(stages(run(flapping(0.95, 0.6)))).toEqual(['watch', 'alert']);
    expect(stages(run(flapping(0.55, 0.45)))).toEqual(['watch']);
    expect(stages(run(flapping(0.99, 0.01)))).toEqual(['watch', 'alert']);
  });

  it('stands down after a quiet month, and a later rise is a new episode', () => {
    const steps = run([0.6, ...new Array<number>(21).fill(0.05), 0.6]);
    expect(stages(steps)).toEqual(['watch', 'stood-down', 'watch']);
    expect(steps.map((s) => s.episode)).toEqual([1, 1, 2]);
  });

  it('jumps through the steps in one bar when the name does, and goes on from the new regime', () => {
    const steps = run([0.1, 0.99, 0.99, 0.3], (i) => (i >= 1 ? 'crisis' : 'expansion'));
    expect(stages(steps)).toEqual(['watch', 'alert', 'confirmed', 'watch']);
    expect(steps[3]).toMatchObject({ from: 'crisis', to: 'expansion', episode: 2 });
  });
});
