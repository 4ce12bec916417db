import { createRng } from '@allostat/kernel';
import { reorderAssets, type AssetMatrix } from '../linalg/asset-matrix';
import { quadraticForm, total } from '../linalg/products';
import { returnPanel } from '../linalg/return-panel';
import { sampleCovariance } from '../moments/sample-covariance';
import { hierarchicalEqualRisk } from './hierarchical-equal-risk';
import { hierarchicalRiskParity } from './hierarchical-risk-parity';
import { minimumVarianceWeights } from './minimum-variance';
import { nestedClusters } from './nested-clusters';
import { schurComplementary } from './schur-complementary';
import { resolveWeightLimits, type WeightLimits } from './weight-limits';

const rng = createRng(17);
const n = 10;
const covariance = sampleCovariance(
  returnPanel(
    Array.from({ length: n }, (_, i) => `S${i}`),
    Array.from({ length: 400 }).flatMap(() => {
      const factors = [rng.normal(), rng.normal(), rng.normal()];
      return Array.from({ length: n }, (_, i) => 0.01 * (0.6 * factors[i % 3] + (0.5 + 0.1 * i) * rng.normal()));
    }),
  ),
);

type Method = (
  c: AssetMatrix,
  options: { limits?: WeightLimits },
) => { status: string; weights?: Float64Array; violation?: number };
const methods: [string, Method][] = [
  ['HERC', hierarchicalEqualRisk],
  ['NCO', nestedClusters],
  ['Schur', schurComplementary],
];

describe.each(methods)('%s', (_, method) => {
  it('changes no bit when columns change places', () => {
    const reference = method(covariance, {}).weights as Float64Array;
    for (let trial = 0; trial < 50; trial++) {
      const order = Array.from({ length: n }, (_, i) => i).sort(() => rng.uniform() - 0.5);
      const weights = method(reorderAssets(covariance, order), {}).weights as Float64Array;
      order.forEach((from, to) => expect(weights[to]).toBe(reference[from]));
    }
  });

  it('meets asset and group limits to 1e-12, or says which exclude each other', () => {
    const limits = { default: { min: 0.02, max: 0.2 }, groups: [{ name: 'G', assets: ['S0', 'S3', 'S6'], max: 0.22 }] };
    const held = method(covariance, { limits });
    expect(held.status).toBe('allocated');
    expect(held.violation).toBeLessThan(1e-12);
    expect(total(held.weights as Float64Array)).toBeCloseTo(1, 12);
    expect(method(covariance, { limits: { default: { max: 0.05 } } }).status).toBe('infeasible');
  });
});

describe('schurComplementary', () => {
  const at = (gamma: number): { weights: Float64Array; effectiveGamma: number } => {
    const result = schurComplementary(covariance, { gamma });
    if (result.status !== 'allocated') throw new Error('infeasible');
    return result;
  };

  it('is hierarchical risk parity at gamma 0', () => {
    const parity = hierarchicalRiskParity(covariance);
    if (parity.status !== 'allocated') throw new Error('infeasible');
    at(0).weights.forEach((value, i) => expect(value).toBeCloseTo(parity.weights[i], 13));
  });

  it('never raises the variance on the way to minimum variance', () => {
    let last = Infinity;
    for (const gamma of [0, 0.25, 0.5, 0.75]) {
      const variance = quadraticForm(covariance.values, at(gamma).weights);
      expect(variance).toBeLessThanOrEqual(last * (1 + 1e-12));
      last = variance;
    }
    const least = minimumVarianceWeights(covariance, resolveWeightLimits({}, covariance.assets));
    expect(quadraticForm(covariance.values, least)).toBeLessThanOrEqual(last);
  });
});

describe('nestedClusters', () => {
  it('is minimum variance when there is one cluster', () => {
    const result = nestedClusters(covariance, { clusters: 1 });
    if (result.status !== 'allocated') throw new Error('infeasible');
    const least = minimumVarianceWeights(covariance, resolveWeightLimits({}, covariance.assets));
    result.weights.forEach((value, i) => expect(value).toBeCloseTo(least[i], 12));
  });

  it('refuses twins by name and proposes shrinkage', () => {
    const values = Float64Array.of(0.04, 0.04, 0.04, 0.04);
    expect(() => nestedClusters({ assets: ['A', 'B'], values }, { clusters: 1 })).toThrow('singular at B');
  });
});
