import type { IsoDate } from '@allostat/kernel';
import type { HeldLot } from './events';
import type { Holding } from './portfolio-path';

/** Units bought together, in units of the account's value at the start. */
export interface Lot {
  readonly id: string;
  readonly units: number;
  readonly cost: number;
  readonly bought: IsoDate;
}

/** An account at one time: its value (1 at the start), what it holds, and prices. */
export interface AccountView {
  readonly value: number;
  readonly holdings: readonly Holding[];
  readonly prices: Readonly<Record<string, number>>;
  readonly asOf: IsoDate;
}

/** Changes of units below this are drift of rounding, not trades. */
const UNITS_MIN = 1e-12;

/**
 * Lots after a trade: what is more than before is a lot of its own at today's price, what is less is sold from the lots with the highest
 * cost first (least gain, least tax). Lots without a price stay as they are. The first call opens the lots of what is held, at the first
 * prices that are known: what was paid before is not known.
 */
export function updateLots(lots: readonly Lot[], { value, holdings, prices, asOf }: AccountView): readonly Lot[] {
  const held = new Map(holdings.map(({ id, weight }) => [id, weight]));
  const ids = new Set([...lots.map(({ id }) => id), ...held.keys()]);
  return [...ids].sort().flatMap((id) => {
    const own = lots.filter((lot) => lot.id === id);
    const price = prices[id];
    if (price === undefined) return own;
    const weight = held.get(id);
    const wanted = weight === undefined ? 0 : (value * weight) / price; // not held any more
    const have = own.reduce((sum, { units }) => sum + units, 0);
    if (wanted > have + UNITS_MIN) return [...own, { id, units: wanted - have, cost: price, bought: asOf }];
    return wanted < have - UNITS_MIN ? sold(own, have - wanted) : own;
  });
}

function sold(lots: readonly Lot[], units: number): readonly Lot[] {
  let left = units;
  const taken = new Map<Lot, number>();
  for (const lot of [...lots].sort((a, b) => b.cost - a.cost || (a.bought < b.bought ? -1 : 1))) {
    const part = Math.min(left, lot.units);
    taken.set(lot, part);
    left -= part;
  }
  return lots.flatMap((lot) => {
    const rest = lot.units - (taken.get(lot) as number);
    return rest > UNITS_MIN ? [{ ...lot, units: rest }] : [];
  });
}

/** The lots as shares of today's value; each instrument's sum to the weight that is held of it. */
export function heldLots(lots: readonly Lot[], { holdings, prices }: Omit<AccountView, 'asOf' | 'value'>): HeldLot[] {
  return holdings.flatMap(({ id, weight }) => {
    const own = lots.filter((lot) => lot.id === id);
    const units = own.reduce((sum, lot) => sum + lot.units, 0);
    const price = prices[id];
    if (price === undefined || !(units > 0) || !(weight > 0)) return [];
    return own.map((lot) => ({
      id,
      weight: (weight * lot.units) / units,
      gain: (price - lot.cost) / price,
      bought: lot.bought,
    }));
  });
}
