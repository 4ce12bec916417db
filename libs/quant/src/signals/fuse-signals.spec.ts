import { createRng } from '@allostat/kernel';
import { DEFAULT_FUSION, fuseSignals, initialFusion, type Fusion, type FusionState } from './fuse-signals';

const SIGNALS = [
  { name: 'good', family: 'momentum' },
  { name: 'inverse', family: 'volatility' },
  { name: 'noise', family: 'sentiment' },
  { name: 'twin', family: 'momentum' },
];
const rng = createRng(8);
// the outcome of the next bar follows the slow state that the good signal sees
let slow = 0;
const bars = Array.from({ length: 3000 }, () => {
  const outcome = 0.01 * slow + 0.01 * rng.normal();
  slow = 0.97 * slow + 0.25 * rng.normal();
  return { outcome, values: [slow, -slow + 0.1 * rng.normal(), rng.normal(), slow + 0.05 * rng.normal()] };
});

function run(input: typeof bars): { fusions: Fusion[]; state: FusionState } {
  let state = initialFusion(SIGNALS);
  const fusions = input.map(({ values, outcome }) => {
    const next = fuseSignals(state, SIGNALS, values, outcome);
    state = next.state;
    return next.fusion;
  });
  return { fusions, state };
}
const { fusions, state } = run(bars);
const last = fusions[fusions.length - 1];
const weightOf = (name: string) => last.contributions.find((c) => c.name === name)?.weight ?? 0;

describe('fuseSignals', () => {
  it('gives contributions that sum to the score, and weights that sum to one at most', () => {
    for (const { score, contributions } of fusions.slice(1000)) {
      expect(contributions.reduce((sum, c) => sum + c.contribution, 0)).toBeCloseTo(score ?? NaN, 12);
      expect(contributions.reduce((sum, c) => sum + Math.abs(c.weight), 0)).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  it('has no score before a signal has proved itself', () => {
    expect(fusions[300].score).toBeUndefined();
  });

  it('trusts what foretold the outcome, with its sign, and hardly the noise', () => {
    expect(weightOf('good')).toBeGreaterThan(0.15);
    expect(weightOf('inverse')).toBeLessThan(-0.3);
    expect(Math.abs(weightOf('noise'))).toBeLessThan(0.1);
  });

  it('caps a family, however many twins it has', () => {
    expect(weightOf('good') + weightOf('twin')).toBeLessThanOrEqual(DEFAULT_FUSION.familyCap + 1e-12);
  });

  it('leaves a missing signal out and cuts off extremes', () => {
    const missing = fuseSignals(state, SIGNALS, [undefined, 1, 0, 1e9], 0);
    expect(missing.fusion.contributions.map((c) => c.name)).not.toContain('good');
    expect(missing.fusion.contributions.find((c) => c.name === 'twin')?.standardised).toBe(3);
  });

  it('gives the same for a prefix as for the whole, through JSON too', () => {
    expect(run(bars.slice(0, 1500)).fusions).toEqual(fusions.slice(0, 1500));
    const restored = JSON.parse(JSON.stringify(state)) as FusionState;
    expect(fuseSignals(restored, SIGNALS, [1, 1, 1, 1], 0.01)).toEqual(fuseSignals(state, SIGNALS, [1, 1, 1, 1], 0.01));
  });
});
