import { invariant } from '@allostat/kernel';
import type { AssetMatrix } from '../linalg/asset-matrix';
import { symmetricEigen } from '../linalg/symmetric-eigen';
import { correlationOf } from '../moments/sample-covariance';
import { riskContributions } from './risk-contributions';

/** Inverse Herfindahl index of weights, 1 for everything in one asset and n for equal weights. */
export function effectiveNumberOfAssets(weights: ArrayLike<number>): number {
  let gross = 0;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    gross += Math.abs(weights[i]);
    squares += weights[i] * weights[i];
  }
  invariant(squares > 0, 'all weights are zero');
  return (gross * gross) / squares;
}

/**
 * Exponential of the entropy of risk shares over uncorrelated bets that stay as near to the assets as they can (minimum
 * torsion). Meucci, Santangelo and Deguest (2015), Risk 28; between 1 and n. Throws on an asset without variance.
 */
export function effectiveNumberOfBets(weights: ArrayLike<number>, covariance: AssetMatrix): number {
  const n = covariance.assets.length;
  invariant(weights.length === n, () => `${n} assets need ${n} weights, got ${weights.length}`);
  const { correlation, volatilities } = correlationOf(covariance);
  const { values, vectors } = symmetricEigen(correlation, n);
  // the square root of the correlation is the torsion's inverse up to scale; exposures are its product with sigma w
  const exposures = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let along = 0;
    for (let i = 0; i < n; i++) along += vectors[k * n + i] * volatilities[i] * weights[i];
    const root = Math.sqrt(Math.max(0, values[k]));
    for (let i = 0; i < n; i++) exposures[i] += vectors[k * n + i] * root * along;
  }
  let total = 0;
  for (const value of exposures) total += value * value;
  invariant(total > 0, 'the portfolio carries no variance');
  let entropy = 0;
  for (const value of exposures) {
    const share = (value * value) / total;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.exp(entropy);
}

export interface GroupRisk {
  readonly name: string;
  readonly weight: number;
  /** Share of portfolio variance. */
  readonly contribution: number;
}

/** Risk shares by group; what no group names is reported as `other`, so that shares sum to 1 when groups do not overlap. */
export function groupRisk(
  weights: ArrayLike<number>,
  covariance: AssetMatrix,
  groups: readonly { readonly name: string; readonly assets: readonly string[] }[],
): readonly GroupRisk[] {
  const { contributions } = riskContributions(weights, covariance);
  const named = new Set(groups.flatMap(({ assets }) => assets));
  const rest = covariance.assets.filter((asset) => !named.has(asset));
  const all = rest.length > 0 ? [...groups, { name: 'other', assets: rest }] : groups;
  return all.map(({ name, assets }) => {
    const members = new Set(assets);
    let weight = 0;
    let contribution = 0;
    covariance.assets.forEach((asset, i) => {
      if (!members.has(asset)) return;
      weight += weights[i];
      contribution += contributions[i];
    });
    return { name, weight, contribution };
  });
}

/** One test of a portfolio's concentration: what was seen, what is allowed. */
export interface ConcentrationCheck {
  readonly rule: 'effective-number-of-assets' | 'largest-weight' | 'largest-risk-share';
  readonly observed: number;
  readonly limit: number;
  readonly passed: boolean;
  /** The asset that the rule is about. */
  readonly asset?: string;
}

/** Tests that catch allocations which are formally right and practically absurd; every rule asked for is reported. */
export function checkConcentration(
  weights: ArrayLike<number>,
  covariance: AssetMatrix,
  limits: { readonly effectiveAssetsMin?: number; readonly weightMax?: number; readonly riskShareMax?: number },
): readonly ConcentrationCheck[] {
  const { contributions } = riskContributions(weights, covariance);
  const checks: ConcentrationCheck[] = [];
  const largest = (values: ArrayLike<number>): number => {
    let at = 0;
    for (let i = 1; i < values.length; i++) if (values[i] > values[at]) at = i;
    return at;
  };
  if (limits.effectiveAssetsMin !== undefined) {
    const observed = effectiveNumberOfAssets(weights);
    const limit = limits.effectiveAssetsMin;
    checks.push({ rule: 'effective-number-of-assets', observed, limit, passed: observed >= limit });
  }
  for (const [rule, values, limit] of [
    ['largest-weight', weights, limits.weightMax],
    ['largest-risk-share', contributions, limits.riskShareMax],
  ] as const) {
    if (limit === undefined) continue;
    const at = largest(values);
    checks.push({ rule, observed: values[at], limit, passed: values[at] <= limit, asset: covariance.assets[at] });
  }
  return checks;
}
