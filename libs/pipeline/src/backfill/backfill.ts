import { invariant, type IsoDate } from '@allostat/kernel';
import { fitRegimeModel, type RegimeFeatures, type RegimeModel } from '@allostat/quant';
import type { ObservationsRecorded } from '../observation/events';
import { decideRegime } from '../regime-detection/decide-regime';
import type { RegimeName } from '../regime-detection/events';
import { regimeFeatures } from '../regime-detection/regime-features';
import { initialRegimeState, type RegimeState } from '../regime-detection/regime-state';
import { advanceRiskModel, initialRiskModelState, type RiskModelState } from '../risk-budgeting/risk-model';
import { decideSignals } from '../signal-ingestion/decide-signals';
import type { SignalSnapshotPublished } from '../signal-ingestion/events';
import { initialSignalState, type SignalState } from '../signal-ingestion/signal-state';
import type { Universe } from '../universe/universe';

export interface BackfillOptions {
  /** Model version under which the assessments are made. */
  readonly versionOf: (model: RegimeModel) => string;
  /** The model is fitted on the snapshots up to and with this date; what follows is out of its sample. */
  readonly trainUntil: IsoDate;
}

/** Where the stages stand after a history, and what was decided on the way. */
export interface Backfill {
  readonly signals: SignalState;
  readonly regime: RegimeState;
  readonly risk: RiskModelState;
  readonly model: RegimeModel;
  readonly version: string;
  /** Named regime of each bar after the training window. */
  readonly assessed: readonly { readonly asOf: IsoDate; readonly regime: RegimeName }[];
  readonly bars: number;
  readonly quarantined: number;
}

export interface BackfillProgress {
  readonly step: 'signals' | 'training' | 'regimes';
  readonly done: number;
  readonly total: number;
}

/**
 * Takes a whole history through the same decisions as the live line, without the bus: signals first, a regime model
 * fitted on the first part, then regimes and covariances bar by bar. Yields its progress; returns the states from
 * which the live line goes on.
 */
export function* backfill(
  universe: Universe,
  deliveries: readonly ObservationsRecorded[],
  options: BackfillOptions,
): Generator<BackfillProgress, Backfill> {
  const total = deliveries.length;
  let signals: SignalState = decideSignals({ type: 'UniverseVersioned', universe }, initialSignalState(), {
    now: deliveries[0].observations[0].knownTime,
  }).state;
  const snapshots: SignalSnapshotPublished[] = [];
  let quarantined = 0;
  for (const [i, delivery] of deliveries.entries()) {
    const decision = decideSignals(delivery, signals, { now: latestKnown(delivery) });
    signals = decision.state;
    for (const event of decision.events) {
      if (event.type === 'SignalSnapshotPublished') snapshots.push(event);
      else quarantined += 1;
    }
    if (i % 100 === 0) yield { step: 'signals', done: i, total };
  }
  yield { step: 'training', done: 0, total: 1 };
  const history = snapshots
    .filter(({ asOf }) => asOf <= options.trainUntil)
    .map(regimeFeatures)
    .filter((features): features is RegimeFeatures => features !== undefined);
  const model = fitRegimeModel(history);
  const version = options.versionOf(model);
  const { regime, risk, assessed } = yield* assess(universe.id, snapshots, model, version, options.trainUntil);
  return { signals, regime: untold(regime), risk, model, version, assessed, bars: snapshots.length, quarantined };
}

function* assess(
  universeId: string,
  snapshots: readonly SignalSnapshotPublished[],
  model: RegimeModel,
  version: string,
  trainUntil: IsoDate,
): Generator<BackfillProgress, Pick<Backfill, 'regime' | 'risk' | 'assessed'>> {
  const loaded = { type: 'RegimeModelLoaded', universeId, version, model } as const;
  let regime = decideRegime(loaded, initialRegimeState(), { now: snapshots[0].knownTime }).state;
  let risk = initialRiskModelState();
  const assessed: { asOf: IsoDate; regime: RegimeName }[] = [];
  for (const [i, snapshot] of snapshots.entries()) {
    const decision = decideRegime(snapshot, regime, { now: snapshot.knownTime });
    regime = decision.state;
    for (const event of decision.events) {
      if (event.type !== 'RegimeAssessed') continue;
      // whether a mandate will ask for scenarios is not known here
      risk = advanceRiskModel(event, risk, { byRegime: true, inPlace: true });
      if (event.asOf > trainUntil) assessed.push({ asOf: event.asOf, regime: event.regime });
    }
    if (i % 100 === 0) yield { step: 'regimes', done: i, total: snapshots.length };
  }
  return { regime, risk, assessed };
}

/** Nobody was told of the alerts of a history: the first that is told has number 1. Its forecasts do not count: some saw their future. */
function untold({ scores: _scores, ...regime }: RegimeState): RegimeState {
  return regime.alerts === undefined ? regime : { ...regime, alerts: { ...regime.alerts, sequence: 0 } };
}

/** When the last value of a delivery became known: the business time of what follows from it. */
export function latestKnown({ feed, sequence, observations }: ObservationsRecorded): string {
  invariant(observations.length > 0, () => `delivery ${sequence} of feed ${feed} is empty`);
  return observations.reduce((latest, { knownTime }) => (knownTime > latest ? knownTime : latest), '');
}
