/** Coefficients that stand for choice: α of the last square, and the persistence α + β. S&P 500 2000-2013 has .088 and .989. */
const GRID = [0.05, 0.09, 0.14].flatMap((alpha) => [0.97, 0.985, 0.995].map((persistence) => ({ alpha, persistence })));

/** Returns before the recursions start from their mean square, and before a forecast is stated. */
const START_BARS = 22;
const STATED_BARS = 250;

/** Running state of the recursions; plain data. */
export interface GarchGridState {
  readonly returns: number;
  /** Mean of the squared returns so far: the long-run variance that each recursion reverts to. */
  readonly meanSquare: number;
  /** One a grid point: the forecast of the next square, and the log-likelihood of the squares so far, without its constant. */
  readonly variances: readonly number[];
  readonly logLikelihoods: readonly number[];
}

/** What is expected of the bars to come; variances a bar. */
export interface GarchGridForecast {
  readonly nextVariance: number;
  readonly meanSquare: number;
  readonly alpha: number;
  readonly persistence: number;
  readonly logLikelihood: number;
}

export function initialGarchGrid(): GarchGridState {
  return { returns: 0, meanSquare: 0, variances: [], logLikelihoods: [] };
}

/**
 * GARCH(1,1) without a fit that would need the whole history: nine recursions σ² = (1 - p) v + α r² + (p - α) σ² run side by side, v being
 * the mean square so far (variance targeting, Engle and Mezrich, 1996), and the most likely one so far speaks. O(1) a bar; uses only
 * returns up to this one. No forecast before 250 returns.
 */
export function garchGridStep(
  state: GarchGridState,
  change: number,
): { readonly state: GarchGridState; readonly forecast: GarchGridForecast | undefined } {
  const square = change * change;
  const returns = state.returns + 1;
  const meanSquare = state.meanSquare + (square - state.meanSquare) / returns;
  if (returns < START_BARS || !(meanSquare > 0))
    return { state: { ...state, returns, meanSquare }, forecast: undefined };
  const started = state.variances.length > 0;
  const logLikelihoods = GRID.map((_, g) =>
    started ? state.logLikelihoods[g] - 0.5 * (Math.log(state.variances[g]) + square / state.variances[g]) : 0,
  );
  const variances = GRID.map(({ alpha, persistence }, g) =>
    started ? (1 - persistence) * meanSquare + alpha * square + (persistence - alpha) * state.variances[g] : meanSquare,
  );
  const next = { returns, meanSquare, variances, logLikelihoods };
  return { state: next, forecast: returns < STATED_BARS ? undefined : garchGridForecast(next) };
}

/** What the most likely recursion expects; ties go to the first. */
function garchGridForecast({ meanSquare, variances, logLikelihoods }: GarchGridState): GarchGridForecast {
  const best = logLikelihoods.indexOf(Math.max(...logLikelihoods));
  return { nextVariance: variances[best], meanSquare, logLikelihood: logLikelihoods[best], ...GRID[best] };
}

/** Mean variance of the next `bars` bars: it comes back to the long run at the rate of the persistence. */
export function meanVarianceAhead({ nextVariance, meanSquare, persistence }: GarchGridForecast, bars: number): number {
  let share = 1;
  let sum = 0;
  for (let k = 0; k < bars; k++) {
    sum += share;
    share *= persistence;
  }
  return meanSquare + ((nextVariance - meanSquare) * sum) / bars;
}
