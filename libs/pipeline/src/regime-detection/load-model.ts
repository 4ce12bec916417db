import { initialFilterState, startHysteresis, type HysteresisState, type RegimeModel } from '@allostat/quant';
import type { RegimeModelLoaded, RegimeState } from './regime-state';

/**
 * Takes over a model; what was believed of a name before is believed of the same name in the new model. The version
 * that is loaded already changes nothing.
 */
export function loadModel(state: RegimeState, { version, model }: RegimeModelLoaded): RegimeState {
  if (state.loaded?.version === version) return state;
  const probabilities = translate(state, model);
  const hysteresis = translateCurrent(state, model, probabilities);
  return {
    loaded: { version, model },
    probabilities,
    ...(hysteresis === undefined ? {} : { hysteresis }),
    ...(state.alerts === undefined ? {} : { alerts: state.alerts }),
    ...(state.recent === undefined ? {} : { recent: state.recent }),
    ...(state.scores === undefined ? {} : { scores: state.scores }),
    evidence: model.names.map(() => model.blocks.flatMap((block) => block.features.map(() => 0))),
  };
}

function translate(state: RegimeState, model: RegimeModel): readonly number[] {
  const prior = initialFilterState(model).probabilities;
  const { loaded, probabilities } = state;
  if (loaded === undefined || probabilities === undefined) return prior;
  const old = model.names.map((name) => {
    const at = loaded.model.names.indexOf(name);
    return at < 0 ? undefined : probabilities[at];
  });
  // a name that the old model did not have starts at its long-run share
  const mixed = old.map((p, k) => (p === undefined ? prior[k] : p));
  const sum = mixed.reduce((a, b) => a + b, 0);
  return sum > 0 ? mixed.map((p) => p / sum) : prior;
}

function translateCurrent(
  state: RegimeState,
  model: RegimeModel,
  probabilities: readonly number[],
): HysteresisState | undefined {
  const { hysteresis, loaded } = state;
  if (hysteresis === undefined || loaded === undefined) return undefined;
  const current = model.names.indexOf(loaded.model.names[hysteresis.current]);
  if (current < 0) return startHysteresis(probabilities);
  return { current, barsInCurrent: hysteresis.barsInCurrent, barsOfChallenger: 0 };
}
