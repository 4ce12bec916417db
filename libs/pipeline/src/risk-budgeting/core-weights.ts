import { invariant } from '@allostat/kernel';
import { assetMatrix, hierarchicalRiskParity, riskBudgeting, type AssetMatrix } from '@allostat/quant';
import type { Construction, Mandate } from '../mandate/mandate';
import type { RegimeProbabilities } from '../regime-detection/events';
import { regimeCovariance } from './regime-risk';
import type { RiskModel } from './risk-model';

/** Returns that an instrument needs before its risk is judged. */
export const HISTORY_BARS_MIN = 252;

/** Share of the covariance that is not recent: long-run, or by regimes when the mandate asks for it. */
const SLOW_SHARE = 0.5;

export interface CoreWeight {
  readonly id: string;
  readonly weight: number;
}

/**
 * Weights of a mandate's core over the instruments that have a price; they sum to 1, in order of their ids. The anchor as it
 * was agreed, or risk budgets by group with hierarchical risk parity inside each. `undefined` when nothing of the core can be
 * held. `longRunOnly` leaves recent covariance out, and regimes. A mandate whose covariance is by regime needs the forecast.
 */
export function coreWeights(
  mandate: Mandate & { readonly construction: Construction },
  model: RiskModel,
  { priced, ...blend }: CovarianceBlend & { readonly priced: ReadonlySet<string> },
): readonly CoreWeight[] | undefined {
  const weights =
    mandate.construction.core === 'anchor'
      ? mandate.anchorWeights
      : budgetedWeights(mandate, groupsOf(mandate.construction, model, priced), blendOf(mandate, model, blend));
  const held = Object.keys(weights)
    .filter((id) => priced.has(id) && weights[id] > 0)
    .sort();
  const sum = held.reduce((total, id) => total + weights[id], 0);
  return sum > 0 ? held.map((id) => ({ id, weight: weights[id] / sum })) : undefined;
}

interface Group {
  readonly instruments: readonly string[];
  readonly budget: number;
}

function groupsOf({ groups }: Construction, model: RiskModel, priced: ReadonlySet<string>): Group[] {
  invariant(groups, 'group budgets need groups');
  const known = ({ moments }: RiskModel, id: string): boolean => {
    const bars = moments?.bars[model.assets.indexOf(id)];
    return bars !== undefined && bars >= HISTORY_BARS_MIN;
  };
  return groups
    .map(({ instruments, budget }) => ({
      budget,
      instruments: instruments.filter((id) => priced.has(id) && known(model, id)),
    }))
    .filter(({ instruments }) => instruments.length > 0);
}

function budgetedWeights(
  mandate: Mandate,
  groups: readonly Group[],
  covariance: AssetMatrix,
): Readonly<Record<string, number>> {
  if (groups.length === 0) return {};
  const inside = groups.map(({ instruments }) => innerWeights(selected(covariance, instruments)));
  const names = groups.map((_, g) => `group ${g}`);
  const between = Float64Array.from(
    groups.flatMap((_, a) => inside.map((__, b) => bilinear(covariance, inside[a], inside[b]))),
  );
  const shares =
    groups.length === 1
      ? Float64Array.of(1)
      : sharesOf(
          riskBudgeting(assetMatrix(names, between), {
            budget: { byAsset: Object.fromEntries(groups.map(({ budget }, g) => [names[g], budget])) },
          }),
        );
  return capped(
    Object.fromEntries(inside.flatMap((weights, g) => weights.map(({ id, weight }) => [id, weight * shares[g]]))),
    mandate.limits.default.max,
  );
}

/** Gives what stands above the cap to the others in proportion, again and again until none is above it. */
function capped(weights: Readonly<Record<string, number>>, cap: number): Readonly<Record<string, number>> {
  const ids = Object.keys(weights);
  if (ids.length * cap < 1) return weights; // the cap leaves nothing to choose; limits are judged by the optimizer
  const fixed = new Set<string>();
  for (;;) {
    const free = ids.filter((id) => !fixed.has(id));
    const room = 1 - fixed.size * cap;
    const sum = free.reduce((total, id) => total + weights[id], 0);
    const over = free.filter((id) => (weights[id] * room) / sum > cap + 1e-15);
    if (over.length === 0) {
      return Object.fromEntries(ids.map((id) => [id, fixed.has(id) ? cap : (weights[id] * room) / sum]));
    }
    over.forEach((id) => fixed.add(id));
  }
}

