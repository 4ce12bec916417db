import type { Rng } from '@allostat/kernel';
import { REGIME_DURATIONS, SIMULATED_REGIMES, type SimulatedRegime } from './regime-table';

const BARS_PER_MONTH = 21;
const SHORTEST_BARS = 40;
const DURATION_SHAPE = 3;
const FIRST_CYCLE = SIMULATED_REGIMES.length;

/**
 * Draws a semi-Markov regime path of `bars` bars: gamma durations (shape 3, at least 40 bars), jumps by the table.
 * The first cycle visits all four regimes in order, the expansion for its mean duration and the others at least for
 * theirs, so that a model trained on the first six years or so has seen enough of each.
 */
export function regimePath(bars: number, rng: Rng): SimulatedRegime[] {
  const path: SimulatedRegime[] = [];
  let regime: SimulatedRegime = 'expansion';
  for (let spell = 0; path.length < bars; spell++) {
    const drawn = drawDuration(regime, rng);
    const length = spell >= FIRST_CYCLE ? drawn : spell === 0 ? meanBars(regime) : Math.max(drawn, meanBars(regime));
    for (let i = 0; i < length && path.length < bars; i++) path.push(regime);
    regime = spell < FIRST_CYCLE - 1 ? SIMULATED_REGIMES[spell + 1] : drawNext(regime, rng);
  }
  return path;
}

const meanBars = (regime: SimulatedRegime): number => Math.round(REGIME_DURATIONS[regime].meanMonths * BARS_PER_MONTH);

function drawDuration(regime: SimulatedRegime, rng: Rng): number {
  const mean = meanBars(regime) - SHORTEST_BARS;
  return SHORTEST_BARS + Math.round((rng.gamma(DURATION_SHAPE) / DURATION_SHAPE) * mean);
}

function drawNext(regime: SimulatedRegime, rng: Rng): SimulatedRegime {
  const next = REGIME_DURATIONS[regime].next;
  let rest = rng.uniform();
  for (const candidate of SIMULATED_REGIMES) {
    rest -= next[candidate];
    if (next[candidate] > 0 && rest < 0) return candidate;
  }
  return 'expansion'; // reached only by rounding of the last probability
}
