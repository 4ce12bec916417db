import { InputError } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';
import { cholesky, choleskySolve } from '../linalg/cholesky';
import { solveQuadraticProgram } from '../optimization/dual-active-set';
import type { ResolvedLimits } from './weight-limits';

/** Long-only weights of least variance under linear limits, exact (active set); unique. For small universes: the optimizer does the rest. */
export function minimumVarianceWeights(covariance: AssetMatrix, limits: ResolvedLimits): Float64Array {
  const n = covariance.assets.length;
  const factor = cholesky(covariance.values, n);
  if (factor.status !== 'factored') {
    throw new InputError(
      `the covariance is singular at ${covariance.assets[factor.pivot]}: that asset repeats a mix of the others`,
      { field: covariance.assets[factor.pivot] },
      'use a shrunk covariance (ledoitWolfCovariance) or leave the asset out',
    );
  }
  const solution = solveQuadraticProgram({
    hessian: (b) => choleskySolve(factor, b.slice()),
    cost: new Float64Array(n),
    equalities: [
      { indices: Array.from({ length: n }, (_, i) => i), coefficients: new Array<number>(n).fill(1), bound: 1 },
    ],
    inequalities: limits.named.flatMap((limit) => limit.rows),
  });
  if (solution.status !== 'optimal')
    throw new InputError('the limits exclude each other', {}, 'call findLimitConflict first');
  return solution.x.map((value, i) => Math.min(limits.max[i], Math.max(limits.min[i], value)));
}
