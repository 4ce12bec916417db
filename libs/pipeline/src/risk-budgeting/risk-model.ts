import { canonicalJson, invariant, sha256Hex, type ArtefactHash } from '@allostat/kernel';
import {
  ewmaCovariance,
  initialEwmaCovariance,
  updateEwmaCovariance,
  type EwmaCovarianceEstimate,
  type EwmaCovarianceState,
} from '@allostat/quant';
import type { RegimeAssessed } from '../regime-detection/events';
import type { RiskModelEstimated } from './events';
import {
  initialUniverseMoments,
  universeMoments,
  updateUniverseMoments,
  type UniverseMoments,
  type UniverseMomentsState,
} from './universe-moments';

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
  /** In the order of `assets`. Models of before there were any have none. */
  readonly moments?: UniverseMoments;
}

/** What risk budgeting remembers of a universe. */
export interface RiskModelState {
  readonly estimator?: EwmaCovarianceState;
  readonly moments?: UniverseMomentsState;
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

/** Covariance of a universe with what an event says of it, before it has become an artefact. */
export interface RiskModelEstimate {
  readonly state: RiskModelState;
  /** Absent until at least one instrument has enough history. */
  readonly model?: RiskModel;
  readonly covariance?: EwmaCovarianceEstimate;
}

/** Updates the covariance with the returns of one bar; uses only bars up to this one. */
export function decideRiskModel(assessed: RegimeAssessed, before: RiskModelState): RiskModelDecision {
  const { state, model, covariance } = estimateRiskModel(assessed, before);
  if (model === undefined || covariance === undefined) return { state };
  const text = canonicalJson(model);
  const event: RiskModelEstimated = {
    type: 'RiskModelEstimated',
    universeId: assessed.universeId,
    asOf: assessed.asOf,
    bar: assessed.bar,
    assets: model.assets,
    volatilities: Array.from(covariance.volatilities, (value) => value * Math.sqrt(BARS_PER_YEAR)),
    averageCorrelation: covariance.averageCorrelation ?? 1, // one instrument moves as one
    shrinkage: SHRINKAGE,
    volatilityHalfLifeBars: SETTINGS.volatilityHalfLifeBars,
    correlationHalfLifeBars: SETTINGS.correlationHalfLifeBars,
    covariance: sha256Hex(text) as ArtefactHash,
  };
  return { state, estimate: { event, model, text } };
}

/** Takes the covariance one bar further, without estimating it: what a history needs of all its bars but the last. */
export function advanceRiskModel(
  { universeId, instruments }: Pick<RegimeAssessed, 'universeId' | 'instruments'>,
  state: RiskModelState,
): Required<RiskModelState> {
  const ids = instruments.map(({ id }) => id);
  const before = state.estimator ?? initialEwmaCovariance(ids, SETTINGS);
  invariant(
    before.assets.length === ids.length && before.assets.every((id, i) => id === ids[i]),
    () => `universe ${universeId} has changed its instruments: the risk model must be estimated anew`,
  );
  const returns = instruments.map((instrument) => instrument.return);
  return {
    estimator: updateEwmaCovariance(before, returns),
    moments: updateUniverseMoments(state.moments ?? initialUniverseMoments(ids), returns),
  };
}

/** The same numbers without text and hash, for runs that keep no artefacts. */
export function estimateRiskModel(
  assessed: Pick<RegimeAssessed, 'universeId' | 'asOf' | 'instruments'>,
  state: RiskModelState,
): RiskModelEstimate {
  const { universeId, asOf } = assessed;
  const next = advanceRiskModel(assessed, state);
  const { estimator, moments } = next;
  const covariance = ewmaCovariance(estimator, { shrinkage: SHRINKAGE });
  if (covariance.assets.length === 0) return { state: next };
  const model: RiskModel = {
    universeId,
    asOf,
    assets: covariance.assets,
    covariance: Array.from(covariance.covariance.values, (value) => value * BARS_PER_YEAR),
    uncovered: covariance.uncovered.map(({ asset }) => asset),
    moments: universeMoments(moments, covariance.assets),
  };
  return { state: next, model, covariance };
}
