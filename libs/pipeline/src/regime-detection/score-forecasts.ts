import type { IsoDate } from '@allostat/kernel';
import { addForecast, initialProbabilityScore, reliabilityTable, type ProbabilityScore } from '@allostat/quant';
import { REGIME_NAMES, type RegimeAssessed, type RegimeForecastsScored, type RegimeProbabilities } from './events';

/** Assessments between two reports: a month of bars. */
const REPORT_EVERY_BARS = 21;

interface HorizonScore {
  readonly horizonBars: number;
  /** Forecasts whose bar has not come, oldest first, with the number of the regime that was named when they were made. */
  readonly pending: readonly { readonly said: readonly number[]; readonly named: number }[];
  readonly score: ProbabilityScore;
  /** Sum of Brier scores of saying that the name stays. */
  readonly persistenceSum: number;
}

/** What has come of the forecasts of one model version. Plain data. */
export interface ForecastScores {
  readonly modelVersion: string;
  readonly since: IsoDate;
  readonly assessments: number;
  readonly horizons: readonly HorizonScore[];
}

/**
 * Scores the forecasts that were about this bar against the name that was assessed for it, and keeps the ones that are about bars to
 * come. Once a month of bars the scores so far are told. A new model version starts from nothing.
 */
export function scoreForecasts(
  before: ForecastScores | undefined,
  assessed: RegimeAssessed,
): { readonly state: ForecastScores; readonly event?: RegimeForecastsScored } {
  const { universeId, asOf, modelVersion, forecasts } = assessed;
  const kept = before?.modelVersion === modelVersion ? before : begin(assessed);
  const named = REGIME_NAMES.indexOf(assessed.regime);
  const horizons = kept.horizons.map((horizon, i) => step(horizon, listed(forecasts[i].probabilities), named));
  const state = { ...kept, horizons, assessments: kept.assessments + 1 };
  const told = horizons.filter(({ score }) => score.forecasts > 0);
  if (state.assessments % REPORT_EVERY_BARS !== 0 || told.length === 0) return { state };
  const scores = told.map(report);
  return {
    state,
    event: { type: 'RegimeForecastsScored', universeId, asOf, modelVersion, since: kept.since, horizons: scores },
  };
}

const listed = (probabilities: RegimeProbabilities): number[] => REGIME_NAMES.map((name) => probabilities[name]);

function begin({ asOf, modelVersion, forecasts }: RegimeAssessed): ForecastScores {
  const horizons = forecasts.map(({ horizonBars }) => ({
    horizonBars,
    pending: [],
    score: initialProbabilityScore(),
    persistenceSum: 0,
  }));
  return { modelVersion, since: asOf, assessments: 0, horizons };
}

function step(horizon: HorizonScore, said: readonly number[], named: number): HorizonScore {
  const { pending, horizonBars, score, persistenceSum } = horizon;
  if (pending.length < horizonBars) return { ...horizon, pending: [...pending, { said, named }] };
  const [due, ...waiting] = pending;
  return {
    ...horizon,
    pending: [...waiting, { said, named }],
    score: addForecast(score, due.said, named),
    persistenceSum: persistenceSum + (due.named === named ? 0 : 2),
  };
}

function report({ horizonBars, score, persistenceSum }: HorizonScore): RegimeForecastsScored['horizons'][number] {
  const { forecasts, logSum, brierSum } = score;
  return {
    horizonBars,
    forecasts,
    logScore: logSum / forecasts,
    brier: brierSum / forecasts,
    persistenceBrier: persistenceSum / forecasts,
    reliability: reliabilityTable(score),
  };
}
