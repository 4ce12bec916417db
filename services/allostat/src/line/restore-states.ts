import type { Backfill, DomainEvent, Universe } from '@allostat/pipeline';
import { ArtefactStore, type AggregateStore, type UnitRunner } from '@allostat/platform';
import { registerChampion } from '@allostat/model-lab';
import { REGIME_STAGE } from '@allostat/regime-detection';
import { RISK_MODEL_STATES } from '@allostat/risk-budgeting';
import { SIGNAL_STAGE } from '@allostat/signal-ingestion';

/** Puts the stages where a backfilled history left them, and registers the model that it fitted as champion. */
export async function restoreStates(
  unitsOf: (service: string) => UnitRunner<DomainEvent>,
  universe: Universe,
  history: Backfill,
  at: string,
): Promise<void> {
  await restore(unitsOf('signal-ingestion'), SIGNAL_STAGE.states, universe.id, history.signals);
  await restore(unitsOf('regime-detection'), REGIME_STAGE.states, universe.id, history.regime);
  await restore(unitsOf('risk-budgeting'), RISK_MODEL_STATES, universe.id, history.risk);
  const { from, to, observations, logLikelihood, converged } = history.model.training;
  const trained = {
    model: `regime:${universe.id}`,
    parameters: history.model,
    trainedFrom: from,
    trainedTo: to,
    observations,
    logLikelihood,
    converged,
    seed: 0, // the fit starts from fixed groupings: no randomness goes into it
  };
  await unitsOf('model-lab').run((unit) =>
    registerChampion(unit, new ArtefactStore(), trained, 'fitted on the history before the replay', at),
  );
}

async function restore<S>(
  units: UnitRunner<DomainEvent>,
  states: AggregateStore<S>,
  key: string,
  state: S,
): Promise<void> {
  await units.run(async (unit) => {
    await states.load(unit, key, () => state);
    states.save(unit, key, state);
  });
}
