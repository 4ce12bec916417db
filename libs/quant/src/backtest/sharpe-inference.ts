import { invariant } from '@allostat/kernel';
import { normalCdf, normalQuantile } from './normal-distribution';

const EULER = 0.5772156649015329;

/** Sharpe ratio per period (not per year) and the shape of the returns that it was measured on. */
export interface SharpeSample {
  readonly sharpe: number;
  readonly periods: number;
  readonly skewness: number;
  /** Fourth standardised moment, 3 for a normal. */
  readonly kurtosis: number;
}

/** Sharpe ratio per period of returns in excess of the risk-free rate (ddof 1), without the shape: fast, for resampling. */
export function sharpeRatio(excess: ArrayLike<number>): number {
  const periods = excess.length;
  let sum = 0;
  for (let t = 0; t < periods; t++) sum += excess[t];
  const mean = sum / periods;
  let squares = 0;
  for (let t = 0; t < periods; t++) squares += (excess[t] - mean) * (excess[t] - mean);
  invariant(squares > 0, 'returns that never change have no Sharpe ratio');
  return mean / Math.sqrt(squares / (periods - 1));
}

/** Measures returns in excess of the risk-free rate; divisor T - 1 for the Sharpe ratio, T for the shape. */
export function sharpeSample(excess: ArrayLike<number>): SharpeSample {
  const periods = excess.length;
  invariant(periods >= 3, () => `a Sharpe ratio needs at least 3 returns, got ${periods}`);
  const power = (mean: number, exponent: number): number => {
    let sum = 0;
    for (let t = 0; t < periods; t++) sum += (excess[t] - mean) ** exponent;
    return sum;
  };
  const mean = power(0, 1) / periods;
  const squares = power(mean, 2);
  invariant(squares > 0, 'returns that never change have no Sharpe ratio');
  return {
    sharpe: mean / Math.sqrt(squares / (periods - 1)),
    periods,
    skewness: power(mean, 3) / periods / (squares / periods) ** 1.5,
    kurtosis: power(mean, 4) / periods / (squares / periods) ** 2,
  };
}

/** Probability that the true Sharpe ratio exceeds `benchmark` (per period). Bailey and Lopez de Prado (2012), J. of Risk 15. */
export function probabilisticSharpe({ sharpe, periods, skewness, kurtosis }: SharpeSample, benchmark = 0): number {
  const variance = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  invariant(variance > 0, () => `skewness ${skewness} and kurtosis ${kurtosis} give no variance at ${sharpe}`);
  return normalCdf(((sharpe - benchmark) * Math.sqrt(periods - 1)) / Math.sqrt(variance));
}

/** Expected best of `trials` independent standard normals (trials >= 1; one trial expects 0). */
export function expectedMaximum(trials: number): number {
  invariant(Number.isInteger(trials) && trials >= 1, () => `trials must be 1, 2, ..., got ${trials}`);
  if (trials === 1) return 0;
  return (1 - EULER) * normalQuantile(1 - 1 / trials) + EULER * normalQuantile(1 - 1 / (trials * Math.E));
}

/**
 * Probability that the Sharpe ratio exceeds what the best of `trials` worthless strategies would have shown, given the variance of
 * Sharpe ratios over the trials (per period). Bailey and Lopez de Prado (2014), J. Portfolio Management 40(5).
 */
export function deflatedSharpe(
  sample: SharpeSample,
  { trials, varianceOfSharpes }: { readonly trials: number; readonly varianceOfSharpes: number },
): { readonly probability: number; readonly benchmark: number } {
  invariant(varianceOfSharpes >= 0, () => `varianceOfSharpes must be 0 or more, got ${varianceOfSharpes}`);
  const benchmark = Math.sqrt(varianceOfSharpes) * expectedMaximum(trials);
  return { probability: probabilisticSharpe(sample, benchmark), benchmark };
}

/** Years of returns after which a Sharpe ratio is above `benchmark` with the given confidence (both per period). */
export function minimumTrackRecordYears(
  { sharpe, skewness, kurtosis }: Omit<SharpeSample, 'periods'>,
  { benchmark, confidence, periodsPerYear }: { benchmark: number; confidence: number; periodsPerYear: number },
): number {
  invariant(sharpe > benchmark, () => `a Sharpe ratio of ${sharpe} never proves more than ${benchmark}`);
  const variance = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  return (1 + variance * (normalQuantile(confidence) / (sharpe - benchmark)) ** 2) / periodsPerYear;
}
