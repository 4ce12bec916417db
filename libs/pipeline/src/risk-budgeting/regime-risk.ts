import { invariant } from '@allostat/kernel';
import { assetMatrix, mixtureMoments, scenarioCvar, type AssetMatrix } from '@allostat/quant';
import type { RegimeProbabilities } from '../regime-detection/events';
import type { CoreWeight } from './core-weights';
import type { RegimeMomentsOf } from './regime-moments';
import { BARS_PER_YEAR, type RiskModel } from './risk-model';
import { scenarioWeights, type Scenarios } from './scenario-window';

/** Scenarios with which a tail can be judged. */
const SCENARIOS_MIN = 252;

/** What the risk of a universe depends on when its regime is known only by probabilities. */
export interface RegimeRisk {
  /** Of each regime, in the order of their names' list. */
  readonly moments: readonly RegimeMomentsOf[];
  readonly scenarios: Scenarios;
}

/**
 * Annual covariance of all assets of a model under a forecast of the regime: that of each regime by its probability, plus the spread of
 * the regimes' means. Positive semi-definite. Throws `InvariantError` when the model was estimated without regimes.
 */
export function regimeCovariance(model: RiskModel, forecast: RegimeProbabilities): AssetMatrix {
  const { moments } = regimesOf(model);
  const { covariance } = mixtureMoments(
    moments.map(({ mean, covariance: values }) => ({
      mean: Float64Array.from(mean),
      covariance: assetMatrix(model.assets, values),
    })),
    scaledToOne(moments.map(({ regime }) => forecast[regime])),
  );
  return { assets: covariance.assets, values: covariance.values.map((value) => value * BARS_PER_YEAR) };
}

/** Probabilities as they arrive may be off one by rounding. */
function scaledToOne(probabilities: readonly number[]): number[] {
  const sum = probabilities.reduce((total, p) => total + p, 0);
  return probabilities.map((p) => p / sum);
}

export function regimesOf({ regimes, asOf }: RiskModel): RegimeRisk {
  invariant(
    regimes,
    () => `the risk model of ${asOf} was estimated without regimes: a mandate must ask for them first`,
  );
  return regimes;
}

/** Scenarios on which every one of `assets` had a return, with their probabilities under a forecast (summing to 1). */
export interface CompleteScenarios {
  readonly assets: readonly string[];
  /** Row by row. */
  readonly returns: Float64Array;
  readonly weights: Float64Array;
  readonly stressed: number;
}

/** The scenarios that `assets` share; `undefined` when there are fewer than a year of them. */
export function completeScenarios(
  model: RiskModel,
  assets: readonly string[],
  forecast: RegimeProbabilities,
): CompleteScenarios | undefined {
  const { scenarios } = regimesOf(model);
  const at = assets.map((asset) => scenarios.assets.indexOf(asset));
  if (at.includes(-1)) return undefined;
  const kept = scenarios.returns.flatMap((row, s) => (at.every((i) => row[i] !== null) ? [s] : []));
  if (kept.length < SCENARIOS_MIN) return undefined;
  const n = at.length;
  const returns = new Float64Array(kept.length * n);
  kept.forEach((s, row) => at.forEach((i, column) => (returns[row * n + column] = scenarios.returns[s][i] as number)));
  const weights = scenarioWeights({ probabilities: kept.map((s) => scenarios.probabilities[s]) }, forecast);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    assets,
    returns,
    weights: weights.map((weight) => weight / sum),
    stressed: kept.filter((s) => s < scenarios.stressed).length,
  };
}

/** Conditional value at risk of a core over one bar, as a fraction of its value; `undefined` with too few scenarios. */
export function coreTail(
  core: readonly CoreWeight[],
  model: RiskModel,
  { forecast, confidence }: { readonly forecast: RegimeProbabilities; readonly confidence: number },
): number | undefined {
  const scenarios = completeScenarios(
    model,
    core.map(({ id }) => id),
    forecast,
  );
  if (scenarios === undefined) return undefined;
  const n = core.length;
  const returns = scenarios.weights.map((_, s) =>
    core.reduce((sum, { weight }, i) => sum + weight * scenarios.returns[s * n + i], 0),
  );
  return scenarioCvar(returns, scenarios.weights, confidence);
}
