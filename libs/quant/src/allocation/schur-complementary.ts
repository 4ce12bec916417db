import { invariant } from '@allostat/kernel';
import { assetTree } from '../clustering/asset-tree';
import { reorderAssets, type AssetMatrix } from '../linalg/asset-matrix';
import { cholesky, choleskySolve } from '../linalg/cholesky';
import { quadraticForm, total } from '../linalg/products';
import type { Allocated, AllocationConflict } from './allocation-result';
import { inCanonicalOrder, type HierarchicalOptions } from './in-canonical-order';

export interface SchurComplementaryOptions extends HierarchicalOptions {
  /** 0 is hierarchical risk parity, 1 minimum variance. Default 0.5. */
  readonly gamma?: number;
}

export type SchurComplementaryResult =
  | (Allocated & {
      /** The gamma used: the largest up to the one asked for at which every weight stays positive and variance never rises on the way. */
      readonly effectiveGamma: number;
    })
  | AllocationConflict;

/**
 * Schur-complementary allocation: recursive bisection in which each half knows part `gamma` of what the other half
 * hedges. Cotton (2024), arXiv:2411.05807. Halves are augmented as A - gamma B D^-1 B' and rescaled by
 * b = 1 - gamma B D^-1 1, which makes gamma = 1 the exact minimum-variance portfolio (skfolio uses a symmetric
 * approximation of b instead). Variance is the risk measure. Limits are met by the nearest weights.
 */
export function schurComplementary(
  covariance: AssetMatrix,
  options: SchurComplementaryOptions = {},
): SchurComplementaryResult {
  const gamma = options.gamma ?? 0.5;
  invariant(gamma >= 0 && gamma <= 1, () => `gamma must lie in 0..1, got ${gamma}`);
  return inCanonicalOrder(covariance, options, ({ covariance: sorted, options: moved }) => {
    const { order } = assetTree(sorted, moved);
    const ordered = reorderAssets(sorted, order);
    const n = order.length;
    let best = halve(ordered.values, n, 0) as Float64Array;
    let variance = quadraticForm(ordered.values, best);
    let effectiveGamma = 0;
    const steps = 20;
    for (let k = 1; k <= steps && gamma > 0; k++) {
      const tried = halve(ordered.values, n, (gamma * k) / steps);
      if (tried === undefined) break;
      const risk = quadraticForm(ordered.values, tried);
      if (risk > variance * (1 + 1e-12)) break;
      best = tried;
      variance = risk;
      effectiveGamma = (gamma * k) / steps;
    }
    const weights = new Float64Array(n);
    order.forEach((position, i) => (weights[position] = best[i]));
    return { weights, details: { effectiveGamma } };
  });
}

/** Weights for a matrix in leaf order, or undefined when an augmentation is not positive. */
function halve(s: Float64Array, n: number, gamma: number): Float64Array | undefined {
  if (n === 1) return Float64Array.of(1);
  const middle = n >> 1;
  const halves = [
    { from: 0, to: middle },
    { from: middle, to: n },
  ];
  const out = new Float64Array(n);
  for (const [k, own] of halves.entries()) {
    const augmented = augment(s, n, { own, other: halves[1 - k], gamma });
    if (augmented === undefined) return undefined;
    const { values, share } = augmented;
    const size = own.to - own.from;
    const inner = halve(values, size, gamma);
    if (inner === undefined) return undefined;
    const risk = inverseVarianceRisk(values, size);
    for (let i = 0; i < size; i++) out[own.from + i] = inner[i] / (share[i] * risk);
  }
  const sum = total(out);
  return out.map((value) => value / sum);
}

interface Half {
  readonly from: number;
  readonly to: number;
}

function augment(
  s: Float64Array,
  n: number,
  { own, other, gamma }: { own: Half; other: Half; gamma: number },
): { values: Float64Array; share: Float64Array } | undefined {
  const p = own.to - own.from;
  const q = other.to - other.from;
  const values = new Float64Array(p * p);
  const share = new Float64Array(p).fill(1);
  for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) values[i * p + j] = s[(own.from + i) * n + own.from + j];
  if (gamma === 0) return { values, share };
  const d = new Float64Array(q * q);
  for (let i = 0; i < q; i++) for (let j = 0; j < q; j++) d[i * q + j] = s[(other.from + i) * n + other.from + j];
  const factor = cholesky(d, q);
  if (factor.status !== 'factored') return undefined;
  for (let i = 0; i < p; i++) {
    const solved = choleskySolve(factor, s.slice((own.from + i) * n + other.from, (own.from + i) * n + other.to));
    share[i] -= gamma * total(solved);
    if (!(share[i] > 1e-8)) return undefined;
    for (let j = 0; j < p; j++) {
      let sum = 0;
      for (let k = 0; k < q; k++) sum += solved[k] * s[(own.from + j) * n + other.from + k];
      values[i * p + j] -= gamma * sum;
    }
  }
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (values[i * p + j] + values[j * p + i]) / (2 * share[i] * share[j]);
      values[i * p + j] = values[j * p + i] = value;
    }
    if (!(values[i * p + i] > 0)) return undefined;
  }
  return { values, share };
}

function inverseVarianceRisk(values: Float64Array, n: number): number {
  const inverse = Float64Array.from({ length: n }, (_, i) => 1 / values[i * n + i]);
  const sum = total(inverse);
  return quadraticForm(
    values,
    inverse.map((value) => value / sum),
  );
}