/** What a covariance is blended from; by default recent and long-run by halves. */
export interface CovarianceBlend {
  readonly longRunOnly?: boolean;
  /** Takes the regimes under this forecast in the place of the long run. */
  readonly forecast?: RegimeProbabilities;
}

function blendOf({ construction }: Mandate, model: RiskModel, { longRunOnly, forecast }: CovarianceBlend): AssetMatrix {
  if (longRunOnly === true || construction?.covariance !== 'regime') {
    return blendedCovariance(model, longRunOnly === undefined ? {} : { longRunOnly });
  }
  invariant(forecast, 'a covariance by regime needs a forecast of the regime');
  return blendedCovariance(model, { forecast });
}

/** Covariance of all assets of a model: half recent, half long-run or by regimes; or long-run alone. */
export function blendedCovariance(
  model: RiskModel,
  { longRunOnly = false, forecast }: CovarianceBlend = {},
): AssetMatrix {
  const { assets, covariance, moments } = model;
  invariant(moments, 'the risk model has no long-run moments: estimate it anew');
  const share = longRunOnly ? 1 : SLOW_SHARE;
  const slow = forecast === undefined ? moments.longRun : regimeCovariance(model, forecast).values;
  return assetMatrix(
    assets,
    covariance.map((value, k) => (1 - share) * value + share * slow[k]),
  );
}

function innerWeights(covariance: AssetMatrix): CoreWeight[] {
  const { assets } = covariance;
  if (assets.length === 1) return [{ id: assets[0], weight: 1 }];
  const result = hierarchicalRiskParity(covariance);
  invariant(result.status === 'allocated', 'hierarchical risk parity without limits always has weights');
  return result.assets.map((id, i) => ({ id, weight: result.weights[i] }));
}

function sharesOf(result: ReturnType<typeof riskBudgeting>): Float64Array {
  invariant(result.status === 'allocated', 'risk budgets without limits always have weights');
  return result.weights;
}

function selected({ assets, values }: AssetMatrix, wanted: readonly string[]): AssetMatrix {
  const at = wanted.map((id) => assets.indexOf(id));
  return assetMatrix(
    wanted,
    at.flatMap((i) => at.map((j) => values[i * assets.length + j])),
  );
}

function bilinear({ assets, values }: AssetMatrix, a: readonly CoreWeight[], b: readonly CoreWeight[]): number {
  let sum = 0;
  for (const x of a) {
    const row = assets.indexOf(x.id) * assets.length;
    for (const y of b) sum += x.weight * y.weight * values[row + assets.indexOf(y.id)];
  }
  return sum;
}

/** Yearly volatility of a core: forecast from recent returns, and over the whole past. */
export interface CoreVolatility {
  readonly forecast: number;
  readonly longRun: number;
}

/** Volatility of a core over its instruments with a year of returns; `undefined` when none has that. */
export function coreVolatility(
  core: readonly CoreWeight[],
  { assets, moments }: RiskModel,
): CoreVolatility | undefined {
  invariant(moments, 'the risk model has no long-run moments: estimate it anew');
  const known = core
    .map(({ id, weight }) => ({ at: assets.indexOf(id), weight }))
    .filter(({ at }) => moments.bars[at] >= HISTORY_BARS_MIN);
  const sum = known.reduce((total, { weight }) => total + weight, 0);
  if (!(sum > 0)) return undefined;
  const of = (values: readonly number[]): number => {
    let variance = 0;
    for (const a of known) {
      for (const b of known) variance += a.weight * b.weight * values[a.at * assets.length + b.at];
    }
    return Math.sqrt(Math.max(0, variance)) / sum;
  };
  const volatility = { forecast: of(moments.recent), longRun: of(moments.longRun) };
  return volatility.forecast > 0 && volatility.longRun > 0 ? volatility : undefined;
}
