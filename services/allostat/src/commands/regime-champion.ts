import { AllostatError, InputError, type IsoDate } from '@allostat/kernel';
import {
  decideRegime,
  initialRegimeState,
  modelVersion,
  REGIME_NAMES,
  regimeFeatures,
  type RegimeAssessed,
  type RegimeChanged,
  type RegimeForecastsScored,
  type SignalSnapshotPublished,
} from '@allostat/pipeline';
import { fitRegimeModel, type RegimeModel } from '@allostat/quant';
import { note } from '../cli/output';
import { startProgress } from '../cli/progress';
import type { RegimePath } from './regime-path';

/** What the filter says bar by bar; the alert ladder is the live line's. */
type Filtered = RegimeAssessed | RegimeChanged | RegimeForecastsScored;

/**
 * The path of the Student-t hidden Markov model: fitted on the snapshots of the training window, then the live
 * `decideRegime` over all of them, of which those after the window are kept.
 */
export function championPath(
  snapshots: readonly SignalSnapshotPublished[],
  { trainUntil }: { readonly trainUntil: IsoDate },
): RegimePath {
  const model = train(snapshots.filter(({ asOf }) => asOf <= trainUntil));
  if (model.naming === 'single') {
    note('the training window does not show several regimes: the model has one state, and names every bar expansion');
  }
  const scored = new Set(
    snapshots.flatMap((snapshot) => (regimeFeatures(snapshot) === undefined ? [] : [snapshot.asOf])),
  );
  const events = filterThrough(snapshots, model, trainUntil).filter(({ asOf }) => asOf > trainUntil);
  const assessed = events.filter((event) => event.type === 'RegimeAssessed');
  const scores = assessed.filter(({ asOf }) => scored.has(asOf)).map(({ logScore }) => logScore);
  return {
    model: model.kind,
    states: REGIME_NAMES,
    dates: assessed.map(({ asOf }) => asOf),
    probabilities: assessed.map(({ probabilities }) => REGIME_NAMES.map((name) => probabilities[name])),
    regime: assessed.map(({ regime }) => regime),
    alerts: events
      .filter((event) => event.type === 'RegimeChanged')
      .map(({ asOf, from, to, probability, causes }) => ({ at: asOf, from, to, probability, causes })),
    logScore: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    forecasts: events.filter((event) => event.type === 'RegimeForecastsScored').at(-1)?.horizons ?? [], // too few bars
    training: { from: model.training.from, to: model.training.to },
  };
}

function train(window: readonly SignalSnapshotPublished[]): RegimeModel {
  try {
    return fitRegimeModel(window.flatMap((snapshot) => regimeFeatures(snapshot) ?? []));
  } catch (error) {
    if (!(error instanceof AllostatError) || error.code !== 'REGIME.SHORT_HISTORY') throw error;
    throw new InputError(
      `the training window of ${window.length} bars is too short: ${error.message}`,
      { field: 'train-until' },
      'give a longer price file, or a later --train-until',
      error.code,
    );
  }
}

function filterThrough(
  snapshots: readonly SignalSnapshotPublished[],
  model: RegimeModel,
  trainUntil: IsoDate,
): Filtered[] {
  const [{ universeId, knownTime }] = snapshots;
  const loaded = {
    type: 'RegimeModelLoaded',
    universeId,
    version: modelVersion(model.training.to, model),
    model,
  } as const;
  let { state } = decideRegime(loaded, initialRegimeState(), { now: knownTime });
  const progress = startProgress();
  const events = snapshots.flatMap((snapshot, i) => {
    const decision = decideRegime(snapshot, state, { now: snapshot.knownTime });
    const { scores: _inSample, ...unscored } = decision.state;
    state = snapshot.asOf <= trainUntil ? unscored : decision.state;
    if (i % 100 === 0) progress.update(i, snapshots.length, 'regimes');
    return decision.events.filter((event): event is Filtered =>
      ['RegimeAssessed', 'RegimeChanged', 'RegimeForecastsScored'].includes(event.type),
    );
  });
  progress.stop();
  return events;
}
