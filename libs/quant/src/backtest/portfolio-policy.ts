import { InputError } from '@allostat/kernel';
import type { MarketHistory } from './market-history';

/** What a policy knows when it decides: the close of one row and everything before it. */
export interface DecisionMoment {
  /** Row of the close, counted from the start of the history. */
  readonly row: number;
  readonly date: string;
  readonly assets: readonly string[];
  /** Rows 0 to `row`; later rows do not exist here. */
  readonly history: MarketHistory;
  /** Shares of value held in each asset at this close; what is missing to 1 is cash. */
  readonly weights: Float64Array;
  readonly value: number;
  /** Value at each close since the simulation began, this one included. */
  readonly values: Float64Array;
  /** What the policy asked for last. */
  readonly lastTarget: Float64Array | undefined;
  /** True on the rows of the regular calendar, false on the days between. */
  readonly scheduled: boolean;
}

/** Target weights in the order of the assets (the rest is cash), or `undefined` to leave the holdings alone. */
export type PortfolioPolicy = (moment: DecisionMoment) => ArrayLike<number> | undefined;

/** Asks for the same weights each time; throws `InputError` on an asset that the market does not have. */
export function fixedWeights(weights: Readonly<Record<string, number>>): PortfolioPolicy {
  return ({ assets, scheduled }) => (scheduled ? weightsInOrder(weights, assets) : undefined);
}

/** Weights by name as an array in the order of `assets`; throws `InputError` on an unknown name. */
export function weightsInOrder(weights: Readonly<Record<string, number>>, assets: readonly string[]): Float64Array {
  const out = new Float64Array(assets.length);
  for (const [asset, weight] of Object.entries(weights)) {
    const at = assets.indexOf(asset);
    if (at < 0) throw new InputError(`weights name ${asset}, which the market does not have`, { field: asset });
    out[at] = weight;
  }
  return out;
}
