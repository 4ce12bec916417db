import { AllostatError, assertNever } from '@allostat/kernel';
import {
  applyHysteresis,
  filterStep,
  forecastStates,
  nameProbabilities,
  startHysteresis,
  type FilterStep,
  type RegimeFeatures,
  type RegimeModel,
} from '@allostat/quant';
import type { SignalSnapshotPublished } from '../signal-ingestion/events';
import type { Decide, Decision } from '../stage';
import type { HandleAlert, RegimeAlertHandled, RegimeAlertMoved } from './alert-events';
import { initialAlertState } from './alert-state';
import { alignModels } from './align-models';
import type {
  RegimeAssessed,
  RegimeCause,
  RegimeChanged,
  RegimeForecast,
  RegimeForecastsScored,
  RegimeModelAligned,
} from './events';
import { handleAlert } from './handle-alert';
import { loadModel } from './load-model';
import { raiseAlerts } from './raise-alerts';
import { withBar } from './recent-bars';
import { regimeFeatures } from './regime-features';
import { scoreForecasts } from './score-forecasts';
import type { RegimeModelLoaded, RegimeState } from './regime-state';

/** Forecast horizons in bars: the next bar, a month, a quarter. */
const HORIZONS = [1, 21, 63] as const;

/** What regime detection decides on, and what it says. */
export type RegimeInput = SignalSnapshotPublished | RegimeModelLoaded | HandleAlert;
export type RegimeOutput =
  RegimeAssessed | RegimeChanged | RegimeAlertMoved | RegimeAlertHandled | RegimeForecastsScored | RegimeModelAligned;

/**
 * Regime detection: filters the belief forward by one snapshot, names the regime with hysteresis, forecasts it, and takes
 * the alerts up or down their ladder. Uses only snapshots up to now.
 *
 * Throws `AllostatError` with code `REGIME.NO_MODEL` when a snapshot comes before a model, and `InputError` for an order on
 * alerts that cannot be followed.
 */
export const decideRegime: Decide<RegimeState, RegimeInput, RegimeOutput> = (event, state, { now }) => {
  switch (event.type) {
    case 'RegimeModelLoaded': {
      const aligned = alignModels(state, event, now);
      return { state: loadModel(state, event), events: aligned === undefined ? [] : [aligned] };
    }
    case 'SignalSnapshotPublished':
      return assess(event, state, now);
    case 'HandleAlert': {
      const handled = handleAlert(state.alerts, event, now);
      return { state: { ...state, alerts: handled.state }, events: [handled.event] };
    }
    default:
      return assertNever(event);
  }
};

function assess(
  snapshot: SignalSnapshotPublished,
  state: RegimeState,
  now: string,
): Decision<RegimeState, RegimeOutput> {
  const { loaded, probabilities } = state;
  if (loaded === undefined || probabilities === undefined) {
    throw new AllostatError(
      'REGIME.NO_MODEL',
      `universe ${snapshot.universeId} has no regime model for its snapshot of ${snapshot.asOf}`,
      'train and promote a model, then redeliver',
    );
  }
  const { model, version } = loaded;
  const features = regimeFeatures(snapshot);
  const step = filterStep(model, { probabilities }, features);
  const before = state.hysteresis;
  const hysteresis =
    before === undefined ? startHysteresis(step.probabilities) : applyHysteresis(before, step.probabilities);
  const evidence = before === undefined ? state.evidence : gather(state.evidence, step, model, before.current);
  const changed = before !== undefined && before.current !== hysteresis.current;
  const assessed = assessment(snapshot, model, version, step, hysteresis.current);
  const events: RegimeOutput[] = [assessed];
  if (changed) {
    events.push({
      type: 'RegimeChanged',
      universeId: snapshot.universeId,
      asOf: snapshot.asOf,
      from: model.names[before.current],
      to: model.names[hysteresis.current],
      probability: step.probabilities[hysteresis.current],
      causes: causesOf(model, evidence, hysteresis.current, features),
      modelVersion: version,
    });
  }
  const scores = scoreForecasts(state.scores, assessed);
  const named = model.names[before === undefined ? hysteresis.current : before.current];
  const alerts = raiseAlerts(state.alerts ?? initialAlertState(named), assessed, {
    model,
    beliefs: step.probabilities,
    causesFor: (to) => causesOf(model, evidence, to, features),
    now,
  });
  return {
    state: {
      loaded,
      probabilities: step.probabilities,
      hysteresis,
      evidence: changed ? none(evidence) : evidence,
      alerts: alerts.state,
      recent: withBar(state.recent, features),
      scores: scores.state,
    },
    events: [...events, ...alerts.events, ...(scores.event === undefined ? [] : [scores.event])],
  };
}

