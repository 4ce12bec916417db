import { createRng } from '@allostat/kernel';
import { returnPanel } from '../linalg/return-panel';
import { checkConcentration, effectiveNumberOfAssets, effectiveNumberOfBets, groupRisk } from './concentration';
import { eulerContributions } from './euler-contributions';
import { isHomogeneous, riskMeasures } from './risk-measure';

const identity = {
  assets: ['A', 'B', 'C', 'D'],
  values: Float64Array.from({ length: 16 }, (_, k) => (k % 5 === 0 ? 0.04 : 0)),
};

describe('concentration', () => {
  it('counts equal weights and uncorrelated bets as they are', () => {
    expect(effectiveNumberOfAssets([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(4, 12);
    expect(effectiveNumberOfAssets([1, 0, 0, 0])).toBe(1);
    expect(effectiveNumberOfBets([0.25, 0.25, 0.25, 0.25], identity)).toBeCloseTo(4, 10);
    expect(effectiveNumberOfBets([1, 0, 0, 0], identity)).toBeCloseTo(1, 10);
  });

  it('sees fewer bets in assets that move together', () => {
    const close = { assets: identity.assets, values: identity.values.map((value) => (value === 0 ? 0.036 : value)) };
    const lone = [0.97, 0.01, 0.01, 0.01];
    expect(effectiveNumberOfBets(lone, close)).toBeGreaterThan(1);
    expect(effectiveNumberOfBets(lone, close)).toBeLessThan(4);
  });

  it('sums risk by group, what is left as other', () => {
    const rows = groupRisk([0.4, 0.3, 0.2, 0.1], identity, [{ name: 'G', assets: ['A', 'B'] }]);
    expect(rows.map(({ name }) => name)).toEqual(['G', 'other']);
    expect(rows[0].contribution + rows[1].contribution).toBeCloseTo(1, 14);
    expect(rows[0].contribution).toBeCloseTo(0.25 / 0.3, 12);
  });

  it('names the asset that breaks a rule', () => {
    const checks = checkConcentration([0.7, 0.1, 0.1, 0.1], identity, {
      effectiveAssetsMin: 3,
      weightMax: 0.5,
      riskShareMax: 0.99,
    });
    expect(checks.map(({ passed }) => passed)).toEqual([false, false, true]);
    expect(checks[1].asset).toBe('A');
  });
});

describe('eulerContributions', () => {
  const rng = createRng(8);
  const panel = returnPanel(
    ['A', 'B', 'C'],
    Array.from({ length: 600 }, () => 0.01 * rng.studentT(5)),
  );

  it.each(riskMeasures.filter((measure) => isHomogeneous(measure)))('of %s sum to the measure', (measure) => {
    const { value, components } = eulerContributions(panel, [0.5, 0.3, 0.2], { measure });
    expect(components.reduce((a, b) => a + b, 0)).toBeCloseTo(value, 9);
  });

  it('refuses what does not scale', () => {
    expect(() => eulerContributions(panel, [0.5, 0.3, 0.2], { measure: 'variance' })).toThrow('does not scale');
  });
});
