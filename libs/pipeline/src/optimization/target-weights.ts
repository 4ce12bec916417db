import { assetMatrix, hierarchicalRiskParity, portfolioVolatility, type AssetMatrix } from '@allostat/quant';
import { boundsOf } from '../mandate/broken-limits';
import type { Mandate } from '../mandate/mandate';
import type { RiskModel } from '../risk-budgeting/risk-model';
import type { Universe } from '../universe/universe';

export interface TargetWeights {
  readonly status: 'allocated';
  /** For every instrument of the universe; sums to 1. */
  readonly weights: ReadonlyMap<string, number>;
  /** Annualised. */
  readonly expectedVolatility: number;
  /** Part of the portfolio that stays invested; the rest is in the cash instrument. */
  readonly invested: number;
  /** Largest breach of a limit, a rounding error. */
  readonly violation: number;
}

export interface NoTargetWeights {
  readonly status: 'infeasible';
  readonly conflict: readonly string[];
  readonly relaxation: readonly { readonly limit: string; readonly by: number }[];
}

/**
 * Hierarchical risk parity over the invested instruments within the mandate's limits, then as much of it as the
 * volatility target allows, the rest in the cash instrument.
 */
export function targetWeights(
  mandate: Mandate,
  universe: Universe,
  model: RiskModel,
  volatilityTarget: number,
): TargetWeights | NoTargetWeights {
  const cash = mandate.cashInstrument;
  const covariance = assetMatrix(model.assets, model.covariance);
  const risky = without(covariance, cash);
  if (risky.assets.length === 0) {
    return { status: 'infeasible', conflict: ['history of every instrument'], relaxation: [] };
  }
  const result = hierarchicalRiskParity(risky, { limits: limitsFor(mandate, universe, risky.assets) });
  if (result.status === 'infeasible') {
    return { status: 'infeasible', conflict: result.conflict.limits, relaxation: result.conflict.relaxation };
  }
  const volatility = portfolioVolatility(result.weights, risky);
  const invested =
    cash === undefined ? 1 : investedShare(mandate, volatilityTarget / volatility, result.weights, risky.assets);
  const weights = new Map(universe.instruments.map(({ id }) => [id, 0]));
  risky.assets.forEach((id, i) => weights.set(id, invested * result.weights[i]));
  if (cash !== undefined) weights.set(cash, 1 - invested);
  return {
    status: 'allocated',
    weights,
    expectedVolatility: portfolioVolatility(
      covariance.assets.map((id) => weights.get(id) as number),
      covariance,
    ),
    invested,
    violation: result.violation,
  };
}

/** Limits as they hold for the invested part. Instruments without enough history cannot be bought and have no row. */
function limitsFor(mandate: Mandate, universe: Universe, assets: readonly string[]) {
  const { limits } = mandate;
  const covered = new Set(assets);
  const byAsset = Object.fromEntries(Object.entries(limits.byInstrument ?? {}).filter(([id]) => covered.has(id)));
  const groups = Object.entries(limits.byAssetClass ?? {}).map(([name, range]) => ({
    name,
    ...range,
    assets: universe.instruments
      .filter((instrument) => instrument.assetClass === name && covered.has(instrument.id))
      .map(({ id }) => id),
  }));
  return { default: limits.default, byAsset, groups: groups.filter((group) => group.assets.length > 0) };
}

/** The volatility target asks for `wanted`; minima of invested instruments and bounds on cash may ask for more or less. */
function investedShare(
  mandate: Mandate,
  wanted: number,
  weights: ArrayLike<number>,
  assets: readonly string[],
): number {
  let least = 0;
  assets.forEach((id, i) => {
    const { min } = boundsOf(id, mandate);
    if (min > 0 && weights[i] > 0) least = Math.max(least, min / weights[i]);
  });
  const cashBounds = boundsOf(mandate.cashInstrument as string, mandate);
  least = Math.max(least, 1 - cashBounds.max);
  const most = 1 - cashBounds.min;
  return Math.min(most, Math.max(least, Math.min(1, wanted)));
}

function without(matrix: AssetMatrix, excluded: string | undefined): AssetMatrix {
  const n = matrix.assets.length;
  const kept = matrix.assets.map((_, i) => i).filter((i) => matrix.assets[i] !== excluded);
  return {
    assets: kept.map((i) => matrix.assets[i]),
    values: Float64Array.from(kept.flatMap((i) => kept.map((j) => matrix.values[i * n + j]))),
  };
}
