import { portfolioReturns, type ReturnPanel } from '../linalg/return-panel';
import { drawdownsOf } from '../risk/drawdowns';
import type { LimitStatement } from './limit-statements';
import type { PortfolioProblem } from './portfolio-problem';

/** From so many scenarios on, or from so many returns of all assets together, it pays to look at the worst ones first. */
const manyScenarios = 1000;
const manyReturns = 40_000;
/** Number of periods by which a first look samples the path of drawdowns. */
const sampledPeriods = 200;

/** The scenarios that a program looks at; a list left out means all. Whatever it skips is checked after the solve. */
export interface Screen {
  /** Scenarios that enter CVaR and the floor. */
  readonly scenarios?: Int32Array;
  /** Periods at whose ends drawdowns are measured, peaks included; returns in between are summed. */
  readonly path?: Int32Array;
  /** The path is a sample: each of its periods stands for as many as were skipped. A first look, never an answer. */
  readonly sampled?: boolean;
}

/** Mass of the largest tail of losses and of drawdowns, for problems in which screening pays. */
export interface ScreenedTails {
  readonly losses?: number;
  readonly drawdowns?: number;
}

/** What can be screened, or undefined when the problem is small or measures everything anyway. */
export function screenedTails(
  problem: PortfolioProblem,
  statements: readonly LimitStatement[],
): ScreenedTails | undefined {
  const { returns, objective, limits, confidence } = problem;
  if (returns === undefined) return undefined;
  const { periods, assets } = returns;
  if (periods < manyScenarios && periods * assets.length < manyReturns) return undefined;
  const used = (term: 'cvar' | 'floor' | 'cdar' | 'maximumDrawdown'): boolean =>
    (term !== 'floor' && (objective[term] ?? 0) > 0) || statements.some((s) => s.kind === 'risk' && s.term === term);
  const losses: number[] = [];
  if (used('cvar')) losses.push(1 - (confidence?.cvar ?? 0.95));
  if (used('floor')) losses.push(limits?.floor?.probability ?? 0.05);
  const drawdowns: number[] = [];
  if (used('cdar')) drawdowns.push(1 - (confidence?.cdar ?? 0.95));
  if (used('maximumDrawdown')) drawdowns.push(0.01);
  const pays = (tails: number[]): boolean => tails.length > 0 && Math.max(...tails) <= 0.2;
  if (!pays(losses) && !pays(drawdowns)) return undefined;
  return {
    ...(pays(losses) ? { losses: Math.max(...losses) } : {}),
    ...(pays(drawdowns) ? { drawdowns: Math.max(...drawdowns) } : {}),
  };
}

/** A first look: many of the worst scenarios of a guess, and a sample of the path. */
export function roughScreen(returns: ReturnPanel, guess: Float64Array, tails: ScreenedTails): Screen {
  const step = Math.max(1, Math.floor(returns.periods / sampledPeriods));
  const every = Int32Array.from({ length: Math.floor(returns.periods / step) }, (_, k) => (k + 1) * step - 1);
  return {
    ...(tails.losses === undefined ? {} : { scenarios: worstScenarios(returns, guess, 3 * tails.losses + 0.05) }),
    ...(tails.drawdowns === undefined ? {} : { path: every, sampled: true }),
  };
}

/** The scenarios and the stretches of the path that are bad for these weights, with some room. */
export function closeScreen(returns: ReturnPanel, weights: Float64Array, tails: ScreenedTails): Screen {
  return {
    ...(tails.losses === undefined ? {} : { scenarios: worstScenarios(returns, weights, 1.6 * tails.losses + 0.01) }),
    ...(tails.drawdowns === undefined ? {} : { path: worstPath(returns, weights, 1.6 * tails.drawdowns + 0.01) }),
  };
}

/**
 * The scenarios in which the weights lose most: `share` of all. Problems with CVaR or a floor start from these: the others do
 * not enter the measure as long as their losses stay below the threshold, which is checked after the solve.
 */
function worstScenarios(returns: ReturnPanel, weights: Float64Array, share: number): Int32Array {
  return mostOf(portfolioReturns(returns, weights), share, -1).sort();
}

/** The periods with the deepest drawdowns, and the neighbourhoods of the peaks that these are measured from. */
function worstPath(returns: ReturnPanel, weights: Float64Array, share: number): Int32Array {
  const { values, peaks } = drawdownsOf(portfolioReturns(returns, weights));
  const kept = new Set<number>();
  for (const t of mostOf(values, share, 1)) {
    kept.add(t);
    for (let near = Math.max(0, peaks[t] - 2); near <= peaks[t] + 2; near++) kept.add(near);
  }
  return Int32Array.from(kept).sort();
}

function mostOf(values: Float64Array, share: number, sign: 1 | -1): Int32Array {
  const order = Int32Array.from(values, (_, t) => t).sort((a, b) => sign * (values[b] - values[a]) || a - b);
  return order.slice(0, Math.ceil(values.length * Math.min(1, share)));
}

/**
 * Periods that a drawdown measure should have seen: deeper than `threshold` but skipped, or measured from a skipped peak.
 * `series` are returns of the portfolio, in the threshold's unit.
 */
export function overlookedPath(series: Float64Array, path: Int32Array, threshold: number): number[] {
  const { values, peaks } = drawdownsOf(series);
  const missing = new Set<number>();
  const seen = new Set(path);
  for (let t = 0; t < values.length; t++) {
    if (values[t] <= threshold + 1e-10) continue;
    missing.add(t);
    if (peaks[t] >= 0) missing.add(peaks[t]);
  }
  return [...missing].filter((t) => !seen.has(t));
}

/** The screen with what was overlooked, a list dropped when most of all is needed anyway. */
export function widenScreen(
  { scenarios, path }: Screen,
  overlooked: { readonly scenarios: readonly number[]; readonly path: readonly number[] },
  periods: number,
): Screen {
  const wide = (kept: Int32Array | undefined, more: readonly number[]): Int32Array | undefined => {
    if (kept === undefined || kept.length + more.length > 0.8 * periods) return undefined;
    return Int32Array.from([...kept, ...more]).sort();
  };
  const [losses, drawdowns] = [wide(scenarios, overlooked.scenarios), wide(path, overlooked.path)];
  return { ...(losses ? { scenarios: losses } : {}), ...(drawdowns ? { path: drawdowns } : {}) };
}
