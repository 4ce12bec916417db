import type { Universe } from '../universe/universe';
import type { Mandate } from './mandate';

const BASIS_POINT = 1e-4;

/** One-way cost of trading one unit of weight, decimal. */
export function costRate(instrumentId: string, mandate: Mandate, universe: Universe): number {
  const own = universe.instruments.find(({ id }) => id === instrumentId)?.costBps;
  return (own ?? mandate.defaultCostBps) * BASIS_POINT;
}

/** Expected cost of changing one weight, as a fraction of portfolio value: one-way rate times what is traded. */
export function tradingCost(instrumentId: string, weightChange: number, mandate: Mandate, universe: Universe): number {
  return Math.abs(weightChange) * costRate(instrumentId, mandate, universe);
}