function assessment(
  snapshot: SignalSnapshotPublished,
  model: RegimeModel,
  modelVersion: string,
  step: FilterStep,
  current: number,
): RegimeAssessed {
  return {
    type: 'RegimeAssessed',
    universeId: snapshot.universeId,
    asOf: snapshot.asOf,
    bar: snapshot.bar,
    regime: model.names[current],
    probabilities: nameProbabilities(model, step.probabilities),
    forecasts: forecastsOf(model, step.probabilities),
    logScore: step.logScore,
    modelVersion,
    instruments: snapshot.instruments.map(
      ({ id, close, return: change, staleBars, averageDailyValue: daily, quote }) => ({
        id,
        ...(close === undefined ? {} : { close }),
        ...(change === undefined ? {} : { return: change }),
        staleBars,
        ...(daily === undefined ? {} : { averageDailyValue: daily }),
        ...(quote && { quote }),
      }),
    ),
    coverage: snapshot.coverage,
    ...(snapshot.dataOverriders !== undefined && { dataOverriders: snapshot.dataOverriders }),
    ...(snapshot.fusion?.score !== undefined && {
      fused: snapshot.fusion.contributions.map(({ name, contribution, standardised }) => ({
        name,
        contribution,
        standardised,
      })),
    }),
  };
}

const none = (evidence: RegimeState['evidence']): number[][] => evidence.map((row) => row.map(() => 0));

/** Each horizon goes on from the one before, so that the longest is the whole cost. */
function forecastsOf(model: RegimeModel, probabilities: readonly number[]): RegimeForecast[] {
  let ahead = probabilities;
  let reached = 0;
  return HORIZONS.map((horizonBars) => {
    ahead = forecastStates(model, ahead, horizonBars - reached);
    reached = horizonBars;
    return { horizonBars, probabilities: nameProbabilities(model, ahead) };
  });
}

/**
 * Adds to each state what the bar said for it against the current one. Evidence starts anew whenever it falls to nothing,
 * so that what is left is the run of bars that speaks for a change.
 */
function gather(evidence: RegimeState['evidence'], step: FilterStep, model: RegimeModel, current: number): number[][] {
  const features = model.blocks.flatMap((block) => block.features);
  return evidence.map((row, k) => {
    const next = row.map((sum, j) => {
      const seen = step.features.indexOf(features[j]);
      return seen < 0 ? sum : sum + step.evidence[k][seen] - step.evidence[current][seen];
    });
    return next.reduce((a, b) => a + b, 0) > 0 ? next : next.map(() => 0);
  });
}

/** What the bars since the evidence began said for the new regime against the old, feature by feature, strongest first. */
function causesOf(
  model: RegimeModel,
  evidence: readonly (readonly number[])[],
  to: number,
  features: RegimeFeatures | undefined,
): RegimeCause[] {
  return model.blocks
    .flatMap((block) => block.features)
    .flatMap((feature, j) => {
      const value = features?.values[feature];
      return value === undefined ? [] : [{ feature, value, contribution: evidence[to][j] }];
    })
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}
