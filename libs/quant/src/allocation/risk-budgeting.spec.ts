import { createRng } from '@allostat/kernel';
import { reorderAssets, type AssetMatrix } from '../linalg/asset-matrix';
import { total } from '../linalg/products';
import { riskBudgeting, type RiskBudgetingOptions } from './risk-budgeting';

function randomCovariance(n: number, seed: number): AssetMatrix {
  const rng = createRng(seed);
  const rows = Array.from({ length: n }, () => Array.from({ length: n + 5 }, () => rng.normal()));
  const scale = rows.map(() => Math.exp(2 * rng.normal()) * 0.01);
  const values = Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return scale[i] * scale[j] * rows[i].reduce((sum, value, t) => sum + (value + 0.7) * (rows[j][t] + 0.7), 0);
  });
  return { assets: rows.map((_, i) => `A${i}`), values };
}

function solve(
  covariance: AssetMatrix,
  options: RiskBudgetingOptions = {},
): Extract<ReturnType<typeof riskBudgeting>, { status: 'allocated' }> {
  const result = riskBudgeting(covariance, options);
  if (result.status !== 'allocated') throw new Error('infeasible');
  return result;
}

/** Lean's tests: argmin x'Sx / 2 - b'ln x with budgets of one half, before scaling. */
const lean: [number[], number[]][] = [
  [
    [0.25, -0.2, -0.2, 0.25],
    [3.162278, 3.162278],
  ],
  [
    [0.01, 0, 0, 0.04],
    [7.071068, 3.535534],
  ],
  [
    [1, 0.45, 0.45, 0.25],
    [0.512989, 1.025978],
  ],
  [
    [0.25, 0.05, 0.05, 0.04],
    [1.154701, 2.886751],
  ],
];

describe('riskBudgeting', () => {
  it.each(lean)('equals the portfolios of Lean (%#)', (values, expected) => {
    const { weights } = solve({ assets: ['A', 'B'], values: Float64Array.from(values) });
    expect(weights[0]).toBeCloseTo(expected[0] / (expected[0] + expected[1]), 6);
  });

  it('meets any positive budget within 1e-10, from tiny to large universes', () => {
    for (const n of [1, 2, 7, 40, 120]) {
      const covariance = randomCovariance(n, n);
      expect(solve(covariance).budgetGap).toBeLessThan(1e-10);
      const byAsset = Object.fromEntries(covariance.assets.map((asset, i) => [asset, 1 + (i % 5)]));
      const result = solve(covariance, { budget: { byAsset } });
      expect(result.budgetGap).toBeLessThan(1e-10);
      expect(total(result.weights)).toBeCloseTo(1, 12);
    }
  });

  it('splits a group budget equally inside the group', () => {
    const covariance = randomCovariance(6, 3);
    const byGroup = [
      { name: 'growth', assets: ['A0', 'A1'], budget: 0.6 },
      { name: 'defence', assets: ['A2', 'A3', 'A4', 'A5'], budget: 0.4 },
    ];
    const { contributions } = solve(covariance, { budget: { byGroup } });
    expect(contributions[0]).toBeCloseTo(0.3, 12);
    expect(contributions[5]).toBeCloseTo(0.1, 12);
  });

  it('changes no bit when columns change places', () => {
    const covariance = randomCovariance(9, 8);
    const order = [4, 2, 8, 0, 1, 7, 3, 6, 5];
    const reference = solve(covariance).weights;
    const moved = solve(reorderAssets(covariance, order)).weights;
    order.forEach((from, to) => expect(moved[to]).toBe(reference[from]));
  });

  it('meets bounds and groups where they bind, with contributions as near as they allow', () => {
    const covariance = randomCovariance(8, 12);
    const limits = {
      default: { min: 0.05, max: 0.3 },
      groups: [{ name: 'front', assets: ['A0', 'A1', 'A2'], max: 0.25 }],
    };
    const result = solve(covariance, { limits });
    expect(result.violation).toBeLessThan(1e-10);
    expect(result.projected).toBe(true);
    // moving a little between two free assets must not improve the objective
    const objective = (w: Float64Array): number => {
      let form = 0;
      for (let i = 0; i < 8; i++) for (let j = 0; j < 8; j++) form += w[i] * w[j] * covariance.values[i * 8 + j];
      return 0.5 * Math.log(form) - w.reduce((sum, value) => sum + Math.log(value) / 8, 0);
    };
    const best = objective(result.weights);
    for (let i = 3; i < 8; i++) {
      for (let j = 3; j < 8; j++) {
        const moved = result.weights.slice();
        moved[i] += 1e-5;
        moved[j] -= 1e-5;
        if (moved[i] <= 0.3 && moved[j] >= 0.05) expect(objective(moved)).toBeGreaterThanOrEqual(best - 1e-12);
      }
    }
  });

  it('gives twins the same weight and names what a budget lacks', () => {
    const values = Float64Array.of(0.04, 0.04, 0.01, 0.04, 0.04, 0.01, 0.01, 0.01, 0.09);
    const { weights } = solve({ assets: ['A', 'A2', 'B'], values });
    expect(weights[0]).toBeCloseTo(weights[1], 12);
    expect(() => riskBudgeting(randomCovariance(2, 1), { budget: { byAsset: { A0: 1 } } })).toThrow(
      'A1 has no risk budget',
    );
    expect(() => riskBudgeting(randomCovariance(2, 1), { budget: { byAsset: { A0: 1, A1: 0 } } })).toThrow(
      'must be above 0',
    );
  });
});
