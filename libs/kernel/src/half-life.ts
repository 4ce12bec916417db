/**
 * What is left of a weight after one period when half is left after `periods`. By exp, not by a power: engines round powers
 * differently, and the same market must give the same bytes on every version of the runtime.
 */
export function halfLifeDecay(periods: number): number {
  return Math.exp(-Math.LN2 / periods);
}
