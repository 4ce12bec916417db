import { filterStep } from './filter-step';
import type { FourRegime, RegimeModel } from './regime-model';

const BARS_MAX = 60;
const SIGMAS_MAX = 8;
const SIGMAS_STEP = 0.25;

/** What would take the belief in a regime across one half; absent members are out of reach. */
export interface NearestFlip {
  readonly bars?: number;
  readonly feature?: string;
  readonly sigmas?: number;
}

/**
 * What would take the belief in regime `to` across one half: how many ordinary bars in a row of the other regime (bars at
 * its location), and which single return on the next bar could do it alone with the smallest move.
 *
 * `beliefs` has one probability a state. When `to` is likely already, the ordinary bars are those of `from`, else of `to`.
 * Moves are in standard deviations of the training sample, in steps of a quarter up to eight; bars go up to 60.
 */
export function nearestFlip(
  model: RegimeModel,
  beliefs: readonly number[],
  episode: { readonly from: FourRegime; readonly to: FourRegime },
): NearestFlip {
  const [from, to] = [model.names.indexOf(episode.from), model.names.indexOf(episode.to)];
  if (from < 0 || to < 0) return {};
  const likely = beliefs[to] >= 0.5;
  const flipped = (p: readonly number[]): boolean => p[to] >= 0.5 !== likely;
  const bars = barsToFlip(model, beliefs, likely ? from : to, flipped);
  return { ...(bars !== undefined && { bars }), ...moveToFlip(model, beliefs, flipped) };
}

function barsToFlip(
  model: RegimeModel,
  beliefs: readonly number[],
  ordinary: number,
  flipped: (p: readonly number[]) => boolean,
): number | undefined {
  const [returns] = model.blocks;
  const { location } = returns.emissions[ordinary];
  const values = Object.fromEntries(
    returns.features.map((feature, j) => [feature, returns.center[j] + location[j] * returns.scale[j]]),
  );
  let probabilities = beliefs;
  for (let bars = 1; bars <= BARS_MAX; bars++) {
    ({ probabilities } = filterStep(model, { probabilities }, { asOf: '', values }));
    if (flipped(probabilities)) return bars;
  }
  return undefined;
}

function moveToFlip(
  model: RegimeModel,
  beliefs: readonly number[],
  flipped: (p: readonly number[]) => boolean,
): Pick<NearestFlip, 'feature' | 'sigmas'> {
  const [{ features, center, scale }] = model.blocks;
  for (let size = 0; size <= SIGMAS_MAX; size += SIGMAS_STEP) {
    for (const sigmas of size === 0 ? [0] : [-size, size]) {
      for (const [j, feature] of features.entries()) {
        const values = { [feature]: center[j] + sigmas * scale[j] };
        if (flipped(filterStep(model, { probabilities: beliefs }, { asOf: '', values }).probabilities))
          return { feature, sigmas };
      }
    }
  }
  return {};
}
