import type { Instant } from '@allostat/kernel';
import { alignStates, filterStep, initialFilterState, type RegimeModel } from '@allostat/quant';
import type { RegimeModelAligned } from './events';
import { recentFeatures } from './recent-bars';
import type { RegimeModelLoaded, RegimeState } from './regime-state';

/** Below this share of bars with the same name somebody should look at a refit before its alerts are believed. */
export const AGREEMENT_MIN = 0.9;

/**
 * Compares a model that takes over with the one before, on the bars that are kept: which state became which, on how many bars
 * both give the same name, and whether a name has moved to another state. Undefined when there is nothing to compare.
 */
export function alignModels(
  { loaded, recent }: RegimeState,
  { universeId, version, model }: RegimeModelLoaded,
  now: Instant,
): RegimeModelAligned | undefined {
  if (loaded === undefined || loaded.version === version || recent === undefined || recent.seen === 0) return undefined;
  const bars = recentFeatures(recent);
  const [before, after] = [statesOf(loaded.model, bars), statesOf(model, bars)];
  const names = { before: loaded.model.names, after: model.names };
  const { becomes, agreement } = alignStates(before, after, {
    before: names.before.length,
    after: names.after.length,
  });
  const sameName = before.filter((state, t) => names.before[state] === names.after[after[t]]).length / bars.length;
  return {
    type: 'RegimeModelAligned',
    universeId,
    fromVersion: loaded.version,
    toVersion: version,
    bars: bars.length,
    states: becomes.map((state, i) => ({
      before: names.before[i],
      ...(state !== undefined && { after: names.after[state] }),
    })),
    agreement,
    nameAgreement: sameName,
    lookAt: sameName < AGREEMENT_MIN,
    at: now,
  };
}

function statesOf(model: RegimeModel, bars: ReturnType<typeof recentFeatures>): number[] {
  let belief = initialFilterState(model);
  return bars.map(({ values }) => {
    belief = filterStep(model, belief, { asOf: '', values });
    return belief.probabilities.indexOf(Math.max(...belief.probabilities));
  });
}
