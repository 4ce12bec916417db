// taken out of Math once: these run millions of times in a fit
const { exp, log } = Math;

/** Filtered and smoothed state probabilities and expected transitions; all but `filtered` see the whole sample: for fitting only. */
export interface Smoothed {
  readonly logLikelihood: number;
  /** T x K: probability of each state at each time given the sample up to it. */
  readonly filtered: Float64Array;
  /** T x K: probability of each state at each time given the whole sample. */
  readonly gamma: Float64Array;
  /** K x K: expected number of transitions. */
  readonly xi: Float64Array;
}

/**
 * Scaled forward-backward pass. `logDensities` is T x K (log density of each observation under each state), `transition`
 * K x K by rows, `initial` K. The largest log density of each time is taken out first, so that nothing underflows.
 */
export function forwardBackward(
  logDensities: Float64Array,
  transition: Float64Array,
  initial: ArrayLike<number>,
): Smoothed {
  const k = initial.length;
  const t = logDensities.length / k;
  const density = new Float64Array(t * k);
  const alpha = new Float64Array(t * k);
  const norm = new Float64Array(t);
  let logLikelihood = 0;
  for (let s = 0; s < t; s++) {
    let top = logDensities[s * k];
    for (let j = 1; j < k; j++) if (logDensities[s * k + j] > top) top = logDensities[s * k + j];
    let sum = 0;
    for (let j = 0; j < k; j++) {
      density[s * k + j] = exp(logDensities[s * k + j] - top);
      let prior = s === 0 ? initial[j] : 0;
      if (s > 0) for (let i = 0; i < k; i++) prior += alpha[(s - 1) * k + i] * transition[i * k + j];
      alpha[s * k + j] = prior * density[s * k + j];
      sum += alpha[s * k + j];
    }
    for (let j = 0; j < k; j++) alpha[s * k + j] /= sum;
    norm[s] = sum;
    logLikelihood += log(sum) + top;
  }
  return { logLikelihood, filtered: alpha, ...backward(alpha, density, norm, transition, k) };
}

function backward(
  alpha: Float64Array,
  density: Float64Array,
  norm: Float64Array,
  transition: Float64Array,
  k: number,
): { gamma: Float64Array; xi: Float64Array } {
  const t = norm.length;
  const gamma = Float64Array.from(alpha);
  const xi = new Float64Array(k * k);
  const beta = new Float64Array(k).fill(1);
  const ahead = new Float64Array(k);
  for (let s = t - 2; s >= 0; s--) {
    const row = (s + 1) * k;
    for (let j = 0; j < k; j++) ahead[j] = (density[row + j] * beta[j]) / norm[s + 1];
    for (let i = 0; i < k; i++) {
      const here = alpha[s * k + i];
      let sum = 0;
      for (let j = 0; j < k; j++) {
        const step = transition[i * k + j] * ahead[j];
        sum += step;
        xi[i * k + j] += here * step;
      }
      beta[i] = sum;
      gamma[s * k + i] = here * sum;
    }
  }
  return { gamma, xi };
}
