import { invariant } from '@allostat/kernel';
import { nelderMead } from './nelder-mead';

/** A GARCH(1,1) with constant mean and normal errors: σ²_t = ω + α e²_{t-1} + β σ²_{t-1}. Plain data. */
export interface GarchModel {
  readonly mean: number;
  readonly omega: number;
  readonly alpha: number;
  readonly beta: number;
  readonly logLikelihood: number;
  /** Variance forecast for the bar after the sample. */
  readonly nextVariance: number;
  readonly converged: boolean;
}

export interface FitGarchOptions {
  /** Variance before the first bar: the mean square, or an exponentially weighted mean (.94) of the first 75 squares. */
  readonly backcast?: 'mean-square' | 'exponential';
}

/**
 * Fits a GARCH(1,1) by maximum likelihood to T returns (in percent for a good scale; T at least 100).
 *
 * Uses the whole sample. Deterministic. The likelihood is searched in log ω and the logits of α + β and of α's share,
 * so that every point is a stationary model.
 */
export function fitGarch(returns: readonly number[], options: FitGarchOptions = {}): GarchModel {
  invariant(returns.length >= 100, () => `need at least 100 returns, got ${returns.length}`);
  const average = returns.reduce((a, b) => a + b, 0) / returns.length;
  const variance = returns.reduce((a, b) => a + (b - average) ** 2, 0) / returns.length;
  invariant(variance > 0, 'returns do not vary');
  const backcast = options.backcast ?? 'mean-square';
  const cost = (p: readonly number[]): number => -likelihood(returns, toParameters(p), backcast).logLikelihood;
  let best = {
    point: [average, Math.log(variance * 0.05), logit(0.95), logit(0.1)],
    value: Infinity,
    converged: false,
  };
  // a fresh simplex around the optimum found so far gets the last digits
  for (let round = 0; round < 6; round++) {
    const scale = round === 0 ? 0.5 : 0.05;
    best = nelderMead(cost, best.point, { steps: [Math.sqrt(variance) * 0.1 * scale, scale, scale, scale] });
  }
  const parameters = toParameters(best.point);
  const { logLikelihood, nextVariance } = likelihood(returns, parameters, backcast);
  return { ...parameters, logLikelihood, nextVariance, converged: best.converged };
}

/** Variance `bars` ahead (1 is the next bar): reverts to ω/(1-α-β) at rate α+β. */
export function garchForecast(model: GarchModel, bars: number): number {
  invariant(Number.isInteger(bars) && bars >= 1, () => `bars must be an integer >= 1, got ${bars}`);
  const persistence = model.alpha + model.beta;
  const longRun = model.omega / (1 - persistence);
  return longRun + Math.pow(persistence, bars - 1) * (model.nextVariance - longRun);
}

type Parameters = Pick<GarchModel, 'mean' | 'omega' | 'alpha' | 'beta'>;

const logit = (p: number): number => Math.log(p / (1 - p));
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

function toParameters([mean, logOmega, persistence, share]: readonly number[]): Parameters {
  const total = logistic(persistence);
  const alpha = total * logistic(share);
  return { mean, omega: Math.exp(logOmega), alpha, beta: total - alpha };
}

function likelihood(returns: readonly number[], { mean, omega, alpha, beta }: Parameters, backcast: string) {
  const squares = returns.map((r) => (r - mean) ** 2);
  let variance =
    backcast === 'exponential' ? exponentialStart(squares) : squares.reduce((a, b) => a + b, 0) / squares.length;
  let square = variance;
  let sum = 0;
  for (const next of squares) {
    variance = omega + alpha * square + beta * variance;
    sum += Math.log(variance) + next / variance;
    square = next;
  }
  const logLikelihood = -0.5 * (returns.length * Math.log(2 * Math.PI) + sum);
  return { logLikelihood, nextVariance: omega + alpha * square + beta * variance };
}

function exponentialStart(squares: readonly number[]): number {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < Math.min(75, squares.length); i++) {
    sum += Math.pow(0.94, i) * squares[i];
    weight += Math.pow(0.94, i);
  }
  return sum / weight;
}
