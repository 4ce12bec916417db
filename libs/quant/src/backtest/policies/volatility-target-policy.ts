import { invariant, halfLifeDecay } from '@allostat/kernel';
import type { MarketHistory } from '../market-history';
import { weightsInOrder, type PortfolioPolicy } from '../portfolio-policy';
import { listedAnchor, type AnchorWeights } from './anchor-policy';

export interface VolatilityTargetOptions {
  /** Where the money goes that is not in the anchor; left out, into cash. */
  readonly cashAsset?: string;
  /** Target as a share of the anchor's own long-run volatility; default 0.8. */
  readonly targetShare?: number;
  readonly halfLifeBars?: number;
  /** Relative change of exposure that is acted on between the regular dates; default 0.15. */
  readonly band?: number;
  /** Returns of the anchor that are needed before its exposure is cut; default 252. */
  readonly observationsMin?: number;
}

/**
 * An anchor held at the share of value at which its forecast volatility (exponentially weighted) meets a target relative to its own
 * volatility; never more than all of it. That volatility counts from the first day on which every fund has a return that is
 * listed when the policy is first asked (60/40 without its bonds is no 60/40); funds listed later join as they come. Uses only closes up to the decision. Make it anew
 * for each run: it keeps its estimate. Ask it every day.
 */
export function volatilityTargetPolicy(
  anchor: AnchorWeights,
  { cashAsset, targetShare = 0.8, halfLifeBars = 40, band = 0.15, observationsMin = 252 }: VolatilityTargetOptions = {},
): PortfolioPolicy {
  invariant(targetShare > 0, () => `targetShare must be above 0, got ${targetShare}`);
  const decay = halfLifeDecay(halfLifeBars);
  const seen = { row: 0, count: 0, sum: 0, squares: 0, weighted: 0, weight: 0 };
  let held: number | undefined;
  let core: readonly string[] | undefined;
  return ({ row, scheduled, assets, history }) => {
    core ??= listedFunds(anchor, history);
    for (let t = seen.row + 1; t <= row; t++) {
      const change = anchorReturn(anchor, history, { row: t, core });
      if (change === undefined) continue;
      seen.count++;
      seen.sum += change;
      seen.squares += change * change;
      seen.weighted = decay * seen.weighted + change * change;
      seen.weight = decay * seen.weight + 1;
    }
    seen.row = row;
    const exposure = seen.count < observationsMin ? 1 : exposureOf(seen, targetShare);
    const moved = held !== undefined && Math.abs(exposure / held - 1) > band;
    if (!scheduled && !moved) return undefined;
    held = exposure;
    const weights = listedAnchor(anchor, history).map((weight) => weight * exposure);
    if (cashAsset === undefined) return weights;
    const cash = weightsInOrder({ [cashAsset]: 1 - exposure }, assets);
    return weights.map((weight, i) => weight + cash[i]);
  };
}

function exposureOf(
  {
    count,
    sum,
    squares,
    weighted,
    weight,
  }: Readonly<Record<'count' | 'sum' | 'squares' | 'weighted' | 'weight', number>>,
  targetShare: number,
): number {
  const longRun = Math.sqrt((squares - (sum * sum) / count) / (count - 1));
  const forecast = Math.sqrt(weighted / weight);
  return forecast > 0 ? Math.min(1, (targetShare * longRun) / forecast) : 1;
}

/** Return of the anchor over one day, rebalanced daily over the funds with both prices; `undefined` without any of `core`. */
function anchorReturn(
  anchor: AnchorWeights,
  { assets, levels }: MarketHistory,
  { row, core }: { row: number; core: readonly string[] },
): number | undefined {
  const n = assets.length;
  let sum = 0;
  let weights = 0;
  for (const [asset, weight] of Object.entries(anchor)) {
    const i = assets.indexOf(asset);
    const change = levels[row * n + i] / levels[(row - 1) * n + i] - 1;
    if (Number.isNaN(change)) {
      if (core.includes(asset)) return undefined;
      continue;
    }
    sum += weight * change;
    weights += weight;
  }
  return weights > 0 ? sum / weights : undefined;
}

/** Funds of the anchor that have a price on the last row. */
function listedFunds(anchor: AnchorWeights, { assets, levels, dates }: MarketHistory): string[] {
  const from = (dates.length - 1) * assets.length;
  return Object.keys(anchor).filter((asset) => levels[from + assets.indexOf(asset)] > 0);
}
