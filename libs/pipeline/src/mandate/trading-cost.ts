import type { Universe } from '../universe/universe';
import type { Mandate } from './mandate';

const BASIS_POINT = 1e-4;

/** Expected cost of changing one weight, as a fraction of portfolio value: one-way rate times what is traded. */
export function tradingCost(instrumentId: string, weightChange: number, mandate: Mandate, universe: Universe): number {
  const own = universe.instruments.find(({ id }) => id === instrumentId)?.costBps;
  return Math.abs(weightChange) * (own ?? mandate.defaultCostBps) * BASIS_POINT;
}
