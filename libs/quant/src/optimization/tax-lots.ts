import { InputError } from '@allostat/kernel';

/** Part of a holding bought together. */
export interface TaxLot {
  readonly asset: string;
  /** Weight of the lot in the portfolio today. */
  readonly weight: number;
  /** Gain per unit of today's value: (price - cost) / price; negative for a loss. */
  readonly gain: number;
  readonly longTerm: boolean;
  /** Bought inside the wash-sale window: its loss cannot be used. */
  readonly washed?: boolean;
}

/** Lots of one asset in the order in which they should be sold, each with the tax per unit of weight sold. */
export interface TaxedLots {
  readonly asset: string;
  readonly lots: readonly { readonly weight: number; readonly rate: number }[];
  /** True when a loss is to be harvested: then the asset may not be bought, or the sale would be a wash sale. */
  readonly locked: boolean;
}

/**
 * Turns lots into a convex cost of selling: cheapest lots first.
 * Losses pay (negative rate) only for assets in `harvest`, which are then locked against buying; elsewhere a loss counts
 * as untaxed, because a credit that a repurchase could claim would make the problem non-convex and the plan unlawful.
 */
export function taxedLots(
  lots: readonly TaxLot[],
  {
    shortTermRate,
    longTermRate,
    harvest = [],
  }: { readonly shortTermRate: number; readonly longTermRate: number; readonly harvest?: readonly string[] },
): readonly TaxedLots[] {
  for (const [name, rate] of [
    ['short-term', shortTermRate],
    ['long-term', longTermRate],
  ] as const) {
    if (!(rate >= 0 && rate < 1))
      throw new InputError(`the ${name} tax rate is ${rate}; it must lie in 0..1`, { field: 'tax' });
  }
  const byAsset = new Map<string, { weight: number; rate: number }[]>();
  const locked = new Set<string>();
  for (const lot of lots) {
    if (!(lot.weight > 0)) {
      throw new InputError(`a lot of ${lot.asset} has weight ${lot.weight}; it must be above 0`, { field: lot.asset });
    }
    if (!(lot.gain < 1)) {
      throw new InputError(
        `a lot of ${lot.asset} has gain ${lot.gain}; a gain per unit of value must be below 1`,
        { field: lot.asset },
        "divide by today's price, not by the cost",
      );
    }
    const rate = lot.gain * (lot.longTerm ? longTermRate : shortTermRate);
    const usable = rate < 0 && harvest.includes(lot.asset) && lot.washed !== true;
    if (usable) locked.add(lot.asset);
    byAsset.set(lot.asset, [
      ...(byAsset.get(lot.asset) ?? []),
      { weight: lot.weight, rate: usable ? rate : Math.max(0, rate) },
    ]);
  }
  return [...byAsset].map(([asset, list]) => ({
    asset,
    lots: list.sort((a, b) => a.rate - b.rate),
    locked: locked.has(asset),
  }));
}
