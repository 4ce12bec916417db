import { invariant } from '@allostat/kernel';
import type { FourRegime } from './regime-model';

/** What distinguishes a fitted state: equity volatility (any unit) and the stock-bond correlation, absent without bonds. */
export interface StateCentroid {
  readonly volatility: number;
  readonly stockBondCorrelation?: number;
}

/** A middle state is called tightening only where stocks and bonds fall together, or nearly do. */
const TIGHTENING_CORRELATION = 0.1;

/**
 * Names states by their centroids, never by their index: the most volatile is crisis; of the others the one whose
 * stock-bond correlation is highest is tightening; of the rest the calmest is expansion and the other recovery.
 *
 * With three states, the middle one is tightening when its correlation is above .1, else recovery; with two there are only
 * expansion and crisis. Returns one name a state, all different; 1 to 4 states.
 */
export function nameStates(states: readonly StateCentroid[]): FourRegime[] {
  invariant(states.length >= 1 && states.length <= 4, () => `1 to 4 states can be named, got ${states.length}`);
  const names: FourRegime[] = states.map(() => 'expansion');
  if (states.length === 1) return names;
  const byVolatility = states.map((_, k) => k).sort((a, b) => states[a].volatility - states[b].volatility || a - b);
  const crisis = byVolatility.pop();
  invariant(crisis !== undefined, 'there are at least two states');
  names[crisis] = 'crisis';
  if (byVolatility.length === 2) {
    const middle = byVolatility[1];
    const [calm, other] = byVolatility.map((k) => states[k].stockBondCorrelation);
    const tight = calm !== undefined && other !== undefined && other > Math.max(calm, TIGHTENING_CORRELATION);
    names[middle] = tight ? 'tightening' : 'recovery';
  }
  if (byVolatility.length === 3) {
    const correlation = (k: number): number => states[k].stockBondCorrelation ?? -Infinity;
    // the calmest state stays expansion unless it alone shows the correlation
    const tightening = byVolatility.reduce((a, b) => (correlation(b) >= correlation(a) ? b : a));
    names[tightening] = 'tightening';
    const rest = byVolatility.filter((k) => k !== tightening);
    names[rest[1]] = 'recovery';
  }
  return names;
}

/** Whether one state other than the most volatile has stocks and bonds fall together: what `nameStates` calls tightening. */
export function showsTightening(states: readonly StateCentroid[]): boolean {
  const crisis = Math.max(...states.map((state) => state.volatility));
  return states.some(
    ({ volatility, stockBondCorrelation }) =>
      volatility < crisis && stockBondCorrelation !== undefined && stockBondCorrelation > TIGHTENING_CORRELATION,
  );
}
