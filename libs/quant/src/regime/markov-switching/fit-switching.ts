import { invariant } from '@allostat/kernel';
import { filterSwitching, type SwitchingBeliefs } from './filter-switching';
import { fitTransition } from './fit-transition';
import { leastSquares } from './least-squares';
import type { SwitchingModel, SwitchingSample } from './switching-model';

export interface SwitchingFitOptions {
  readonly states: number;
  /** T x K memberships to start from. */
  readonly start: Float64Array;
  /** Whether each state has its own variance; default true. */
  readonly ownVariance?: boolean;
  /** Bars that the prior of a move is worth, all of them for staying; keeps a state that was hardly left from being left never. Default 0. */
  readonly priorBars?: number;
  readonly maxIterations?: number;
  /** Gain of log-likelihood below which the fit has converged; default 1e-8 relative. */
  readonly tolerance?: number;
}

export interface SwitchingFit {
  readonly model: SwitchingModel;
  readonly logLikelihood: number;
  readonly converged: boolean;
  readonly iterations: number;
}

/**
 * Maximum likelihood of a switching regression without lags of deviations (lags of y are regressors), by expectation and
 * maximisation: weighted least squares within each state, and a weighted multinomial logit of the moves on the drivers. Uses the
 * whole sample. The optimum is local: it depends on the memberships to start from.
 */
export function fitSwitching(sample: SwitchingSample, options: SwitchingFitOptions): SwitchingFit {
  const { states: k, start, maxIterations = 2000, tolerance = 1e-8 } = options;
  const n = sample.y.length;
  invariant(start.length === n * k, () => `start must have ${n} x ${k} memberships, got ${start.length}`);
  invariant(sample.regressors === undefined || sample.regressors.length === n, 'regressors need a row for each value');
  invariant(sample.drivers === undefined || sample.drivers.length === n, 'drivers need a row for each value');
  let model = maximise(sample, options, { smoothed: start, moves: movesOfMemberships(start, k) });
  let beliefs = filterSwitching(model, sample);
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    const next = maximise(sample, options, beliefs, model);
    const better = filterSwitching(next, sample);
    const gain = better.logLikelihood - beliefs.logLikelihood;
    if (Math.abs(gain) <= tolerance * (1 + Math.abs(beliefs.logLikelihood)))
      return { model: next, logLikelihood: better.logLikelihood, converged: true, iterations: iteration };
    [model, beliefs] = [next, better];
  }
  return { model, logLikelihood: beliefs.logLikelihood, converged: false, iterations: maxIterations };
}

function movesOfMemberships(start: Float64Array, k: number): Float64Array {
  const n = start.length / k;
  const moves = new Float64Array(n * k * k);
  for (let t = 1; t < n; t++)
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) moves[(t * k + i) * k + j] = start[(t - 1) * k + i] * start[t * k + j];
  return moves;
}

function maximise(
  sample: SwitchingSample,
  { states: k, ownVariance = true, priorBars = 0 }: SwitchingFitOptions,
  { smoothed, moves }: Pick<SwitchingBeliefs, 'smoothed' | 'moves'>,
  before?: SwitchingModel,
): SwitchingModel {
  const { y, regressors, drivers } = sample;
  const rows = y.map((_, t) => [1, ...(regressors?.[t] ?? [])]);
  const squares = new Float64Array(k);
  const weights = new Float64Array(k);
  const coefficients = Array.from({ length: k }, (_, state) => {
    const weight = Float64Array.from({ length: y.length }, (__, t) => smoothed[t * k + state]);
    const beta = leastSquares(rows, y, weight);
    y.forEach((value, t) => {
      const residual = value - rows[t].reduce((sum, x, m) => sum + x * beta[m], 0);
      squares[state] += weight[t] * residual * residual;
      weights[state] += weight[t];
    });
    return beta;
  });
  const pooled = squares.reduce((a, b) => a + b, 0) / y.length;
  return {
    intercepts: coefficients.map((beta) => beta[0]),
    slopes: coefficients.map((beta) => beta.slice(1)),
    lags: coefficients.map(() => []),
    // a state of a few equal values must not swallow the likelihood
    variances: coefficients.map((_, state) =>
      ownVariance ? Math.max(squares[state] / weights[state], 1e-6 * pooled) : pooled,
    ),
    transition: fitTransition(moves, k, { drivers, priorBars, start: before?.transition }),
  };
}
