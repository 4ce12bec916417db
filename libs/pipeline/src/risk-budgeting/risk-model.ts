import { canonicalJson, invariant, sha256Hex, type ArtefactHash } from '@allostat/kernel';
import { ewmaCovariance, initialEwmaCovariance, updateEwmaCovariance, type EwmaCovarianceState } from '@allostat/quant';
import type { RegimeAssessed } from '../regime-detection/events';
import type { RiskModelEstimated } from './events';

/** Trading days in a year: per-bar variances times this are annual. */
export const BARS_PER_YEAR = 252;

/** Half-lives of the covariance: fast for size, slow for co-movement, with correlations pulled to their average. */
const SETTINGS = { volatilityHalfLifeBars: 40, correlationHalfLifeBars: 80 } as const;
const SHRINKAGE = 0.2;

/** The covariance of a universe as an artefact: plain numbers that anybody can read again. */
export interface RiskModel {
  readonly universeId: string;
  readonly asOf: string;
  readonly assets: readonly string[];
  /** Annualised, element (i, j) at `i * n + j`. */
  readonly covariance: readonly number[];
  /** Instruments with too little recent history to be estimated. */
  readonly uncovered: readonly string[];
}

/** What risk budgeting remembers of a universe. */
export interface RiskModelState {
  readonly estimator?: EwmaCovarianceState;
}

export interface RiskModelDecision {
  readonly state: RiskModelState;
  /** Absent until at least one instrument has enough history. */
  readonly estimate?: {
    readonly event: RiskModelEstimated;
    readonly model: RiskModel;
    /** The artefact's text; its SHA-256 is `event.covariance`. */
    readonly text: string;
  };
}

export function initialRiskModelState(): RiskModelState {
  return {};
}

/** Takes the covariance one bar further, without estimating it: what a history needs of all its bars but the last. */
export function advanceRiskModel({ universeId, instruments }: RegimeAssessed, state: RiskModelState): RiskModelState {
  const ids = instruments.map(({ id }) => id);
  const before = state.estimator ?? initialEwmaCovariance(ids, SETTINGS);
  invariant(
    before.assets.length === ids.length && before.assets.every((id, i) => id === ids[i]),
    () => `universe ${universeId} has changed its instruments: the risk model must be estimated anew`,
  );
  return {
    estimator: updateEwmaCovariance(
      before,
      instruments.map((instrument) => instrument.return),
    ),
  };
}

/** Updates the covariance with the returns of one bar; uses only bars up to this one. */
export function decideRiskModel(assessed: RegimeAssessed, state: RiskModelState): RiskModelDecision {
  const { universeId, asOf, bar } = assessed;
  const { estimator } = advanceRiskModel(assessed, state);
  invariant(estimator, 'the estimator has taken in the bar');
  const estimate = ewmaCovariance(estimator, { shrinkage: SHRINKAGE });
  if (estimate.assets.length === 0) return { state: { estimator } };
  const model: RiskModel = {
    universeId,
    asOf,
    assets: estimate.assets,
    covariance: Array.from(estimate.covariance.values, (value) => value * BARS_PER_YEAR),
    uncovered: estimate.uncovered.map(({ asset }) => asset),
  };
  const text = canonicalJson(model);
  const event: RiskModelEstimated = {
    type: 'RiskModelEstimated',
    universeId,
    asOf,
    bar,
    assets: estimate.assets,
    volatilities: Array.from(estimate.volatilities, (value) => value * Math.sqrt(BARS_PER_YEAR)),
    averageCorrelation: estimate.averageCorrelation ?? 1, // one instrument moves as one
    shrinkage: SHRINKAGE,
    volatilityHalfLifeBars: SETTINGS.volatilityHalfLifeBars,
    correlationHalfLifeBars: SETTINGS.correlationHalfLifeBars,
    covariance: sha256Hex(text) as ArtefactHash,
  };
  return { state: { estimator }, estimate: { event, model, text } };
}
