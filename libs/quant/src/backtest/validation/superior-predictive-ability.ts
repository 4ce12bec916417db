import { invariant, type Rng } from '@allostat/kernel';

export interface SuperiorPredictiveAbility {
  /** Largest studentised mean gain over the benchmark, 0 when none gains. */
  readonly statistic: number;
  /** Probability of a statistic as large when no model beats the benchmark: Hansen's consistent recentring. */
  readonly probability: number;
  /** With every model recentred (conservative), and with the good ones only (liberal). */
  readonly upper: number;
  readonly lower: number;
  /** Position of the model with the largest statistic. */
  readonly best: number;
}

/**
 * Hansen's test for superior predictive ability: whether the best of several models really beats a benchmark, given that the best
 * of many was picked. `gains` holds one series a model, benchmark loss less model loss (or model return less benchmark
 * return), row by row. Stationary bootstrap with mean block `meanBlock`; variances by its exact kernel.
 * Hansen (2005), J. Business & Economic Statistics 23(4). Uses the whole sample: it judges, and must never choose.
 */
export function superiorPredictiveAbility(
  gains: readonly ArrayLike<number>[],
  { rng, draws = 1000, meanBlock = 21 }: { readonly rng: Rng; readonly draws?: number; readonly meanBlock?: number },
): SuperiorPredictiveAbility {
  invariant(gains.length > 0 && gains[0].length >= 20, 'give at least one model and 20 rows');
  const rows = gains[0].length;
  invariant(
    gains.every(({ length }) => length === rows),
    'all models need equally many rows',
  );
  invariant(meanBlock >= 1 && draws >= 100, 'meanBlock must be 1 or more, draws 100 or more');
  const means = gains.map((series) => meanOf(series));
  const deviations = gains.map((series, k) => Math.sqrt(longRunVariance(series, means[k], 1 / meanBlock)));
  invariant(
    deviations.every((value) => value > 0),
    'a model never differs from the benchmark; leave it out',
  );
  const root = Math.sqrt(rows);
  const scores = means.map((mean, k) => (root * mean) / deviations[k]);
  const statistic = Math.max(0, ...scores);
  const limit = -Math.sqrt(2 * Math.log(Math.log(rows)));
  // how far each model's mean is moved before it is drawn from: all of it, only where it is not clearly bad, only where it is good
  const moves = {
    upper: means,
    consistent: means.map((mean, k) => (scores[k] >= limit ? mean : 0)),
    lower: means.map((mean) => Math.max(0, mean)),
  };
  const reached = { upper: 0, consistent: 0, lower: 0 };
  const drawn = new Float64Array(gains.length);
  for (let draw = 0; draw < draws; draw++) {
    drawn.fill(0);
    let row = rng.integer(rows);
    for (let t = 0; t < rows; t++) {
      if (t > 0) row = rng.uniform() < 1 / meanBlock ? rng.integer(rows) : (row + 1) % rows;
      for (let k = 0; k < gains.length; k++) drawn[k] += gains[k][row] / rows;
    }
    for (const key of ['upper', 'consistent', 'lower'] as const) {
      let most = 0;
      for (let k = 0; k < gains.length; k++) most = Math.max(most, (root * (drawn[k] - moves[key][k])) / deviations[k]);
      if (most >= statistic) reached[key]++;
    }
  }
  return {
    statistic,
    probability: reached.consistent / draws,
    upper: reached.upper / draws,
    lower: reached.lower / draws,
    best: scores.indexOf(Math.max(...scores)),
  };
}

function meanOf(series: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < series.length; t++) sum += series[t];
  return sum / series.length;
}

/** Variance of root-n times the mean under the stationary bootstrap with restart probability `q` (Politis and Romano 1994, lemma 1). */
function longRunVariance(series: ArrayLike<number>, mean: number, q: number): number {
  const n = series.length;
  const centred = Float64Array.from({ length: n }, (_, t) => series[t] - mean);
  const lag = (k: number): number => {
    let sum = 0;
    for (let t = 0; t + k < n; t++) sum += centred[t] * centred[t + k];
    return sum / n;
  };
  let variance = lag(0);
  for (let k = 1; k < n; k++) {
    const weight = ((n - k) / n) * (1 - q) ** k + (k / n) * (1 - q) ** (n - k);
    if (weight < 1e-12) continue;
    variance += 2 * weight * lag(k);
  }
  return variance;
}
