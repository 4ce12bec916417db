import { assertNever, invariant } from '@allostat/kernel';
import type { ReturnPanel } from '../linalg/return-panel';
import { correlationOf, sampleCovariance } from '../moments/sample-covariance';
import { correlationDistance } from './correlation-distance';
import { distanceCorrelation } from './distance-correlation';
import { averageRanks, kendallTau } from './rank-correlation';
import { variationOfInformation } from './variation-of-information';

export const coMovements = [
  'pearson',
  'absolute-pearson',
  'spearman',
  'kendall',
  'distance-correlation',
  'variation-of-information',
  'lower-tail',
] as const;
export type CoMovement = (typeof coMovements)[number];

/**
 * Distances between assets by how they move together, n x n, zero on the diagonal, 0..1. Uses the whole panel.
 * pearson, spearman, kendall: sqrt((1 - rho) / 2); absolute-pearson: sqrt(1 - |rho|); distance-correlation:
 * sqrt(1 - dcor), Szekely, Rizzo and Bakirov (2007); variation-of-information: normalised by the joint entropy,
 * bins after Hacine-Gharbi and Ravier (2018); lower-tail: 1 less the share of the worst `tail` days that both share.
 */
export function coMovementDistance(panel: ReturnPanel, kind: CoMovement, { tail = 0.05 } = {}): Float64Array {
  const n = panel.assets.length;
  const columns = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: panel.periods }, (_, t) => panel.values[t * n + i]),
  );
  switch (kind) {
    case 'pearson':
      return correlationDistance(pearson(panel), n);
    case 'absolute-pearson':
      return correlationDistance(pearson(panel), n, 'absolute');
    case 'spearman': {
      const ranks = columns.map(averageRanks);
      const values = Float64Array.from({ length: panel.periods * n }, (_, k) => ranks[k % n][Math.floor(k / n)]);
      return correlationDistance(pearson({ ...panel, values }), n);
    }
    case 'kendall':
      return pairwise(n, (i, j) => Math.sqrt(Math.max(0, (1 - kendallTau(columns[i], columns[j])) / 2)));
    case 'distance-correlation':
      return pairwise(n, (i, j) => Math.sqrt(Math.max(0, 1 - distanceCorrelation(columns[i], columns[j]))));
    case 'variation-of-information':
      return pairwise(n, (i, j) => variationOfInformation(columns[i], columns[j]));
    case 'lower-tail':
      return lowerTail(columns, tail);
    default:
      return assertNever(kind);
  }
}

function pearson(panel: ReturnPanel): Float64Array {
  return correlationOf(sampleCovariance(panel)).correlation;
}

function pairwise(n: number, distance: (i: number, j: number) => number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[i * n + j] = out[j * n + i] = distance(i, j);
  return out;
}

function lowerTail(columns: readonly Float64Array[], tail: number): Float64Array {
  invariant(tail > 0 && tail <= 0.5, () => `tail must lie in 0..0.5, got ${tail}`);
  const periods = columns[0].length;
  const count = Math.max(1, Math.round(tail * periods));
  const worst = columns.map((column) => {
    const order = Array.from(column, (_, t) => t).sort((a, b) => column[a] - column[b] || a - b);
    return new Set(order.slice(0, count));
  });
  return pairwise(columns.length, (i, j) => {
    let shared = 0;
    for (const t of worst[i]) if (worst[j].has(t)) shared++;
    return 1 - shared / count;
  });
}
