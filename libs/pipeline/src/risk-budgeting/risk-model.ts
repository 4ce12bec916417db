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
import type { SumOptions } from './present-returns';
import { initialRegimeMoments, regimeMoments, updateRegimeMoments, type RegimeMomentsState } from './regime-moments';
import type { RegimeClustersState } from './regime-clusters';
import type { RegimeRisk } from './regime-risk';
import { initialScenarios, plainScenarios, scenariosOf, updateScenarios, type ScenarioState } from './scenario-window';
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
  /** In the order of `assets`; present when a mandate of the universe asks for risk by regime. */
  readonly regimes?: RegimeRisk;
}

/** What risk budgeting remembers of a universe. */
export interface RiskModelState {
  readonly estimator?: EwmaCovarianceState;
  readonly moments?: UniverseMomentsState;
  /** Kept by bars that state what is believed of the regime. */
  readonly regimeMoments?: RegimeMomentsState;
  /** Kept while a mandate asks for risk by regime; else see `ParkedScenarios`. */
  readonly scenarios?: ScenarioState;
  /** Clusters of each regime as they were told last. */
  readonly clusters?: RegimeClustersState;
}

/** A bar as the risk model needs it. Without probabilities nothing is learnt about regimes. */
export type RiskModelBar = Pick<RegimeAssessed, 'universeId' | 'asOf' | 'instruments'> &
  Partial<Pick<RegimeAssessed, 'probabilities'>>;

export interface RiskModelOptions {
  /** Adds risk by regime to the model, and keeps the scenarios that it needs; default false. */
  readonly byRegime?: boolean;
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
export function decideRiskModel(
  assessed: RegimeAssessed,
  before: RiskModelState,
  options: RiskModelOptions = {},
): RiskModelDecision {
  const { state, model, covariance } = estimateRiskModel(assessed, before, options);
  if (model === undefined || covariance === undefined) return { state };
  const text = canonicalJson(plain(model));
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

/** A model as the artefact has it. */
function plain({ regimes, ...model }: RiskModel): RiskModel {
  return { ...model, ...(regimes && { regimes: { ...regimes, scenarios: plainScenarios(regimes.scenarios) } }) };
}

/** Takes the covariance one bar further, without estimating it: what a history needs of all its bars but the last. */
export function advanceRiskModel(
  { universeId, instruments, probabilities }: Omit<RiskModelBar, 'asOf'>,
  state: RiskModelState,
  { byRegime = false, inPlace = false }: RiskModelOptions & SumOptions = {},
): RiskModelState & Required<Pick<RiskModelState, 'estimator' | 'moments'>> {
  const ids = instruments.map(({ id }) => id);
  const before = state.estimator ?? initialEwmaCovariance(ids, SETTINGS);
  invariant(
    before.assets.length === ids.length && before.assets.every((id, i) => id === ids[i]),
    () => `universe ${universeId} has changed its instruments: the risk model must be estimated anew`,
  );
  const returns = instruments.map((instrument) => instrument.return);
  return {
    estimator: updateEwmaCovariance(before, returns),
    moments: updateUniverseMoments(state.moments ?? initialUniverseMoments(ids), returns, { inPlace }),
    ...(probabilities && {
      regimeMoments: updateRegimeMoments(state.regimeMoments ?? initialRegimeMoments(ids), returns, probabilities, {
        inPlace,
      }),
      ...(byRegime && {
        scenarios: updateScenarios(state.scenarios ?? initialScenarios(ids), returns, probabilities, { inPlace }),
      }),
    }),
  };
}

/** The same numbers without text and hash, for runs that keep no artefacts. */
export function estimateRiskModel(
  assessed: RiskModelBar,
  state: RiskModelState,
  { byRegime = false }: RiskModelOptions = {},
): RiskModelEstimate {
  const { universeId, asOf } = assessed;
  const next = advanceRiskModel(assessed, state, { byRegime });
  const { estimator, moments, regimeMoments: regimes, scenarios } = next;
  const covariance = ewmaCovariance(estimator, { shrinkage: SHRINKAGE });
  if (covariance.assets.length === 0) return { state: next };
  const model: RiskModel = {
    universeId,
    asOf,
    assets: covariance.assets,
    covariance: Array.from(covariance.covariance.values, (value) => value * BARS_PER_YEAR),
    uncovered: covariance.uncovered.map(({ asset }) => asset),
    moments: universeMoments(moments, covariance.assets),
    ...(byRegime &&
      regimes &&
      scenarios && {
        regimes: {
          moments: regimeMoments(regimes, covariance.assets),
          scenarios: scenariosOf(scenarios),
        },
      }),
  };
  return { state: next, model, covariance };
}
