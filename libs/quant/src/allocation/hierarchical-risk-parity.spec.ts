import { createRng } from '@allostat/kernel';
import { total } from '../linalg/products';
import { reorderAssets, type AssetMatrix } from '../linalg/asset-matrix';
import { returnPanel, type ReturnPanel } from '../linalg/return-panel';
import { sampleCovariance } from '../moments/sample-covariance';
import { hierarchicalRiskParity, type HierarchicalRiskParityOptions } from './hierarchical-risk-parity';
import type { WeightLimits } from './weight-limits';

function market(n: number, periods: number, seed: number): ReturnPanel {
  const rng = createRng(seed);
  const values: number[] = [];
  for (let t = 0; t < periods; t++) {
    const factors = [rng.normal(), rng.normal()];
    for (let i = 0; i < n; i++) values.push(0.01 * (0.5 + (i % 4)) * (factors[i % 2] + rng.normal()));
  }
  return returnPanel(
    Array.from({ length: n }, (_, i) => `A${String(i).padStart(2, '0')}`),
    values,
  );
}

function allocate(covariance: AssetMatrix, options: HierarchicalRiskParityOptions = {}): Float64Array {
  const result = hierarchicalRiskParity(covariance, options);
  if (result.status !== 'allocated') throw new Error(`infeasible: ${result.conflict.limits.join(', ')}`);
  return result.weights;
}

describe('hierarchicalRiskParity', () => {
  const covariance = sampleCovariance(market(12, 300, 11));

  it('gives one asset everything and splits two by inverse variance', () => {
    expect(Array.from(allocate({ assets: ['X'], values: Float64Array.of(0.04) }))).toEqual([1]);
    const two = allocate({ assets: ['X', 'Y'], values: Float64Array.of(0.04, 0.01, 0.01, 0.01) });
    expect(two[0]).toBeCloseTo(0.2, 14);
    expect(two[1]).toBeCloseTo(0.8, 14);
  });

  it('changes no bit under 1,000 permutations of the columns', () => {
    const rng = createRng(5);
    const reference = allocate(covariance);
    for (let trial = 0; trial < 1000; trial++) {
      const order = Array.from({ length: 12 }, (_, i) => i);
      for (let i = 11; i > 0; i--) {
        const j = rng.integer(i + 1);
        [order[i], order[j]] = [order[j], order[i]];
      }
      const weights = allocate(reorderAssets(covariance, order));
      order.forEach((from, to) => expect(weights[to]).toBe(reference[from]));
    }
  });

  it('does not change when all returns are scaled', () => {
    const scaled = { assets: covariance.assets, values: covariance.values.map((value) => value * 2500) };
    const a = allocate(covariance);
    allocate(scaled).forEach((value, i) => expect(value).toBeCloseTo(a[i], 13));
  });

  it.each<WeightLimits>([
    { default: { min: 0.02, max: 0.15 } },
    { groups: [{ name: 'even', assets: covariance.assets.filter((_, i) => i % 2 === 0), max: 0.3 }] },
    {
      default: { max: 0.2 },
      byAsset: { A03: { min: 0.1 } },
      groups: [
        { name: 'first', assets: covariance.assets.slice(0, 6), min: 0.55, max: 0.6 },
        { name: 'middle', assets: covariance.assets.slice(4, 8), max: 0.1 },
      ],
    },
  ])('meets asset and group limits to 1e-12 (%#)', (limits) => {
    const result = hierarchicalRiskParity(covariance, { limits });
    expect(result.status).toBe('allocated');
    if (result.status !== 'allocated') return;
    expect(result.violation).toBeLessThan(1e-12);
    expect(Math.abs(total(result.weights) - 1)).toBeLessThan(1e-12);
  });

  it('keeps proportions inside a group that has to shrink', () => {
    const even = covariance.assets.filter((_, i) => i % 2 === 0);
    const free = allocate(covariance);
    const held = allocate(covariance, { limits: { groups: [{ name: 'even', assets: even, max: 0.3 }] } });
    expect(held[0] / held[2]).toBeCloseTo(free[0] / free[2], 10);
    expect(held[1] / held[3]).toBeCloseTo(free[1] / free[3], 10);
  });

  it('names the limits that exclude each other and the least relaxation', () => {
    const result = hierarchicalRiskParity(covariance, { limits: { default: { min: 0.1 } } });
    expect(result).toMatchObject({ status: 'infeasible', conflict: { limits: ['minimum weight'] } });
    if (result.status !== 'infeasible') return;
    expect(result.conflict.relaxation).toHaveLength(1);
    expect(result.conflict.relaxation[0].by).toBeCloseTo(0.1 - 1 / 12, 9);
  });

  it('finds a minimal conflict among groups, and the relaxation works when applied', () => {
    const groups = (by: number): WeightLimits => ({
      groups: [
        { name: 'first', assets: covariance.assets.slice(0, 6), max: 0.4 + by },
        { name: 'second', assets: covariance.assets.slice(6), max: 0.5 },
        { name: 'harmless', assets: covariance.assets.slice(0, 3), max: 0.3 },
      ],
    });
    const result = hierarchicalRiskParity(covariance, { limits: groups(0) });
    if (result.status !== 'infeasible') throw new Error('expected a conflict');
    expect(result.conflict.limits).toEqual(['maximum of group first', 'maximum of group second']);
    expect(result.conflict.relaxation.reduce((sum, { by }) => sum + by, 0)).toBeCloseTo(0.1, 9);
    expect(hierarchicalRiskParity(covariance, { limits: groups(0.1) }).status).toBe('allocated');
  });

  it('refuses an asset that does not move, by name', () => {
    const values = Float64Array.of(0.04, 0, 0, 0);
    expect(() => hierarchicalRiskParity({ assets: ['X', 'CASH'], values })).toThrow('variance of CASH is 0');
  });

  it('refuses percentages passed as decimals', () => {
    expect(() => hierarchicalRiskParity(covariance, { limits: { default: { max: 15 } } })).toThrow('must lie in 0..1');
  });

  it('allocates with fewer periods than assets', () => {
    expect(total(allocate(sampleCovariance(market(20, 10, 2))))).toBeCloseTo(1, 12);
  });
});
